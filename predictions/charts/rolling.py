"""A player's last games as bars against a line, with a rolling mean over them and his minutes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mlmodels.drawing.lines import Tick
from mlmodels.drawing.scale import Scale, round_ticks, tick_decimals
from predictions.basketball.props import side

WIDTH, HEIGHT = 560, 334
LEFT, RIGHT, TOP = 40, 10, 14
GAMES_BOTTOM = 224
MINUTES_TOP, MINUTES_BOTTOM = 252, 304
GAP = 0.22
SMALLEST = 1.5
"""A bar of nothing can still be seen."""

DATES = 4


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One game: what he counted, his minutes, and the mean over the games up to it (None where too few came before)."""

    date: date
    opponent: str
    count: int
    minutes: float
    mean: float | None


@dataclass(frozen=True, kw_only=True)
class GameBar:
    """One game's two bars. side: over, push or under the line; empty without a line."""

    outing: Outing
    side: str
    x: float
    width: float
    y: float
    height: float
    minutes_y: float
    minutes_height: float


@dataclass(frozen=True, kw_only=True)
class RollingChart:
    """Bars oldest first, in a box `width` by `height`; `line_y` is None without a line, `mean` a path."""

    bars: list[GameBar]
    line: float | None
    line_y: float | None
    mean: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    minutes_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = GAMES_BOTTOM
    minutes_top: int = MINUTES_TOP
    minutes_bottom: int = MINUTES_BOTTOM

    @property
    def over(self) -> int:
        """In how many of the games he was over the line."""
        return sum(bar.side == "over" for bar in self.bars)


def rolling_chart(outings: Sequence[Outing], *, line: float | None) -> RollingChart | None:
    """None without games. outings: oldest first."""
    if not outings:
        return None
    ticks = round_ticks(0.0, max([*(outing.count for outing in outings), line or 0.0, 1.0]), about=6)
    across = Scale(low=-0.5, high=len(outings) - 0.5, start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=0.0, high=ticks[-1], start=GAMES_BOTTOM, end=TOP)
    most = max(48.0, *(outing.minutes for outing in outings))
    minutes = Scale(low=0.0, high=most, start=MINUTES_BOTTOM, end=MINUTES_TOP)
    decimals = tick_decimals(ticks)
    return RollingChart(
        bars=[_bar(place, outing, line, across, up, minutes) for place, outing in enumerate(outings)],
        line=line,
        line_y=None if line is None else up.at(line),
        mean=_mean(outings, across, up),
        x_ticks=[Tick(at=across.at(place), text=f"{outings[place].date:%-d %b}") for place in _dated(len(outings))],
        y_ticks=[Tick(at=up.at(mark), text=f"{mark:.{decimals}f}") for mark in ticks],
        minutes_ticks=[Tick(at=minutes.at(mark), text=f"{mark:g}") for mark in (0, 24, 48)],
    )


def _bar(place: int, outing: Outing, line: float | None, across: Scale, up: Scale, minutes: Scale) -> GameBar:
    room = across.at(1) - across.at(0)
    height = max(SMALLEST, up.at(0) - up.at(outing.count))
    return GameBar(
        outing=outing,
        side="" if line is None else side(outing.count, line),
        x=round(across.at(place) - room * (1 - GAP) / 2, 2),
        width=round(room * (1 - GAP), 2),
        y=round(GAMES_BOTTOM - height, 2),
        height=round(height, 2),
        minutes_y=minutes.at(outing.minutes),
        minutes_height=round(MINUTES_BOTTOM - minutes.at(outing.minutes), 2),
    )


def _mean(outings: Sequence[Outing], across: Scale, up: Scale) -> str:
    known = [(place, outing.mean) for place, outing in enumerate(outings) if outing.mean is not None]
    return "M" + "L".join(f"{across.at(place):g} {up.at(mean):g}" for place, mean in known) if known else ""


def _dated(count: int) -> list[int]:
    """Places under which the date stands, evenly spread."""
    step = max(1, -(-count // DATES))
    return list(range(0, count, step))

"""A line with the band that it is known within, and lines to compare it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlmodels.drawing.lines import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from mlmodels.drawing.scale import Scale, round_ticks, tick_decimals

MOST_POINTS = 240
X_LABELS = 5
DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known after x: the value and the ends of its interval."""

    x: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A level that the line is read against."""

    at: float
    words: str


@dataclass(frozen=True, kw_only=True)
class BandChart:
    """Coordinates in a box `width` by `height`; the band is a closed path, cut off at the plot's edges."""

    line: str
    band: str
    references: list[Reference]
    in_words: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def band_chart(course: Sequence[Known], *, references: Sequence[Reference] = (), unit: str = "") -> BandChart | None:
    """None for fewer than two points. The y axis spans the band of the later half: at first it is as wide as can be."""
    if len(course) < 2:
        return None
    points = _thinned(course)
    later = points[len(points) // 2 :]
    levels = [reference.at for reference in references]
    ticks = round_ticks(
        min([known.low for known in later] + levels), max([known.high for known in later] + levels), about=6
    )
    across = Scale(low=points[0].x, high=points[-1].x, start=LEFT + 6, end=WIDTH - RIGHT - 6)
    up = Scale(low=ticks[0], high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)

    def place(x: float, y: float) -> str:
        return f"{across.at(x):g} {up.at(min(max(y, ticks[0]), ticks[-1])):g}"

    decimals = tick_decimals(ticks)
    upper = "L".join(place(known.x, known.high) for known in points)
    lower = "L".join(place(known.x, known.low) for known in reversed(points))
    return BandChart(
        line="M" + "L".join(place(known.x, known.value) for known in points),
        band=f"M{upper}L{lower}Z",
        in_words=_in_words(points[-1], unit),
        references=[Reference(at=up.at(reference.at), words=reference.words) for reference in references],
        x_ticks=[Tick(at=across.at(x), text=f"{x:,.0f}") for x in _labels(points)],
        y_ticks=[Tick(at=up.at(y), text=_signed(y, decimals) + unit) for y in ticks],
    )


def _thinned(course: Sequence[Known]) -> list[Known]:
    """At most `MOST_POINTS` of them, evenly spread, the first and the last among them."""
    if len(course) <= MOST_POINTS:
        return list(course)
    step = (len(course) - 1) / (MOST_POINTS - 1)
    return [course[round(place * step)] for place in range(MOST_POINTS)]


def _labels(points: Sequence[Known]) -> list[float]:
    """Round numbers of pairs within the axis."""
    marks = round_ticks(points[0].x, points[-1].x, about=X_LABELS)
    return [mark for mark in marks if points[0].x <= mark <= points[-1].x]


def _in_words(last: Known, unit: str) -> str:
    value, low, high = (_signed(each, DIGITS) + unit for each in (last.value, last.low, last.high))
    return f"After {last.x:,.0f}: {value}, between {low} and {high}."


def _signed(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}")

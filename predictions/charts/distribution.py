"""The distribution of a count as bars, over the line in one colour and under it in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlmodels.drawing.lines import Tick
from mlmodels.drawing.scale import Scale, round_ticks, tick_decimals
from predictions.basketball.props import side

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 26, 30
GAP = 0.18
"""Share of a bar's room that stays empty."""

SMALLEST = 0.0005
"""Counts in the tails are left out while each is less likely than this."""

X_LABELS = 9


@dataclass(frozen=True, kw_only=True)
class CountBar:
    """One count: its bar, its probability (0..1), that of at least so many, and its side of the line."""

    count: int
    probability: float
    at_least: float
    side: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class DistributionChart:
    """Bars in a box `width` by `height`; `line_x` and `mean_x` are where the line and the mean stand."""

    bars: list[CountBar]
    line: float
    line_x: float
    line_anchor: str
    mean_x: float
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def distribution_chart(pmf: Sequence[float], *, line: float, mean: float) -> DistributionChart | None:
    """None for an empty distribution. pmf: probability of each count from 0 on, summing to 1."""
    if not pmf:
        return None
    first, last = _shown(pmf, line)
    ticks = round_ticks(0.0, 100 * max(pmf), about=5)
    across = Scale(low=first - 0.5, high=last + 0.5, start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=0.0, high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    decimals = tick_decimals(ticks)
    line_x = across.at(line)
    return DistributionChart(
        bars=[_bar(pmf, count, line, across, up) for count in range(first, last + 1)],
        line=line,
        line_x=line_x,
        line_anchor="end" if line_x > WIDTH * 0.6 else "start",
        mean_x=across.at(mean),
        x_ticks=[Tick(at=across.at(count), text=str(count)) for count in _labels(first, last)],
        y_ticks=[Tick(at=up.at(mark), text=f"{mark:.{decimals}f}") for mark in ticks],
    )


def _shown(pmf: Sequence[float], line: float) -> tuple[int, int]:
    """The first and the last count worth a bar; the line lies between them."""
    told = [count for count, p in enumerate(pmf) if p >= SMALLEST] or list(range(len(pmf)))
    return min(told[0], int(line)), max(told[-1], int(line) + 1)


def _bar(pmf: Sequence[float], count: int, line: float, across: Scale, up: Scale) -> CountBar:
    probability = pmf[count] if count < len(pmf) else 0.0
    room = across.at(count + 0.5) - across.at(count - 0.5)
    top = up.at(100 * probability)
    return CountBar(
        count=count,
        probability=probability,
        at_least=min(1.0, sum(pmf[count:])),
        side=side(count, line),
        x=round(across.at(count - 0.5) + room * GAP / 2, 2),
        y=top,
        width=round(room * (1 - GAP), 2),
        height=round(up.at(0.0) - top, 2),
    )


def _labels(first: int, last: int) -> list[int]:
    """Whole numbers under the axis, at most `X_LABELS` or so."""
    return [
        int(mark) for mark in round_ticks(first, last, about=X_LABELS) if first <= mark <= last and mark == int(mark)
    ]

"""The reliability diagram: what was said against what came, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlmodels.drawing.scale import Scale
from predictions.intervals import wilson

if TYPE_CHECKING:
    from mlmodels.evaluation.metrics import ReliabilityBin

SIZE = 340
LEFT, RIGHT, TOP, BOTTOM = 48, 10, 10, 44
SMALLEST_DOT, LARGEST_DOT = 3.0, 8.0


@dataclass(frozen=True, kw_only=True)
class Point:
    """One bin: where it lies, how many forecasts it holds, how often they came true and between which bounds."""

    x: float
    y: float
    low_y: float
    high_y: float
    radius: float
    count: int
    said: float
    came: float
    low: float
    high: float

    @property
    def is_off(self) -> bool:
        """Whether what was said lies outside the interval of what came."""
        return not self.low <= self.said <= self.high


@dataclass(frozen=True, kw_only=True)
class ReliabilityDiagram:
    """A square with its diagonal; ticks are (coordinate, per cent)."""

    points: list[Point]
    x_ticks: list[tuple[float, int]]
    y_ticks: list[tuple[float, int]]
    left: int = LEFT
    right: int = SIZE - RIGHT
    top: int = TOP
    bottom: int = SIZE - BOTTOM
    size: int = SIZE


def reliability_diagram(bins: Sequence[ReliabilityBin]) -> ReliabilityDiagram:
    """One point a bin, its area growing with its count, with a 95 % Wilson interval."""
    across = Scale(low=0, high=1, start=LEFT, end=SIZE - RIGHT)
    up = Scale(low=0, high=1, start=SIZE - BOTTOM, end=TOP)
    most = max((one["count"] for one in bins), default=1)
    marks = (0, 20, 40, 60, 80, 100)
    return ReliabilityDiagram(
        points=[_point(one, across, up, most) for one in bins],
        x_ticks=[(across.at(mark / 100), mark) for mark in marks],
        y_ticks=[(up.at(mark / 100), mark) for mark in marks],
    )


def _point(one: ReliabilityBin, across: Scale, up: Scale, most: int) -> Point:
    low, high = wilson(one["frequency"] * one["count"], one["count"])
    radius = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * (one["count"] / most) ** 0.5
    return Point(
        x=across.at(one["mean_probability"]),
        y=up.at(one["frequency"]),
        low_y=up.at(low),
        high_y=up.at(high),
        radius=round(radius, 2),
        count=one["count"],
        said=one["mean_probability"],
        came=one["frequency"],
        low=low,
        high=high,
    )

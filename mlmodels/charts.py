"""Geometry of the charts on the staff's pages: numbers in, SVG coordinates out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlmodels.tables import number

SIDE = 320.0
LARGEST_DOT, SMALLEST_DOT = 11.0, 3.0
BAR_WIDTH = 1000.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class Dot:
    """Forecasts of about one probability: where they lie in the diagram, and their figures."""

    x: float
    y: float
    radius: float
    count: int
    said: float
    came: float


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """A reliability diagram of `side` by `side`: what was said goes right, how often it came goes up."""

    dots: tuple[Dot, ...]
    side: float = SIDE

    @property
    def points(self) -> str:
        """The line through the dots, as `<polyline points>`."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def points_apart(self) -> float:
        """How far what was said lies from what came, in percentage points: the mean over all forecasts."""
        return 100 * sum(dot.count * abs(dot.said - dot.came) for dot in self.dots) / self.forecasts

    @property
    def forecasts(self) -> int:
        return sum(dot.count for dot in self.dots)

    @property
    def ticks(self) -> list[tuple[str, float, float]]:
        """(label, place from the left, place from the top)."""
        return [(f"{tick:.0%}", tick * self.side, (1 - tick) * self.side) for tick in TICKS]


def reliability(metrics: Any) -> Reliability | None:
    """The diagram of stored bins; None where there are none. A dot's area grows with the forecasts in its bin."""
    stored = metrics.get("reliability") if isinstance(metrics, Mapping) else None
    bins = list(_readable(stored)) if isinstance(stored, list) else []
    if not bins:
        return None
    most = max(count for _, _, count in bins)
    return Reliability(
        dots=tuple(
            Dot(
                x=round(said * SIDE, 1),
                y=round((1 - came) * SIDE, 1),
                radius=round(max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(count / most)), 1),
                count=count,
                said=said,
                came=came,
            )
            for said, came, count in bins
        )
    )


def _readable(stored: Iterable[Any]) -> Iterable[tuple[float, float, int]]:
    for each in stored:
        if not isinstance(each, Mapping):
            continue
        said, came, count = (number(each.get(name)) for name in ("mean_probability", "frequency", "count"))
        if said is not None and came is not None and count:
            yield said, came, int(count)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A horizontal bar on a line of `BAR_WIDTH` units."""

    name: str
    text: str
    x: float
    width: float


def bars(values: Iterable[tuple[str, float]]) -> list[Bar]:
    """Bars from a common zero; where values of both signs occur, zero lies between them."""
    pairs = [(name, value) for name, value in values if math.isfinite(value)]
    if not pairs:
        return []
    lowest = min(0.0, min(value for _, value in pairs))
    highest = max(0.0, max(value for _, value in pairs))
    scale = BAR_WIDTH / ((highest - lowest) or 1.0)
    return [
        Bar(
            name=name,
            text=f"{value:.4g}",
            x=round((min(0.0, value) - lowest) * scale, 1),
            width=round(abs(value) * scale, 1),
        )
        for name, value in pairs
    ]

"""One value against how others lie: a dot on a band of the middle half and of nine tenths of them."""

from __future__ import annotations

from dataclasses import dataclass

from mlmodels.drawing.scale import Scale

WIDTH, HEIGHT = 240, 30
MARGIN = 9
"""Room for a dot at the edge."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How others lie: quantiles 0.05, 0.25, 0.5, 0.75 and 0.95, in the value's unit."""

    lowest: float
    low: float
    middle: float
    high: float
    highest: float


@dataclass(frozen=True, kw_only=True)
class DotAndBand:
    """Places in a box `width` by `height`; `wide` and `narrow` are (x, width) of the bands."""

    wide: tuple[float, float]
    narrow: tuple[float, float]
    middle_x: float
    dot_x: float
    width: int = WIDTH
    height: int = HEIGHT


def dot_and_band(value: float, spread: Spread) -> DotAndBand:
    """The bands fill the box; a value beyond them makes it reach farther."""
    low, high = min(spread.lowest, value), max(spread.highest, value)
    if high <= low:
        low, high = low - 1.0, high + 1.0
    across = Scale(low=low, high=high, start=MARGIN, end=WIDTH - MARGIN)
    return DotAndBand(
        wide=_band(across, spread.lowest, spread.highest),
        narrow=_band(across, spread.low, spread.high),
        middle_x=round(across.at(spread.middle), 1),
        dot_x=round(across.at(value), 1),
    )


def _band(across: Scale, low: float, high: float) -> tuple[float, float]:
    start = across.at(low)
    return round(start, 1), round(max(1.0, across.at(high) - start), 1)

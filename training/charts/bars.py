"""Bars side by side: practice by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlmodels.drawing.scale import Scale, round_ticks

WIDTH, HEIGHT = 560, 180
LEFT, BOTTOM, TOP = 40, 24, 12
GAP = 0.3
"""Share of a bar's place that stays empty."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: int


@dataclass(frozen=True, kw_only=True)
class Bars:
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    """Where each line across lies, and its number."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def bars(values: Sequence[tuple[str, int]]) -> Bars:
    """values: (label, at least 0) from left to right."""
    ticks = [round(tick) for tick in round_ticks(0, max([value for _, value in values], default=0) or 1, about=4)]
    up = Scale(low=0, high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    place = (WIDTH - LEFT) / max(len(values), 1)
    made = [
        Bar(
            x=round(LEFT + place * (number + GAP / 2), 1),
            y=up.at(value),
            width=round(place * (1 - GAP), 1),
            height=round(HEIGHT - BOTTOM - up.at(value), 1),
            middle=round(LEFT + place * (number + 0.5), 1),
            label=label,
            value=value,
        )
        for number, (label, value) in enumerate(values)
    ]
    return Bars(bars=tuple(made), ticks=tuple((up.at(tick), tick) for tick in sorted(set(ticks))))

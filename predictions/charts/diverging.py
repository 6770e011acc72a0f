"""Bars that grow from a middle line: to the left for the hosts, to the right for the guests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HALF = 100.0
SMALLEST = 1.5
"""A bar that can still be seen."""


@dataclass(frozen=True, kw_only=True)
class DivergingBar:
    """A bar in a box `2 * HALF` wide. `side`: home, away, or empty for no effect at all."""

    words: str
    effect: float
    x: float
    width: float
    side: str


def diverging_bars(effects: Sequence[tuple[str, float]]) -> list[DivergingBar]:
    """(words, effect) in their order; the strongest effect fills its half. Positive effects speak for the hosts."""
    strongest = max((abs(effect) for _, effect in effects), default=0.0)
    return [_bar(words, effect, strongest) for words, effect in effects]


def _bar(words: str, effect: float, strongest: float) -> DivergingBar:
    width = max(SMALLEST, HALF * abs(effect) / strongest) if effect else 0.0
    side = "home" if effect > 0 else "away" if effect < 0 else ""
    x = HALF - width if effect > 0 else HALF
    return DivergingBar(words=words, effect=effect, x=round(x, 2), width=round(width, 2), side=side)

"""Probabilities as whole percentages that sum to 100 where they are shown together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def whole_percentages(probabilities: Sequence[float]) -> list[int]:
    """Probabilities that sum to 1 as whole percentages that sum to 100, by largest remainders (Hamilton's method)."""
    exact = [100 * p for p in probabilities]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
    for i in by_remainder[: 100 - sum(whole)]:
        whole[i] += 1
    return whole


@dataclass(frozen=True, kw_only=True)
class Percentages:
    """Home win, draw and away win in whole per cent, summing to 100."""

    home: int
    draw: int
    away: int

    @classmethod
    def of(cls, probabilities: Mapping[str, float]) -> Percentages:
        home, draw, away = whole_percentages([probabilities[label] for label in ("home", "draw", "away")])
        return cls(home=home, draw=draw, away=away)

    @property
    def shares(self) -> dict[str, float]:
        """The rounded figures in 0..1, so that a bar and its figures agree."""
        return {"home": self.home / 100, "draw": self.draw / 100, "away": self.away / 100}

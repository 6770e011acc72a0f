"""Attack and defence strengths as they stood each Monday: Dixon–Coles refitted weekly on earlier days only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.football.rows import Played

Floats = NDArray[np.float64]

NOBODY = (1.45, 1.15)
"""Goals expected of hosts and guests before the first result is known."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to fit strengths. `goals`: the share of goals in what is fitted, the rest is shots on target."""

    name: str
    half_life_days: float
    goals: float
    prior_sd: float
    window_days: int


class WeeklyStrengths:
    """Results of the last years, and what Dixon–Coles makes of those before a given week."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = tuple(variants)
        self._days: list[int] = []
        self._pairs: list[tuple[str, str, str, int]] = []
        self._scores: list[tuple[float, float, float, float]] = []
        self._fitted: dict[str, tuple[int, Any]] = {}

    def add(self, played: Played, shot_goals: tuple[float, float]) -> None:
        """A result, in order of days, and what its shots on target would usually have brought (NaN where unknown)."""
        self._days.append(played.day)
        self._pairs.append((played.home, played.away, played.competition, played.day))
        self._scores.append((played.host.goals, played.guest.goals, *shot_goals))

    def rates(self, pairs: Sequence[tuple[str, str, str]], day: int) -> dict[str, Floats]:
        """Expected goals (n, 2) by variant of (home, away, competition) in the week of `day`."""
        until = bisect_left(self._days, monday(day))
        return {variant.name: self._rates(variant, pairs, until) for variant in self.variants}

    def _rates(self, variant: Variant, pairs: Sequence[tuple[str, str, str]], until: int) -> Floats:
        if until == 0:
            return np.tile(NOBODY, (len(pairs), 1))
        model = self._fit(variant, until)
        rates: Floats = model.rates(np.array([(*pair, 0) for pair in pairs], dtype=object))
        return rates

    def _fit(self, variant: Variant, until: int) -> Any:
        from mlmodels.estimators.dixon_coles import DixonColes

        known, model = self._fitted.get(variant.name, (-1, None))
        if known == until:
            return model
        first = bisect_left(self._days, self._days[until - 1] - variant.window_days)
        fresh = DixonColes(
            half_life_days=variant.half_life_days,
            prior_sd=variant.prior_sd,
            low_score_correction=variant.goals == 1,
        )
        # Never from the last fit: what a week's strengths are must not depend on which weeks were asked for before.
        fresh.fit(np.array(self._pairs[first:until], dtype=object), self._fitted_scores(variant, first, until))
        self._fitted[variant.name] = (until, fresh)
        return fresh

    def _fitted_scores(self, variant: Variant, first: int, until: int) -> Floats:
        scores = np.array(self._scores[first:until])
        goals, shots = scores[:, :2], scores[:, 2:]
        mixed = variant.goals * goals + (1 - variant.goals) * shots
        return np.where(np.isnan(mixed), goals, mixed)

    def to_json(self) -> dict[str, Any]:
        """The results that any variant still reads; fits are made again from them."""
        longest = max(variant.window_days for variant in self.variants)
        first = bisect_left(self._days, self._days[-1] - longest - 7) if self._days else 0
        scores = [[None if s != s else s for s in row] for row in self._scores[first:]]
        return {"pairs": [list(pair) for pair in self._pairs[first:]], "scores": scores}

    def restore(self, data: Mapping[str, Any]) -> None:
        self._pairs = [(home, away, competition, day) for home, away, competition, day in data["pairs"]]
        self._days = [pair[3] for pair in self._pairs]
        known = ([float("nan") if score is None else score for score in row] for row in data["scores"])
        self._scores = [
            (home, away, by_home_shots, by_away_shots) for home, away, by_home_shots, by_away_shots in known
        ]


def monday(day: int) -> int:
    """The ordinal of the Monday of a day's week."""
    return day - (day - 1) % 7

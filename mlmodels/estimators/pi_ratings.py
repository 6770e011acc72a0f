"""pi-ratings (Constantinou & Fenton 2013, "Determining the level of ability of football teams by dynamic ratings
based on the relative discrepancies in scores between adversaries", JQAS 9(1)), read by an ordered logit."""

from __future__ import annotations

import math
from typing import ClassVar

from mlmodels.estimators.rating_tables import RatingForecaster, RatingTable

Pi = tuple[float, float]
"""A team's rating at home and away: 0 is the average team."""


class PiTable(RatingTable[Pi]):
    """Home and away ratings of teams, in the paper's units.

    learning_rate: λ, the step of the rating of the ground played on. ground_rate: γ, the share of that step that the
    other ground's rating takes. base, scale: b = 10 and c = 3 of the paper. newcomer: (home, away) of a team that comes
    new into a running competition (the paper starts all at 0). season_regression: share of the way to 0 that ratings go
    between seasons (0 in the paper).
    """

    def __init__(
        self,
        *,
        learning_rate: float = 0.035,
        ground_rate: float = 0.7,
        base: float = 10.0,
        scale: float = 3.0,
        newcomer: Pi = (-0.3, -0.3),
        season_regression: float = 0.0,
    ) -> None:
        super().__init__()
        self.learning_rate = learning_rate
        self.ground_rate = ground_rate
        self.base = base
        self.scale = scale
        self.newcomer = newcomer
        self.season_regression = season_regression

    def difference(self, home: str, away: str, *, next_season: bool = False) -> float:
        """Expected goal difference: that of the hosts at home less that of the guests away, against an average side."""
        hosts = self.rating(home, next_season=next_season)
        guests = self.rating(away, next_season=next_season)
        return self.goal_difference(hosts[0]) - self.goal_difference(guests[1])

    def sides(self, home: str, away: str, *, next_season: bool = False) -> tuple[float, float]:
        hosts = self.rating(home, next_season=next_season)
        guests = self.rating(away, next_season=next_season)
        return self.goal_difference(hosts[0]), -self.goal_difference(guests[1])

    def goal_difference(self, rating: float) -> float:
        """ĝ = ±(b^(|R|/c) - 1), with the sign of R: expected goal difference against the average side."""
        return math.copysign(self.base ** (abs(rating) / self.scale) - 1.0, rating)

    def update(self, home: str, away: str, home_goals: float, away_goals: float) -> None:
        """Move both sides by ψ(e) = c·log10(1 + e) of the error e of the expected goal difference."""
        expected = self.difference(home, away)
        error = (home_goals - away_goals) - expected
        psi = math.copysign(self.scale * math.log10(1.0 + abs(error)), error)
        (host_home, host_away), (guest_home, guest_away) = self.rating(home), self.rating(away)
        step = psi * self.learning_rate
        self.ratings[home] = ((host_home + step, host_away + step * self.ground_rate), self.season)
        self.ratings[away] = ((guest_home - step * self.ground_rate, guest_away - step), self.season)

    def entry(self, *, new: bool) -> Pi:
        return self.newcomer if new else (0.0, 0.0)

    def after_break(self, rating: Pi) -> Pi:
        kept = 1.0 - self.season_regression
        return rating[0] * kept, rating[1] * kept


class PiRatings(RatingForecaster[PiTable]):
    """Outcome forecasts from pi-ratings; parameters as in `PiTable`, `burn_in` and `half_life_days` as in `Elo`.

    newcomer: one number for the rating at home and away.
    """

    kind: ClassVar[str] = "pi-ratings"

    def __init__(
        self,
        *,
        learning_rate: float = 0.035,
        ground_rate: float = 0.7,
        base: float = 10.0,
        scale: float = 3.0,
        newcomer: float = -0.3,
        season_regression: float = 0.0,
        burn_in: int = 150,
        half_life_days: float | None = 1500.0,
    ) -> None:
        self.learning_rate = learning_rate
        self.ground_rate = ground_rate
        self.base = base
        self.scale = scale
        self.newcomer = newcomer
        self.season_regression = season_regression
        self.burn_in = burn_in
        self.half_life_days = half_life_days

    def new_table(self) -> PiTable:
        return PiTable(
            learning_rate=self.learning_rate,
            ground_rate=self.ground_rate,
            base=self.base,
            scale=self.scale,
            newcomer=(self.newcomer, self.newcomer),
            season_regression=self.season_regression,
        )

"""Elo ratings for football (Elo 1978; in football Hvattum & Arntzen 2010, "Using ELO ratings for match result
prediction in association football"), with their goal-based step and ordered logit."""

from __future__ import annotations

from typing import ClassVar

from mlmodels.estimators.rating_tables import RatingForecaster, RatingTable


class EloRatings(RatingTable[float]):
    """Ratings in Elo points: 400 more mean odds of ten to one.

    k: step of a match drawn or won by nothing; margin_exponent: the step grows as (1 + goal margin) to this power
    (Hvattum & Arntzen's ELO_g has 1, plain Elo 0). home_advantage: points. newcomer: where a team starts that comes new
    into a running competition. season_regression: share of the way to `initial` that ratings go between seasons.

    >>> elo = EloRatings(k=20, home_advantage=0, margin_exponent=0)
    >>> elo.update("A", "B", 1, 0)
    >>> elo.rating("A"), elo.rating("B")
    (1510.0, 1490.0)
    """

    def __init__(
        self,
        *,
        k: float = 12.0,
        home_advantage: float = 65.0,
        margin_exponent: float = 0.75,
        initial: float = 1500.0,
        newcomer: float = 1420.0,
        season_regression: float = 0.1,
    ) -> None:
        super().__init__()
        self.k = k
        self.home_advantage = home_advantage
        self.margin_exponent = margin_exponent
        self.initial = initial
        self.newcomer = newcomer
        self.season_regression = season_regression

    def difference(self, home: str, away: str, *, next_season: bool = False) -> float:
        """Rating points by which the home side is ahead, home advantage included."""
        ahead = self.rating(home, next_season=next_season) - self.rating(away, next_season=next_season)
        return ahead + self.home_advantage

    def sides(self, home: str, away: str, *, next_season: bool = False) -> tuple[float, float]:
        hosts, guests = (self.rating(team, next_season=next_season) - self.initial for team in (home, away))
        return hosts, -guests

    def expected(self, home: str, away: str) -> float:
        """Expected score of the home side, 0..1, a draw counting half."""
        return float(1.0 / (1.0 + 10.0 ** (-self.difference(home, away) / 400.0)))

    def update(self, home: str, away: str, home_goals: float, away_goals: float) -> None:
        """R' = R + k (1 + |margin|)^exponent (score - expected), the guests losing what the hosts win."""
        margin = home_goals - away_goals
        score = 0.5 + 0.5 * (margin > 0) - 0.5 * (margin < 0)
        step = self.k * (1.0 + abs(margin)) ** self.margin_exponent if margin else self.k
        gain = step * (score - self.expected(home, away))
        hosts, guests = self.rating(home), self.rating(away)
        self.ratings[home] = (hosts + gain, self.season)
        self.ratings[away] = (guests - gain, self.season)

    def entry(self, *, new: bool) -> float:
        return self.newcomer if new else self.initial

    def after_break(self, rating: float) -> float:
        return rating + self.season_regression * (self.initial - rating)


class Elo(RatingForecaster[EloRatings]):
    """Outcome forecasts from Elo ratings; parameters as in `EloRatings`, and in fitting the ordered logit:

    burn_in: first matches of a competition that the logit doesn't learn from, because ratings are not yet settled.
    half_life_days: age at which a match counts half in it; None weighs all alike.
    """

    kind: ClassVar[str] = "elo"

    def __init__(
        self,
        *,
        k: float = 12.0,
        home_advantage: float = 65.0,
        margin_exponent: float = 0.75,
        initial: float = 1500.0,
        newcomer: float = 1420.0,
        season_regression: float = 0.1,
        burn_in: int = 150,
        half_life_days: float | None = 1500.0,
    ) -> None:
        self.k = k
        self.home_advantage = home_advantage
        self.margin_exponent = margin_exponent
        self.initial = initial
        self.newcomer = newcomer
        self.season_regression = season_regression
        self.burn_in = burn_in
        self.half_life_days = half_life_days

    def new_table(self) -> EloRatings:
        return EloRatings(
            k=self.k,
            home_advantage=self.home_advantage,
            margin_exponent=self.margin_exponent,
            initial=self.initial,
            newcomer=self.newcomer,
            season_regression=self.season_regression,
        )

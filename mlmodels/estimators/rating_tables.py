"""What Elo and pi ratings share: a table of teams in one competition, updated match by match, season by season."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmodels.estimators.attribution import Attribution, along_a_line
from mlmodels.estimators.likeliest import LearnsFromGoals
from mlmodels.estimators.match_rows import (
    SEASON_BREAK_DAYS,
    MatchRows,
    check_columns,
    outcomes_of,
    read_goals,
    read_matches,
    remember_columns,
)
from mlmodels.estimators.ordered_logit import OrderedLogit

Floats = NDArray[np.float64]

R = TypeVar("R")


class RatingTable(ABC, Generic[R]):
    """Ratings of one competition's teams; `season` counts the seasons begun since the first."""

    def __init__(self) -> None:
        self.season = 0
        self.ratings: dict[str, tuple[R, int]] = {}
        """Team → (rating, the season it last played in)."""

    @abstractmethod
    def difference(self, home: str, away: str, *, next_season: bool = False) -> float:
        """How much stronger the home side is expected to be, in the ratings' unit, home advantage included."""

    @abstractmethod
    def sides(self, home: str, away: str, *, next_season: bool = False) -> tuple[float, float]:
        """How far each side moves that difference from the one between two average teams."""

    @abstractmethod
    def update(self, home: str, away: str, home_goals: float, away_goals: float) -> None:
        """Learn from one match; matches are given in time order."""

    @abstractmethod
    def entry(self, *, new: bool) -> R:
        """The rating a team starts with: `new` into a running competition, or there at its beginning."""

    @abstractmethod
    def after_break(self, rating: R) -> R:
        """A rating carried into the next season."""

    def begin_season(self) -> None:
        """Teams that miss a season are newcomers when they return; the others carry their ratings over."""
        self.season += 1

    def rating(self, team: str, *, next_season: bool = False) -> R:
        """The rating a team has now, or would begin the next season with."""
        season = self.season + next_season
        known = self.ratings.get(team)
        if known is None:
            return self.entry(new=season > 0)
        rating, last = known
        if last == season:
            return rating
        return self.after_break(rating) if last == season - 1 else self.entry(new=True)

    def is_new(self, team: str) -> bool:
        """Whether the team was never seen here, or not since before the last season."""
        known = self.ratings.get(team)
        return known is None or known[1] < self.season - 1


T = TypeVar("T", bound=RatingTable[Any])


class RatingForecaster(LearnsFromGoals, BaseEstimator, Generic[T]):  # type: ignore[misc]  # scikit-learn publishes no types
    """Runs a rating table through the matches in time order and reads outcomes off the difference by ordered logit.

    X: columns home, away, competition, date in time order (or an array by position); y: goals (n, 2). A season begins
    where a competition paused for more than 45 days. Subclasses store `burn_in` and `half_life_days`. Learned:
    `tables_` (competition → table), `last_day_` (competition → day number), `logit_`.
    """

    kind: ClassVar[str]
    burn_in: int
    half_life_days: float | None

    @abstractmethod
    def new_table(self) -> T:
        """An empty table with this estimator's parameters."""

    def fit(self, X: Any, y: Any) -> Self:
        """Raises ValueError for no rows, rows out of order, or missing goals."""
        rows = read_matches(X)
        goals = read_goals(y, len(rows))
        if not len(rows):
            raise ValueError("There is no match to learn from: no rows.")
        if (np.diff(rows.day) < 0).any():
            raise ValueError("The matches are not in time order: sort them by date.")
        differences, experience = self._run(rows, goals)
        kept = experience >= self.burn_in
        kept = kept if kept.any() else np.ones(len(rows), dtype=bool)
        age = rows.day[-1] - rows.day[kept]
        weight = np.ones(len(age)) if self.half_life_days is None else 0.5 ** (age / self.half_life_days)
        self.logit_ = OrderedLogit(classes=(0, 1, 2), smoothing=1.0)
        self.logit_.fit(differences[kept, None], outcomes_of(goals[kept]), sample_weight=weight)
        remember_columns(self, X)
        return self

    def differences(self, X: Any) -> Floats:
        """(n,) expected differences of each row's sides by what was learned until the last fitted match."""
        return np.array([table.difference(*pair, next_season=rested) for table, pair, rested in self._asked(X)])

    def contributions(self, X: Any) -> Attribution:
        """What each side's rating does to the outcome; the baseline is a match of two average teams."""
        asked = list(self._asked(X))
        steps = np.array([table.sides(*pair, next_season=rested) for table, pair, rested in asked]).reshape(-1, 2)
        slope = float(self.logit_.coef_[0])
        origin = slope * (self.differences(X) - steps.sum(1))
        return along_a_line(("home_rating", "away_rating"), slope * steps, origin, self.logit_.log_probabilities_at)

    def _asked(self, X: Any) -> Iterator[tuple[T, tuple[str, str], bool]]:
        """Of each row its table, its sides, and whether a season begins with it."""
        check_is_fitted(self)
        check_columns(self, X)
        rows = read_matches(X)
        for i, (home, away, code) in enumerate(zip(rows.home, rows.away, rows.competition, strict=True)):
            table = self.tables_.get(code)
            rested = table is not None and bool(rows.day[i] - self.last_day_[code] > SEASON_BREAK_DAYS)
            yield (table or self.new_table()), (home, away), rested

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 3) of home win, draw, away win."""
        check_is_fitted(self)
        probabilities: Floats = self.logit_.predict_proba(self.differences(X)[:, None])
        return probabilities

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON."""
        check_is_fitted(self)
        competitions = {
            code: {
                "season": table.season,
                "last_day": self.last_day_[code],
                "teams": {team: [rating, season] for team, (rating, season) in sorted(table.ratings.items())},
            }
            for code, table in sorted(self.tables_.items())
        }
        return {
            "type": self.kind,
            "parameters": self.get_params(),
            "competitions": competitions,
            "logit": self.logit_.to_weights(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described; ValueError where it describes another."""
        if weights.get("type") != cls.kind:
            raise ValueError(f"These are not weights of {cls.kind} but of {weights.get('type')!r}.")
        model = cls(**weights["parameters"])
        model.tables_, model.last_day_ = {}, {}
        for code, stored in weights["competitions"].items():
            table = model.new_table()
            table.season = stored["season"]
            table.ratings = {team: (cls._rating_of(r), season) for team, (r, season) in stored["teams"].items()}
            model.tables_[code], model.last_day_[code] = table, stored["last_day"]
        model.logit_ = OrderedLogit.from_weights(weights["logit"])
        model.n_features_in_ = 4
        return model

    @staticmethod
    def _rating_of(stored: Any) -> Any:
        return tuple(stored) if isinstance(stored, list) else stored

    def _run(self, rows: MatchRows, goals: Floats) -> tuple[Floats, NDArray[np.int_]]:
        """Differences before each match, and how many matches its competition had seen by then."""
        self.tables_: dict[str, T] = {}
        self.last_day_: dict[str, float] = {}
        differences, experience = np.empty(len(rows)), np.empty(len(rows), dtype=int)
        seen: dict[str, int] = {}
        scores, day = goals.tolist(), rows.day.tolist()
        for i, (home, away, code) in enumerate(zip(rows.home, rows.away, rows.competition, strict=True)):
            table = self.tables_.get(code)
            if table is None:
                table = self.tables_[code] = self.new_table()
            elif day[i] - self.last_day_[code] > SEASON_BREAK_DAYS:
                table.begin_season()
            differences[i], experience[i] = table.difference(home, away), seen.get(code, 0)
            table.update(home, away, *scores[i])
            seen[code], self.last_day_[code] = seen.get(code, 0) + 1, day[i]
        return differences, experience

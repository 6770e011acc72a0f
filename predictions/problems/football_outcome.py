"""Who wins a football match: home, draw or away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from mlmodels.problem import (
    Choice,
    Forecast,
    Kind,
    Metric,
    Offers,
    Problem,
    Progress,
    Result,
    Snapshot,
    register,
    silent,
)
from predictions.choosing import chosen, is_simulated
from predictions.football import (
    choosing,
    explaining,
    forecasting,
    loading,
    naming,
    offering,
    outcomes,
    serving_state,
    telling,
)
from predictions.football.algorithms import ALGORITHMS
from predictions.football.markets import LABELS
from predictions.football.metrics import METRICS
from predictions.football.rows import Fixture
from predictions.source_health import source_health

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.problem import Algorithm, SourceHealth
    from mlmodels.selection import Selection


@register
class FootballOutcome(Problem):
    """Subjects are `Fixture`s; references are {"match": id} or {"home", "away", "competition", "date"}."""

    slug = "football-outcome"
    title = "Football outcome"
    sport = "football"
    kind = Kind.CLASSIFICATION
    labels = LABELS
    outcome_column = "outcome"
    metrics: ClassVar[tuple[Metric, ...]] = METRICS
    algorithms: ClassVar[tuple[Algorithm, ...]] = ALGORITHMS
    default_algorithm = "dixon-coles"
    unit = "matches"
    bookmakers = offering.BOOKMAKERS

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        """Examples of the selection; all earlier matches of the same competitions feed their ratings and form.

        Columns: subject, event_at, competition, season, home, away, date, features, home_goals, away_goals, outcome,
        market_open_* and market_close_* (de-vigged by Shin's method; opening: Pinnacle's first price, else the
        average, else Bet365's; closing: Pinnacle's, else the average; NaN where none is there).
        """
        return loading.snapshot(selection, progress=progress)

    def fingerprint(self, selection: Selection) -> str:
        return choosing.fingerprint(selection)

    def featurise(self, subjects: Sequence[Fixture], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        return serving_state.featurise(subjects, state=state, state_key=state_key)

    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        return forecasting.forecasts(estimator, frame)

    def subject(self, reference: Mapping[str, Any]) -> Fixture:
        """Raises UnknownSubject."""
        return naming.fixture(reference)

    def subject_reference(self, subject: Fixture) -> Mapping[str, Any]:
        return naming.reference(subject)

    def event_at(self, subject: Fixture) -> datetime:
        return subject.kickoff

    def upcoming(self, since: datetime, until: datetime) -> Sequence[Fixture]:
        return naming.upcoming(since, until)

    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        return outcomes.results(references)

    def choices(self) -> Mapping[str, Sequence[Choice]]:
        return choosing.choices()

    def count(self, selection: Selection) -> int:
        return loading.examples(selection).count()

    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        return chosen(frame, selection, subject="subject")

    def scope_of(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        return {"leagues": sorted(set(frame["competition"])), "seasons": sorted(set(frame["season"]))}

    def markets(self, probabilities: Mapping[str, float], distribution: Mapping[str, Any]) -> Mapping[str, Any]:
        """Expected goals, totals, handicaps, both to score and the likeliest scores, all off one score matrix."""
        return telling.markets_told(probabilities, distribution)

    def source_health(self, now: datetime) -> SourceHealth:
        return source_health(self.sport, now)

    def feature_in_words(self, name: str) -> str:
        return explaining.feature_in_words(name)

    def yardsticks(self, frame: pd.DataFrame) -> Mapping[str, np.ndarray]:
        """The market's probabilities, without its margin, at opening and at closing."""
        return {
            f"market-{phase}": frame[[f"market_{phase}_{label}" for label in LABELS]].to_numpy()
            for phase in ("open", "close")
        }

    def offers(self, frame: pd.DataFrame, *, book: str = "") -> Offers:
        """Opening 1X2 prices; the closing line is Pinnacle's, else the average, its margin out by Shin's method."""
        return offering.offers(frame, book=book)

    def is_simulated(self, selection: Selection) -> bool:
        return is_simulated(selection, self.sport)

"""Will a player end over or under the line: one problem a statistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from matches.models import Statistic
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
from predictions.basketball import (
    choosing,
    explaining,
    forecasting,
    loading,
    market_offers,
    measuring,
    naming,
    outcomes,
    serving_rows,
    telling,
)
from predictions.basketball.algorithms import algorithms_of
from predictions.basketball.props import FAMILY, LABELS, PlayerProp
from predictions.choosing import chosen, is_simulated
from predictions.source_health import source_health

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.problem import Algorithm, SourceHealth
    from mlmodels.selection import Selection


class PlayerProps(Problem):
    """Subjects are `PlayerProp`s; references {"match", "player", "line"}, or of a supposed game {"player", "line",
    "opponent", "home", "date"}.
    """

    family = FAMILY
    sport = "basketball"
    kind = Kind.COUNTS
    labels = LABELS
    outcome_column = "outcome"
    count_column = "count"
    metrics: ClassVar[tuple[Metric, ...]] = measuring.METRICS
    default_algorithm = "global"
    minimum_rows = 500
    unit = "players' games"
    refunds: ClassVar[tuple[str, ...]] = ("push",)
    bookmakers = market_offers.BOOKMAKERS

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        """Examples of the selection; all earlier games of the same competitions feed their features.

        Columns: subject, event_at, competition, season, date, match, player, team, opponent, features, line (the
        bookmakers' consensus, else the player's last ten to a half), line_is_market, market_over, market_push,
        market_under (without the margin; NaN where no book prices the line), count, outcome.
        """
        return loading.snapshot(selection, self.variant, progress=progress)

    def fingerprint(self, selection: Selection) -> str:
        return choosing.fingerprint(selection)

    def featurise(self, subjects: Sequence[PlayerProp], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        """The state is the table of all that was played, which every version shares."""
        return serving_rows.featurise(subjects, self.variant)

    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        return forecasting.forecasts(estimator, frame)

    def subject(self, reference: Mapping[str, Any]) -> PlayerProp:
        """Raises UnknownSubject."""
        return serving_rows.at_usual_lines([naming.prop(reference)], self.variant)[0]

    def subject_reference(self, subject: PlayerProp) -> Mapping[str, Any]:
        return naming.reference(subject)

    def example_key(self, reference: Mapping[str, Any]) -> str:
        return f"{reference['match']}:{reference['player']}" if "match" in reference else ""

    def event_at(self, subject: PlayerProp) -> datetime:
        return subject.game.tip_off

    def upcoming(self, since: datetime, until: datetime) -> Sequence[PlayerProp]:
        return serving_rows.at_usual_lines(naming.upcoming(since, until), self.variant)

    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        return outcomes.results(references, self.variant)

    def choices(self) -> Mapping[str, Sequence[Choice]]:
        return choosing.choices()

    def count(self, selection: Selection) -> int:
        return loading.count_of(selection)

    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        return chosen(frame, selection, subject="player")

    def measured(self, frame: pd.DataFrame, chosen: np.ndarray, selection: Selection) -> np.ndarray:
        """Of players with at least fifty earlier games; of whole seasons the days from the first of January on."""
        return measuring.measured(frame, chosen, selection)

    def calibration(self, probabilities: np.ndarray, outcomes: np.ndarray) -> Any:
        """Of over against under; the push between them stays."""
        from mlmodels.estimators.over_under import over_under_calibration

        return over_under_calibration(probabilities, outcomes)

    def scope_of(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        return {"leagues": sorted(set(frame["competition"])), "seasons": sorted(set(frame["season"]))}

    def markets(self, probabilities: Mapping[str, float], distribution: Mapping[str, Any]) -> Mapping[str, Any]:
        """The mean, an interval, and over and under at the lines around it, all off one distribution."""
        return telling.markets_told(distribution)

    def source_health(self, now: datetime) -> SourceHealth:
        return source_health(self.sport, now)

    def feature_in_words(self, name: str) -> str:
        return explaining.feature_in_words(name)

    def yardsticks(self, frame: pd.DataFrame) -> Mapping[str, np.ndarray]:
        """The bookmakers' probabilities at their line, without the margin."""
        table = frame[[f"market_{label}" for label in LABELS]].to_numpy()
        return {"market": table} if (table == table).any() else {}

    def offers(self, frame: pd.DataFrame, *, book: str = "") -> Offers:
        """The books' last prices at the rows' own lines; the closing line is their consensus."""
        return market_offers.offers(frame, self.variant, book=book)

    def subject_names(self, subjects: Sequence[str]) -> Mapping[str, str]:
        """Players by id."""
        return naming.player_names(subjects)

    def is_simulated(self, selection: Selection) -> bool:
        return is_simulated(selection, self.sport)


def _problem_of(statistic: Statistic) -> type[PlayerProps]:
    algorithms: tuple[Algorithm, ...] = algorithms_of(statistic)
    return type(
        f"{statistic.name.title()}Props",
        (PlayerProps,),
        {
            "slug": f"{FAMILY}-{statistic}",
            "title": f"Player props: {statistic.label.lower()}",
            "variant": str(statistic.value),
            "algorithms": algorithms,
            "__doc__": PlayerProps.__doc__,
        },
    )


for _statistic in Statistic:
    register(_problem_of(_statistic))

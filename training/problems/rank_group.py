"""At which rank would somebody play like this?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from matches.models import Playlist
from mlmodels.problem import (
    Choice,
    Forecast,
    Kind,
    Metric,
    Problem,
    Progress,
    Result,
    Snapshot,
    register,
    silent,
)
from predictions.measures import measure
from training.rocket_league import rank_rows, rank_serving
from training.rocket_league.features import BY_NAME
from training.rocket_league.player_matches import PlayerMatches, decided_at, player_matches
from training.rocket_league.rank_algorithms import ALGORITHMS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.selection import Selection


def within_one(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    """Share of rows (n,) whose likeliest class is the right one or next to it."""
    return float((abs(probabilities.argmax(1) - outcomes) <= 1).mean())


@register
class RankFromStatistics(Problem):
    """Subjects are `PlayerMatches`s; references {"player", "replays", "playlist"}.

    A rank without a match to learn from has probability 0: nobody is told a rank that the model never saw.
    """

    slug = "rank-group"
    title = "Rocket League: rank from statistics"
    sport = "rocket-league"
    kind = Kind.CLASSIFICATION
    labels = rank_serving.LABELS
    needs_every_label = False
    outcome_column = "outcome"
    group_column = "match"
    is_personal = True
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric(name="rps", title="Ranked probability score", compute=measure("rps")),
        Metric(name="log_loss", title="Log loss", compute=measure("log_loss")),
        Metric(name="accuracy", title="Accuracy", compute=measure("accuracy"), lower_is_better=False),
        Metric(name="within_one", title="Within one rank", compute=within_one, lower_is_better=False),
        Metric(name="ece", title="Calibration error", compute=measure("ece")),
    )
    algorithms = ALGORITHMS
    default_algorithm = "pool"
    minimum_rows = 300
    unit = "players' matches"

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        """Columns: subject, event_at, competition (the playlist), match, outcome, and every feature."""
        return Snapshot(frame=rank_rows.rows(selection))

    def fingerprint(self, selection: Selection) -> str:
        return rank_rows.fingerprint(selection)

    def featurise(self, subjects: Sequence[PlayerMatches], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        """A row a match, told apart by `player_matches`. Raises InsufficientData."""
        return rank_serving.featurise(subjects)

    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        return rank_serving.forecasts(estimator, frame)

    def subject(self, reference: Mapping[str, Any]) -> PlayerMatches:
        """Raises UnknownSubject."""
        return player_matches(reference)

    def subject_reference(self, subject: PlayerMatches) -> Mapping[str, Any]:
        return subject.reference

    def example_key(self, reference: Mapping[str, Any]) -> str:
        """None: a player's matches are not among those that are learned from."""
        return ""

    def event_at(self, subject: PlayerMatches) -> datetime:
        """Four weeks ahead, at midnight: by then the player may have stated a rank."""
        return decided_at()

    def upcoming(self, since: datetime, until: datetime) -> Sequence[PlayerMatches]:
        """None: ranks are told when they are asked for."""
        return ()

    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        return [rank_serving.result(reference) for reference in references]

    def choices(self) -> Mapping[str, Sequence[Choice]]:
        return rank_rows.choices()

    def count(self, selection: Selection) -> int:
        return rank_rows.count(selection)

    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        return rank_rows.chosen(frame, selection)

    def scope_of(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        return {"leagues": [Playlist(name).label for name in sorted(set(frame["competition"]))], "seasons": []}

    def is_simulated(self, selection: Selection) -> bool:
        return rank_rows.is_simulated(selection)

    def feature_in_words(self, name: str) -> str:
        return BY_NAME[name].title if name in BY_NAME else super().feature_in_words(name)

"""Which of eight categories holds a Rocket League player back, or does nothing stand out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from matches.models import Playlist, RankGroup
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
from training.rocket_league.player_matches import decided_at
from training.rocket_league.weakness import outcomes, serving, source
from training.rocket_league.weakness.algorithms import ALGORITHMS
from training.rocket_league.weakness.examples import examples
from training.rocket_league.weakness.labels import LABELS, SLUG, title_of
from training.rocket_league.weakness.player_form import PlayerForm, player_form

if TYPE_CHECKING:
    import pandas as pd

    from mlmodels.selection import Selection


@register
class Weakness(Problem):
    """Subjects are `PlayerForm`s; references {"player", "replays", "playlist", "rank_group"}.

    What is learned from are planted examples (`training.rocket_league.weakness.examples`): nobody knows the true
    weakness of a real player, and labels of a heuristic would teach the heuristic. The confidence of a forecast is the
    probability of the likeliest category, whether or not `even` is likelier still.
    """

    slug = SLUG
    title = "Rocket League: what holds a player back"
    sport = "rocket-league"
    kind = Kind.CLASSIFICATION
    labels = LABELS
    outcome_column = "outcome"
    group_column = "pool"
    is_personal = True
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric(name="log_loss", title="Log loss", compute=measure("log_loss")),
        Metric(name="brier", title="Brier score", compute=measure("brier")),
        Metric(name="accuracy", title="Accuracy", compute=measure("accuracy"), lower_is_better=False),
        Metric(
            name="macro_precision", title="Precision, macro", compute=measure("macro_precision"), lower_is_better=False
        ),
        Metric(name="macro_recall", title="Recall, macro", compute=measure("macro_recall"), lower_is_better=False),
        Metric(name="macro_f1", title="F1, macro", compute=measure("macro_f1"), lower_is_better=False),
        Metric(name="ece", title="Calibration error", compute=measure("ece")),
    )
    algorithms = ALGORITHMS
    default_algorithm = "posterior"
    minimum_rows = 1000
    unit = "planted examples"

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        """Planted examples in matches of the playlists selected.

        Columns: subject, event_at (when the newest match came in), playlist, rank_group, pool, is_simulated, strength
        (standard deviations), score_… and surprise_… by category, matches, outcome.
        """
        import pandas as pd

        source.refuse_what_does_not_apply(selection)
        ranks = source.ranked_tables(selection)
        if not ranks:
            return Snapshot(frame=pd.DataFrame())
        frame = examples(ranks, progress=progress)
        # In whole seconds, all alike: rows of no time of their own.
        came = pd.Timestamp(source.newest()).floor("s").tz_convert("UTC")
        return Snapshot(frame=frame.assign(event_at=came))

    def fingerprint(self, selection: Selection) -> str:
        return source.fingerprint()

    def featurise(self, subjects: Sequence[PlayerForm], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        """Raises InsufficientData, NoBenchmark."""
        return serving.featurise(subjects)

    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        return serving.forecasts(estimator, frame)

    def subject(self, reference: Mapping[str, Any]) -> PlayerForm:
        """Raises UnknownSubject."""
        return player_form(reference)

    def subject_reference(self, subject: PlayerForm) -> Mapping[str, Any]:
        return subject.reference

    def event_at(self, subject: PlayerForm) -> datetime:
        """Four weeks ahead, at midnight: the player's next matches decide it."""
        return decided_at()

    def upcoming(self, since: datetime, until: datetime) -> Sequence[PlayerForm]:
        """None: players are analysed when they ask."""
        return ()

    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        return [outcomes.result(reference) for reference in references]

    def choices(self) -> Mapping[str, Sequence[Choice]]:
        return source.choices()

    def count(self, selection: Selection) -> int:
        return source.count(selection)

    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        source.refuse_what_does_not_apply(selection)
        return frame["playlist"].isin(selection.competitions or frame["playlist"].unique())

    def scope_of(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        return {
            "leagues": [Playlist(name).label for name in sorted(set(frame["playlist"]))],
            "seasons": [rank.label for rank in RankGroup if rank.value in set(frame["rank_group"])],
        }

    def is_simulated(self, selection: Selection) -> bool:
        return source.is_simulated(selection)

    def feature_in_words(self, name: str) -> str:
        kind, _, category = name.partition("_")
        if kind not in {"score", "surprise"}:
            return "number of matches" if name == "matches" else super().feature_in_words(name)
        how = "mean score" if kind == "score" else "mean score in standard errors"
        return f"{title_of(category)}: {how}"

"""Do a champion's inputs, and what it says, still look like those it learned from?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from mlmodels.wording import listed
from predictions.errors import TrainingDataGone
from predictions.models import DriftEvent
from predictions.monitoring.events import last_words
from predictions.monitoring.training_tables import training_rows

if TYPE_CHECKING:
    import pandas as pd

    from mlmodels.evaluation.drift import FeatureDrift, Histogram

LONGEST = timedelta(days=365)
MOST_EVENTS = 5000
SHOWN = 15
"""Features that a report keeps, strongest evidence first."""

PROBABILITIES = "predicted probabilities"
SECONDS_A_DAY = 86_400
BINS = 10


@dataclass(frozen=True, kw_only=True)
class Live:
    """Inputs of the champion's last events, oldest first."""

    features: list[Mapping[str, Any]]
    probabilities: list[Mapping[str, float]]
    at: list[datetime]

    @property
    def names(self) -> set[str]:
        return {name for row in self.features for name in row}

    def column(self, name: str) -> list[Any]:
        return [row.get(name) for row in self.features]


@dataclass(frozen=True, kw_only=True)
class DriftCheck:
    """What comparing found; `sentence` says it to a person, also where nothing could be compared."""

    sentence: str
    features: Sequence[FeatureDrift] = ()
    window_from: datetime | None = None
    window_to: datetime | None = None
    rows: int = 0
    trained_rows: int = 0

    @property
    def drifted(self) -> list[FeatureDrift]:
        return [each for each in self.features if each.drifted]

    def to_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "rows": self.rows,
            "trained_rows": self.trained_rows,
            "compared": len(self.features),
            "window": [at.isoformat() if at else None for at in (self.window_from, self.window_to)],
            "features": [asdict(each) for each in self.features[:SHOWN]],
        }


def live_inputs(version: ModelVersion, now: datetime, *, window: int) -> Live:
    """What the version read of the events of the last `window` days, or of the last `FEWEST` where those are fewer.

    Only of events that have begun: of those to come more will be known, and that would look like drift.
    """
    from mlmodels.evaluation.drift import FEWEST

    rows = last_words(version).filter(event_at__lte=now, event_at__gt=now - LONGEST)
    recent = rows.filter(event_at__gt=now - timedelta(days=window)).count()
    newest = rows.order_by("-event_at", "-sequence").values_list("features", "probabilities", "event_at")
    found = list(newest[: min(MOST_EVENTS, max(FEWEST, recent))])[::-1]
    return Live(
        features=[features for features, _, _ in found],
        probabilities=[said for _, said, _ in found],
        at=[at for _, _, at in found],
    )


def check_drift(version: ModelVersion, problem: Problem, live: Live) -> DriftCheck:
    """Compare the live inputs with the training rows; where that is impossible the sentence says why."""
    from mlmodels.evaluation.drift import FEWEST, compare

    if len(live.at) < FEWEST:
        return DriftCheck(sentence=f"{len(live.at)} events to compare; {FEWEST} are needed.", rows=len(live.at))
    try:
        trained = training_rows(version, problem, _inputs(version, problem, live))
    except TrainingDataGone as error:
        return DriftCheck(sentence=str(error), rows=len(live.at))
    times = trained.pop(problem.time_column)
    found = compare(
        {str(name): trained[name].to_numpy() for name in trained.columns},
        _days(times),
        {str(name): live.column(str(name)) for name in trained.columns},
        [at.timestamp() / SECONDS_A_DAY for at in live.at],
        histograms=_said(version, problem, live),
    )
    return DriftCheck(
        sentence=_sentence(found, problem),
        features=found,
        window_from=live.at[0],
        window_to=live.at[-1],
        rows=len(live.at),
        trained_rows=len(trained),
    )


def keep_event(version: ModelVersion, check: DriftCheck, now: datetime) -> DriftEvent | None:
    """The day's event, written once and again as the day's checks go on; None, and none kept, without drift."""
    if not check.drifted or check.window_from is None or check.window_to is None:
        DriftEvent.objects.filter(version=version, day=now.date(), run__isnull=True).delete()
        return None
    event, _ = DriftEvent.objects.update_or_create(
        version=version,
        day=now.date(),
        defaults={
            "problem": version.problem,
            "window_from": check.window_from,
            "window_to": check.window_to,
            "rows": check.rows,
            "trained_rows": check.trained_rows,
            "features": [asdict(each) for each in check.drifted],
            "sentence": check.sentence,
        },
    )
    return event


def _inputs(version: ModelVersion, problem: Problem, live: Live) -> set[str]:
    """The recorded features that the algorithm reads; all of them where it reads none, but makes its own."""
    names = live.names
    return names & set(problem.algorithm(version.algorithm).columns) or names


def _days(times: pd.Series) -> Any:
    return times.to_numpy(dtype="datetime64[s]").astype("int64") / SECONDS_A_DAY


def _said(version: ModelVersion, problem: Problem, live: Live) -> dict[str, Histogram]:
    """The probabilities that were told, against those of the test rows, whose bins are stored with the version.

    What was ruled out, as a push at a half line, is in neither.
    """
    import numpy as np

    from mlmodels.evaluation.drift import Histogram

    stored = version.metrics.get("reliability") if isinstance(version.metrics, Mapping) else None
    if not stored:
        return {}
    trained = np.zeros(BINS, dtype=np.int64)
    for each in stored:
        trained[round(each["low"] * BINS)] = each["count"]
    told = np.array([said[label] for said in live.probabilities for label in problem.labels])
    told = told[told > 0]
    counts = np.bincount(np.minimum((told * BINS).astype(np.int64), BINS - 1), minlength=BINS)
    return {PROBABILITIES: Histogram(trained, counts, per_event=max(1, round(len(told) / len(live.probabilities))))}


def _sentence(found: Sequence[FeatureDrift], problem: Problem) -> str:
    drifted = [each for each in found if each.drifted]
    if not drifted:
        return f"None of {len(found)} compared: inputs look like those of training."
    told = listed([_told(each, problem) for each in drifted[:5]])
    more = f", and {len(drifted) - 5} more" if len(drifted) > 5 else ""
    verb = "looks" if len(drifted) == 1 else "look"
    return f"{len(drifted)} of {len(found)} compared {verb} different from training: {told}{more}."


def _told(each: FeatureDrift, problem: Problem) -> str:
    name = each.name if each.name == PROBABILITIES else problem.feature_in_words(each.name)
    if each.kind == "numbers":
        return f"{name} (mean {each.trained_mean:.3g}, now {each.mean:.3g}; shifted by {each.shift:.2f} sd)"
    return f"{name} (PSI {each.psi:.2f})"

"""What a champion said and how it turned out, as arrays in the order of the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Max, Q

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from predictions.models import Prediction, PredictionQuerySet

if TYPE_CHECKING:
    import numpy as np

CHUNK = 2000
_FIELDS = (
    "match_id",
    "sequence",
    "event_at",
    "probabilities",
    "settlement__outcome",
    "settlement__correct",
    "settlement__log_loss",
    "settlement__brier",
    "settlement__rps",
    "settlement__flat_profit",
)


@dataclass(frozen=True, kw_only=True)
class Events:
    """Settled events (n,), oldest first; days are ordinals of UTC, what is not known of one is NaN.

    groups: numbers of matches: what is said of one match several times depends on the same play.
    """

    groups: np.ndarray
    days: np.ndarray
    probabilities: np.ndarray
    outcomes: np.ndarray
    correct: np.ndarray
    log_loss: np.ndarray
    brier: np.ndarray
    rps: np.ndarray
    profit: np.ndarray

    def __len__(self) -> int:
        return len(self.days)


def last_words(version: ModelVersion) -> PredictionQuerySet:
    """Of each event the last thing that the version told users before it began."""
    shown = Prediction.objects.shown().filter(
        Q(match__isnull=True) | Q(made_at__lte=F("match__kickoff")), model_version=version
    )
    latest = shown.order_by().values("subject").annotate(last=Max("sequence")).values("last")
    found: PredictionQuerySet = Prediction.objects.filter(sequence__in=latest)
    return found


def settled_events(version: ModelVersion, problem: Problem, until: datetime) -> Events:
    """Every settled event until then that the version told users of; outcomes that the problem does not know are passed
    over.
    """
    settled = last_words(version).settled().filter(event_at__lte=until)
    rows = settled.order_by("event_at", "sequence").values_list(*_FIELDS)
    index = {label: i for i, label in enumerate(problem.labels)}
    kept = [_numbers(row, problem.labels, index) for row in rows.iterator(chunk_size=CHUNK) if row[4] in index]
    return _events(kept, len(problem.labels))


def _numbers(row: Sequence[Any], labels: Sequence[str], index: dict[str, int]) -> tuple[float, ...]:
    match, sequence, at, said, outcome, correct, *scores = row
    group = -sequence if match is None else match
    values = [float("nan") if value is None else float(value) for value in scores]
    return (group, day_of(at), index[outcome], correct, *values, *(said[label] for label in labels))


def _events(kept: Sequence[tuple[float, ...]], classes: int) -> Events:
    import numpy as np

    table = np.array(kept, dtype=float).reshape(len(kept), 8 + classes)
    return Events(
        groups=table[:, 0].astype(np.int64),
        days=table[:, 1].astype(np.int64),
        outcomes=table[:, 2].astype(np.int64),
        correct=table[:, 3],
        log_loss=table[:, 4],
        brier=table[:, 5],
        rps=table[:, 6],
        profit=table[:, 7],
        probabilities=table[:, 8:],
    )


def day_of(moment: datetime) -> int:
    return moment.astimezone(UTC).toordinal()

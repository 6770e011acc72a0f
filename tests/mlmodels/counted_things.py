"""A problem of counts without a sport: subjects that count things, each in its own way, fitted in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from mlmodels.estimators.per_subject import PerSubject
from mlmodels.problem import Algorithm, Kind, Metric, Progress, Snapshot, silent
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import FIRST_TOSS, CoinToss
from tests.mlmodels.estimators.counted import counted


class SlowOn(PerSubject):
    """Tells of each part that it begins, so that a test can kill who works on it."""

    @staticmethod
    def begins(subjects: Sequence[str]) -> None:
        """Replaced by tests."""

    def fit_part(self, X: Any, y: Any, subjects: Sequence[str], *, alive: Any = None) -> Any:
        self.begins(subjects)
        return super().fit_part(X, y, subjects, alive=alive)


def build(**parameters: Any) -> SlowOn:
    small = {"subject": "who", "trees": 4, "rounds": 4, "least_rows": 30, "subjects_in_a_part": 1}
    return SlowOn(**{**small, **parameters})


def brier(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    return float(np.mean(np.sum((probabilities - np.eye(3)[outcomes]) ** 2, axis=1)))


class CountedThings(CoinToss):
    slug = "counted-things"
    title = "Counted things"
    kind = Kind.COUNTS
    labels = ("over", "push", "under")
    count_column = "count"
    metrics = (Metric(name="brier", title="Brier", compute=brier),)
    algorithms: ClassVar[tuple[Algorithm, ...]] = (
        Algorithm(
            name="per-subject", title="Per subject", build=build, columns=("who", "form", "line"), target=("count",)
        ),
    )
    default_algorithm = "per-subject"

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        X, y = counted(subjects=6, rows=60)
        at = pd.to_datetime([FIRST_TOSS + timedelta(days=i) for i in range(len(X))], utc=True)
        outcome = np.where(y > X["line"], 0, np.where(y < X["line"], 2, 1))
        frame = X.rename(columns={"subject": "who"})
        frame = frame.assign(subject=np.arange(len(X)), event_at=at, count=y, outcome=outcome)
        return Snapshot(frame=frame, state={})

    def subject_names(self, subjects: Sequence[str]) -> Mapping[str, str]:
        return {subject: f"Counter {subject}" for subject in subjects if subject != "0"}

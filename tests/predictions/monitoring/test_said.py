"""What was told, against what was told of the test rows: outcomes that were ruled out are in neither."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np

from mlmodels.evaluation.drift import compare
from mlmodels.evaluation.metrics import reliability_bins
from mlmodels.problem import get_problem
from predictions.monitoring import drifting
from predictions.monitoring.drifting import Live

LABELS = ("over", "push", "under")


def told(events: int, *, seed: int) -> np.ndarray:
    over = np.random.default_rng(seed).uniform(0.2, 0.8, events)
    return np.column_stack([over, np.zeros(events), 1 - over])


def test_a_push_that_was_ruled_out_is_no_drift() -> None:
    tested = told(2000, seed=1)
    bins = reliability_bins(tested, np.where(tested[:, 0] > 0.5, 0, 2))
    version: Any = SimpleNamespace(metrics={"reliability": bins})
    now = told(400, seed=2)
    live = Live(
        features=[],
        probabilities=[dict(zip(LABELS, row, strict=True)) for row in now.tolist()],
        at=[datetime(2026, 3, 1, tzinfo=UTC)] * len(now),
    )
    [(name, histogram)] = drifting._said(version, get_problem("player-props-points"), live).items()
    [found] = compare({}, np.arange(2000.0), {}, np.arange(400.0) + 2000, histograms={name: histogram})
    assert (histogram.per_event, found.drifted) == (2, False)
    assert found.psi is not None
    assert abs(found.psi) < 0.05

"""The few figures of a version that these endpoints show, under the names their clients expect."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlmodels.problem import get_problem

if TYPE_CHECKING:
    from mlmodels.models import ModelVersion


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Measured on test rows, each predicted from earlier rows only; None where the problem does not measure it.

    brier_score: multi-class, 0..2. log_loss: nats. draw_accuracy: share of draws that were called, 0..1.
    rmse: root of the mean squared distance of one class's probability from 0 or 1, which is √(brier_score / classes).
    """

    brier_score: float | None
    log_loss: float | None
    draw_accuracy: float | None
    rmse: float | None


def figures_of(version: ModelVersion) -> Figures:
    """Raises UnknownProblem for a version of a problem that is no longer installed."""
    test = version.metrics.get("test", {})
    brier = test.get("brier")
    classes = len(get_problem(version.problem).labels)
    return Figures(
        brier_score=brier,
        log_loss=test.get("log_loss"),
        draw_accuracy=test.get("draw_accuracy"),
        rmse=None if brier is None else math.sqrt(brier / classes),
    )

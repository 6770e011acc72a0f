"""What football forecasts are judged by; the ranked probability score first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mlmodels.problem import Metric

if TYPE_CHECKING:
    import numpy as np


def _measure(name: str) -> Callable[[np.ndarray, np.ndarray], float]:
    def compute(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
        from mlmodels.evaluation import metrics

        return float(getattr(metrics, name)(probabilities, outcomes))

    return compute


METRICS = (
    Metric(name="rps", title="Ranked probability score", compute=_measure("rps")),
    Metric(name="log_loss", title="Log loss", compute=_measure("log_loss")),
    Metric(name="brier", title="Brier score", compute=_measure("brier")),
    Metric(name="accuracy", title="Accuracy", compute=_measure("accuracy"), lower_is_better=False),
    Metric(name="draw_accuracy", title="Draws called", compute=_measure("draw_accuracy"), lower_is_better=False),
    Metric(name="draw_log_loss", title="Log loss of draws", compute=_measure("draw_log_loss")),
    Metric(name="draw_auc", title="AUC of draws", compute=_measure("draw_auc"), lower_is_better=False),
    Metric(name="ece", title="Calibration error", compute=_measure("ece")),
)

"""What football forecasts are judged by; the ranked probability score first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlmodels.problem import Metric
from predictions.measures import measure

if TYPE_CHECKING:
    pass


METRICS = (
    Metric(name="rps", title="Ranked probability score", compute=measure("rps")),
    Metric(name="log_loss", title="Log loss", compute=measure("log_loss")),
    Metric(name="brier", title="Brier score", compute=measure("brier")),
    Metric(name="accuracy", title="Accuracy", compute=measure("accuracy"), lower_is_better=False),
    Metric(name="draw_accuracy", title="Draws called", compute=measure("draw_accuracy"), lower_is_better=False),
    Metric(name="draw_log_loss", title="Log loss of draws", compute=measure("draw_log_loss")),
    Metric(name="draw_auc", title="AUC of draws", compute=measure("draw_auc"), lower_is_better=False),
    Metric(name="ece", title="Calibration error", compute=measure("ece")),
)

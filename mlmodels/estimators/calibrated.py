"""A forecaster whose probabilities pass through a calibration learned on later data than it was fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlmodels.estimators.attribution import CALIBRATION, Attribution
from mlmodels.estimators.weights import rebuild

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class CalibratedForecaster:
    """`estimator` followed by `calibration` (anything with `transform(p) -> p`, shapes (n, k)).

    Both are already fitted; this only joins them, so there is no `fit`.
    """

    def __init__(self, estimator: Any, calibration: Any) -> None:
        self.estimator = estimator
        self.calibration = calibration

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Calibrated probabilities (n, k)."""
        probabilities: np.ndarray = self.calibration.transform(self.estimator.predict_proba(X))
        return probabilities

    def contributions(self, X: pd.DataFrame) -> Attribution:
        """Those of the estimator, and as one part more how the calibration moved them."""
        inside: Attribution = self.estimator.contributions(X)
        return inside.and_then(CALIBRATION, self.calibration.transform(inside.probabilities))

    def to_weights(self) -> dict[str, Any]:
        return {
            "type": "calibrated",
            "estimator": self.estimator.to_weights(),
            "calibration": self.calibration.to_weights(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> CalibratedForecaster:
        return cls(rebuild(weights["estimator"]), rebuild(weights["calibration"]))

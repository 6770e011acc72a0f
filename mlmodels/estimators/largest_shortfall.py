"""The plain rule: what falls short the most, measured in standard errors, if it falls short enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.attribution import softmax
from mlmodels.estimators.feature_rows import read_features
from mlmodels.estimators.likeliest import LikeliestOutcome

Floats = NDArray[np.float64]


class LargestShortfall(LikeliestOutcome, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Names the column that is lowest, or that none is low enough; how sure it is of that is learned.

    X: (n, d) measurements in standard errors, NaN where there is none; y: 0..d-1 for that column, d for none. The score
    of column k is -sharpness·x_k, that of none sharpness·enough; their softmax are the probabilities. What isn't
    measured is never named.

    Learned, by maximum likelihood: `sharpness_`, and `enough_` in standard errors.
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Raises ValueError for outcomes that are no index 0..d."""
        from scipy.optimize import minimize

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        outcomes = np.asarray(y)
        if not np.isin(outcomes, np.arange(X.shape[1] + 1)).all():
            raise ValueError(f"Outcomes are 0 to {X.shape[1]}: a column, or none of them.")
        rows, came = np.arange(len(X)), outcomes.astype(int)

        def loss(parameters: Floats) -> float:
            p = _probabilities(X, float(np.exp(parameters[0])), float(parameters[1]))
            return float(-np.log(np.maximum(p[rows, came], 1e-12)).mean())

        found = minimize(loss, np.array([0.0, 1.0]), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9})
        self.sharpness_, self.enough_ = float(np.exp(found.x[0])), float(found.x[1])
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, d + 1)."""
        check_is_fitted(self)
        return _probabilities(read_features(self, X, allow_nan=True), self.sharpness_, self.enough_)

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "largest-shortfall",
            "sharpness": self.sharpness_,
            "enough": self.enough_,
            "width": self.n_features_in_,
            "features": None if names is None else names.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls()
        model.sharpness_, model.enough_ = float(weights["sharpness"]), float(weights["enough"])
        model.n_features_in_ = int(weights["width"])
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.allow_nan = True
        return tags


def _probabilities(X: Floats, sharpness: float, enough: float) -> Floats:
    short = np.where(np.isnan(X), -np.inf, -X)
    return softmax(sharpness * np.column_stack([short, np.full(len(X), enough)]))

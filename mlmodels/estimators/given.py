"""Probabilities that come with the rows, as a member of a blend: the market's, or another model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.attribution import Attribution, log_probabilities
from mlmodels.estimators.feature_rows import read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]

GIVEN = "given_probabilities"
"""Name of the one part of which its forecasts consist."""


class GivenProbabilities(LikeliestClass, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Hands on the probabilities (n, k) that it is given as X, one column a class in the classes' order.

    A row with a NaN stays NaN: whoever reads it must do without. Learned: `classes_` only.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Raises ValueError where X has not one column a class."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        self.classes_ = np.unique(y)
        if X.shape[1] != len(self.classes_):
            raise ValueError(f"There are {X.shape[1]} columns of probabilities for {len(self.classes_)} classes.")
        return self

    def predict_proba(self, X: Any) -> Floats:
        """The given probabilities (n, k), summing to 1; NaN where one is missing."""
        check_is_fitted(self)
        rows = read_features(self, X, allow_nan=True)
        return np.asarray(rows / rows.sum(1, keepdims=True), dtype=float)

    def contributions(self, X: Any) -> Attribution:
        """One part, which leads from even odds to the given ones; NaN in rows with a NaN."""
        given = log_probabilities(self.predict_proba(X))
        even = np.full_like(given, -np.log(given.shape[1]))
        return Attribution(names=(GIVEN,), baseline=even, parts=(given - even)[:, None, :])

    def to_weights(self) -> dict[str, Any]:
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "given",
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        model = cls()
        model.classes_ = np.array(weights["classes"])
        model.n_features_in_ = len(model.classes_)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

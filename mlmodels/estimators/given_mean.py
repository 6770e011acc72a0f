"""A mean that comes with the rows: the season's average, the last ten games, a moving average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import Tags
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators.count_distribution import LEAST_MEAN
from mlmodels.estimators.feature_rows import feature_names, read_features

Floats = NDArray[np.float64]


class GivenMean(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Hands on one column of X, and where that is not known the mean of what it learned from.

    column: its name, or its number where X has no names. Learned: `mean_`, `column_` (its place).
    """

    def __init__(self, column: str | int = 0) -> None:
        self.column = column

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Raises ValueError where X has no such column."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", y_numeric=True)
        names = feature_names(self)
        if isinstance(self.column, str):
            if self.column not in names:
                raise ValueError(f"There is no column {self.column!r} to take the mean from.")
            self.column_ = names.index(self.column)
        else:
            self.column_ = int(self.column)
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        self.mean_ = float(np.average(y, weights=weight))
        return self

    def predict(self, X: Any) -> Floats:
        """(n,) the column's values."""
        check_is_fitted(self)
        given = read_features(self, X, allow_nan=True)[:, self.column_]
        return np.where(np.isfinite(given), given, self.mean_)

    def log_mean_parts(self, X: Any) -> tuple[tuple[str, ...], Floats, Floats]:
        """Names (1,), origin (n,) and parts (n, 1) of the logarithm of the mean."""
        given = np.log(np.maximum(self.predict(X), LEAST_MEAN))
        origin = np.full_like(given, np.log(max(self.mean_, LEAST_MEAN)))
        return (feature_names(self)[self.column_],), origin, (given - origin)[:, None]

    def to_weights(self) -> dict[str, Any]:
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "given-mean",
            "column": self.column,
            "place": self.column_,
            "mean": self.mean_,
            "count": self.n_features_in_,
            "features": None if names is None else names.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        model = cls(weights["column"])
        model.column_, model.mean_ = int(weights["place"]), float(weights["mean"])
        model.n_features_in_ = int(weights["count"])
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.regressor_tags.poor_score = True
        return tags

"""Numbers made fit for a regression before it: on one scale, without outliers and gaps; and classes it never met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags, get_tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators.feature_rows import read_features
from mlmodels.estimators.likeliest import LikeliestClass
from mlmodels.estimators.weights import rebuild

Floats = NDArray[np.float64]


class Tidied(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Gives a classifier standardised numbers, none farther from the mean than `farthest` deviations, NaN as the mean.

    estimator: an unfitted classifier. classes: all classes in order, where training may lack some: these have
    probability 0. None takes the classes of y.

    Learned: `mean_`, `sd_` (features,), `fitted_` (the classifier), `classes_`.
    """

    def __init__(self, estimator: Any, *, farthest: float = 3.0, classes: Sequence[int] | None = None) -> None:
        self.estimator = estimator
        self.farthest = farthest
        self.classes = classes

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """X: (n, features) numbers, NaN where not known. Raises ValueError for a class that is none of `classes`."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        seen = np.unique(y)
        self.classes_ = seen if self.classes is None else np.asarray(self.classes)
        if unknown := sorted(set(seen.tolist()) - set(self.classes_.tolist())):
            raise ValueError(f"Unknown class in y: {unknown[0]!r}.")
        self._learn_scale(X, np.asarray(_check_sample_weight(sample_weight, X, ensure_non_negative=True), dtype=float))
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        self.fitted_ = clone(self.estimator).fit(self._tidy(X), y, **weights)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        said = self.fitted_.predict_proba(self._tidy(read_features(self, X, allow_nan=True)))
        every = np.zeros((len(said), len(self.classes_)))
        every[:, np.isin(self.classes_, self.fitted_.classes_)] = said
        return every

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON, the classifier included."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "tidied",
            "estimator": self.fitted_.to_weights(),
            "parameters": {"farthest": self.farthest, "classes": None if self.classes is None else list(self.classes)},
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "mean": self.mean_.tolist(),
            "sd": self.sd_.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described. Raises ValueError for a classifier whose type is not trusted."""
        fitted = rebuild(weights["estimator"])
        model = cls(fitted, **weights["parameters"])
        model.fitted_ = fitted
        model.classes_ = np.array(weights["classes"])
        model.mean_, model.sd_ = (np.array(weights[name], dtype=float) for name in ("mean", "sd"))
        model.n_features_in_ = len(model.mean_)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def _learn_scale(self, X: Floats, weight: Floats) -> None:
        known = ~np.isnan(X) * weight[:, None]
        rows = np.where(known.sum(axis=0) > 0, known.sum(axis=0), 1.0)
        self.mean_: Floats = (known * np.nan_to_num(X)).sum(axis=0) / rows
        spread = np.sqrt((known * np.nan_to_num(X - self.mean_) ** 2).sum(axis=0) / rows)
        self.sd_: Floats = np.where(spread > 0, spread, 1.0)

    def _tidy(self, X: Floats) -> Floats:
        scaled = np.clip((X - self.mean_) / self.sd_, -self.farthest, self.farthest)
        return np.nan_to_num(scaled, nan=0.0)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.poor_score = get_tags(self.estimator).classifier_tags.poor_score
        return tags

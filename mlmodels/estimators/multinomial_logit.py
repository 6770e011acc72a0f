"""Multinomial logistic regression with a ridge (Hosmer & Lemeshow 2000, "Applied logistic regression", ch. 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators.attribution import Attribution, softmax
from mlmodels.estimators.feature_rows import feature_names, read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]


class MultinomialLogit(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """p(class) ∝ exp(intercept + x·coef), a line for each class, whatever their order.

    l2: strength of the ridge on the coefficients, which should be of inputs on one scale (see `Tidied`).

    Learned: `coef_` (classes, features), `intercept_` (classes,), `centre_` (features,), the mean input, `classes_`.
    """

    def __init__(self, *, l2: float = 1.0, max_iter: int = 2000) -> None:
        self.l2 = l2
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """X: (n, features) numbers; y: (n,) classes. Raises ValueError for fewer than two classes."""
        from sklearn.linear_model import LogisticRegression

        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"A regression needs at least 2 classes, this has one class: {self.classes_[0]!r}.")
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        found = LogisticRegression(C=1 / self.l2, max_iter=self.max_iter).fit(X, y, sample_weight=weight)
        coef, intercept = found.coef_, found.intercept_
        # Of two classes there is one line: half of it for the one and half against the other.
        two = len(self.classes_) == 2
        self.coef_: Floats = np.vstack([-coef / 2, coef / 2]) if two else coef
        self.intercept_: Floats = np.concatenate([-intercept / 2, intercept / 2]) if two else intercept
        self.centre_: Floats = X.mean(axis=0)
        self.n_iter_ = int(np.max(found.n_iter_))
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        return softmax(read_features(self, X, allow_nan=False) @ self.coef_.T + self.intercept_)

    def contributions(self, X: Any) -> Attribution:
        """Each feature's part in the way from the mean input's scores to the row's; exact."""
        check_is_fitted(self)
        rows = read_features(self, X, allow_nan=False)
        baseline = np.tile(self.intercept_ + self.coef_ @ self.centre_, (len(rows), 1))
        parts = (rows - self.centre_)[:, :, None] * self.coef_.T[None]
        return Attribution(names=feature_names(self), baseline=baseline, parts=parts)

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; the classes must be JSON-able themselves."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "multinomial-logit",
            "parameters": self.get_params(),
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "coef": self.coef_.tolist(),
            "intercept": self.intercept_.tolist(),
            "centre": self.centre_.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls(**weights["parameters"])
        model.classes_ = np.array(weights["classes"])
        model.coef_ = np.array(weights["coef"], dtype=float)
        model.intercept_ = np.array(weights["intercept"], dtype=float)
        model.centre_ = np.array(weights["centre"], dtype=float)
        model.n_features_in_ = len(model.centre_)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

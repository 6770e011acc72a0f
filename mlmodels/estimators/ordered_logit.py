"""Proportional-odds regression for ordered classes (McCullagh 1980, "Regression models for ordinal data")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators.attribution import Attribution, along_a_line, log_probabilities
from mlmodels.estimators.feature_rows import feature_names, read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


class OrderedLogit(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """P(class ≤ j) = σ(threshold_j - x·coef): one line through ordered classes.

    Fitted by Newton's method on the log likelihood, which is concave in thresholds and coefficients (Pratt 1981).
    A positive coefficient moves mass to later classes: with outcomes home, draw, away a rating difference in the
    home side's favour gets a negative one.

    l2: ridge on the coefficients of the standardised inputs. classes: all classes in order, where training may lack
    one; None takes those of y. smoothing: virtual matches of each class at the mean input, which keep a class that
    training lacks possible. missing: the number that stands for a NaN in X; None refuses NaN.

    Learned: `coef_` (features,), `thresholds_` (classes - 1,), `centre_` (features,), the mean input, `classes_`,
    `n_iter_`.
    """

    def __init__(
        self,
        *,
        l2: float = 1e-2,
        classes: Sequence[int] | None = None,
        smoothing: float = 0.0,
        missing: float | None = None,
        max_iter: int = 100,
    ) -> None:
        self.l2 = l2
        self.classes = classes
        self.smoothing = smoothing
        self.missing = missing
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """X: (n, features) numbers; y: (n,) classes. Raises ValueError for fewer than two classes."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite=self._finite())
        X = self._filled(X)
        check_classification_targets(y)
        weight = np.asarray(_check_sample_weight(sample_weight, X, ensure_non_negative=True), dtype=float)
        index = self._class_indices(y)
        k = len(self.classes_)
        mean, scale = _standardiser(X, weight)
        Z = (X - mean) / scale
        if self.smoothing > 0:
            Z = np.vstack([Z, np.zeros((k, Z.shape[1]))])
            index = np.concatenate([index, np.arange(k)])
            weight = np.concatenate([weight, np.full(k, self.smoothing)])
        thresholds, coef, self.n_iter_ = _maximise(Z, index, weight, k, self.l2, self.max_iter)
        self.coef_, self.centre_ = coef / scale, mean
        self.thresholds_ = thresholds + float(mean @ self.coef_)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        rows = self._filled(read_features(self, X, allow_nan=self.missing is not None))
        return class_probabilities(rows @ self.coef_, self.thresholds_)

    def contributions(self, X: Any) -> Attribution:
        """Each feature's share of the way from the mean input's log probabilities to the row's."""
        check_is_fitted(self)
        rows = self._filled(read_features(self, X, allow_nan=self.missing is not None))
        origin = np.full(len(rows), float(self.centre_ @ self.coef_))
        return along_a_line(feature_names(self), (rows - self.centre_) * self.coef_, origin, self.log_probabilities_at)

    def log_probabilities_at(self, eta: Floats) -> Floats:
        """Log probabilities (n, classes) where x·coef is `eta` (n,)."""
        return log_probabilities(class_probabilities(eta, self.thresholds_))

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; the classes must be JSON-able themselves."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "ordered-logit",
            "parameters": {**self.get_params(), "classes": None if self.classes is None else list(self.classes)},
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "coef": self.coef_.tolist(),
            "thresholds": self.thresholds_.tolist(),
            "centre": self.centre_.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls(**weights["parameters"])
        model.classes_ = np.array(weights["classes"])
        model.coef_ = np.array(weights["coef"], dtype=float)
        model.thresholds_ = np.array(weights["thresholds"], dtype=float)
        # Weights written before there were explanations have no centre: they are told from an input of zeros.
        model.centre_ = np.array(weights.get("centre", [0.0] * len(model.coef_)), dtype=float)
        model.n_features_in_ = len(model.coef_)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def _finite(self) -> Any:
        return True if self.missing is None else "allow-nan"

    def _filled(self, X: Floats) -> Floats:
        return X if self.missing is None else np.where(np.isnan(X), self.missing, X)

    def _class_indices(self, y: NDArray[Any]) -> Ints:
        seen, index = np.unique(y, return_inverse=True)
        if self.classes is None:
            if len(seen) < 2:
                raise ValueError(f"Ordered classes need at least 2 classes, this has one class: {seen[0]!r}.")
            self.classes_ = seen
            return np.asarray(index, dtype=int)
        self.classes_ = np.asarray(self.classes)
        position = {label: i for i, label in enumerate(self.classes_.tolist())}
        if unknown := [label for label in seen.tolist() if label not in position]:
            raise ValueError(f"Unknown class in y: {unknown[0]!r}.")
        if len(seen) < len(self.classes_) and not self.smoothing > 0:
            raise ValueError("Training lacks a class: smoothing above 0 keeps it possible.")
        return np.array([position[label] for label in seen.tolist()], dtype=int)[index]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing is not None
        # One line can't separate unordered blobs, which is what the common checks score it on.
        tags.classifier_tags.poor_score = True
        return tags


def class_probabilities(eta: Floats, thresholds: Floats) -> Floats:
    """(n, k) probabilities from x·coef (n,) and k - 1 thresholds."""
    upper = thresholds[None, :] - eta[:, None]
    cumulative = np.hstack([np.zeros((len(eta), 1)), _sigmoid(upper), np.ones((len(eta), 1))])
    p = np.maximum(np.diff(cumulative, axis=1), 0.0)
    return np.asarray(p / p.sum(1, keepdims=True), dtype=float)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)), dtype=float)


def _standardiser(X: Floats, weight: Floats) -> tuple[Floats, Floats]:
    total = weight.sum()
    if not total > 0:
        raise ValueError("All weights are 0.")
    mean = weight @ X / total
    sd = np.sqrt(weight @ (X - mean) ** 2 / total)
    return mean, np.where(sd > 1e-12 * (1 + np.abs(mean)), sd, 1.0)


def log_likelihood(parameters: Floats, Z: Floats, index: Ints, weight: Floats, k: int) -> tuple[float, Floats, Floats]:
    """Value, gradient and Hessian of Σ w log p at (thresholds, coef); minus infinity where thresholds cross."""
    free = k - 1
    thresholds, coef = parameters[:free], parameters[free:]
    if (np.diff(thresholds) <= 0).any():
        return float("-inf"), np.zeros_like(parameters), np.zeros((len(parameters), len(parameters)))
    bounds = np.concatenate([[-np.inf], thresholds, [np.inf]])
    eta = Z @ coef
    upper, lower = bounds[index + 1] - eta, bounds[index] - eta
    s_upper, s_lower = _sigmoid(upper), _sigmoid(lower)
    # σ(u) - σ(l) = σ(-l) - σ(-u): the side where both are small keeps its digits.
    p = np.where(lower > 0, _sigmoid(-lower) - _sigmoid(-upper), s_upper - s_lower)
    p = np.maximum(p, 1e-300)
    d_upper, d_lower = s_upper * (1 - s_upper), s_lower * (1 - s_lower)
    slope_u, slope_l = d_upper / p, -d_lower / p
    curve_u = d_upper * (1 - 2 * s_upper) / p - slope_u**2
    curve_l = -d_lower * (1 - 2 * s_lower) / p - slope_l**2
    design_u = np.hstack([_indicator(index, free), -Z])
    design_l = np.hstack([_indicator(index - 1, free), -Z])
    gradient = design_u.T @ (weight * slope_u) + design_l.T @ (weight * slope_l)
    crossed = design_u.T @ ((weight * -slope_u * slope_l)[:, None] * design_l)
    hessian = design_u.T @ ((weight * curve_u)[:, None] * design_u) + crossed + crossed.T
    hessian += design_l.T @ ((weight * curve_l)[:, None] * design_l)
    return float(weight @ np.log(p)), gradient, hessian


def _indicator(which: Ints, columns: int) -> Floats:
    return np.asarray(which[:, None] == np.arange(columns)[None, :], dtype=float)


def _maximise(Z: Floats, index: Ints, weight: Floats, k: int, l2: float, max_iter: int) -> tuple[Floats, Floats, int]:
    """Thresholds, coefficients and the number of Newton steps."""
    free = k - 1
    share = np.cumsum(np.bincount(index, weights=weight, minlength=k) + 1e-3)[:-1]
    share = share / (weight.sum() + k * 1e-3)
    parameters = np.concatenate([np.log(share / (1 - share)), np.zeros(Z.shape[1])])
    ridge = np.concatenate([np.zeros(free), np.full(Z.shape[1], l2)])

    def penalised(at: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, hessian = log_likelihood(at, Z, index, weight, k)
        return value - 0.5 * float(ridge @ at**2), gradient - ridge * at, hessian - np.diag(ridge)

    value, gradient, hessian = penalised(parameters)
    steps = 0
    while steps < max_iter:
        steps += 1
        step = np.linalg.solve(hessian - 1e-9 * (1 + weight.sum()) * np.eye(len(parameters)), -gradient)
        gain = float(gradient @ step)
        length = 1.0
        candidate = penalised(parameters + step)
        while not candidate[0] >= value and length > 1e-9:
            length /= 2
            candidate = penalised(parameters + length * step)
        if not candidate[0] >= value:
            break
        parameters = parameters + length * step
        value, gradient, hessian = candidate
        if gain <= 1e-12 * (1 + weight.sum()):
            break
    return parameters[:free], parameters[free:], steps

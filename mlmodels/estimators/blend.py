"""Several forecasters as one: a logarithmic pool whose weights are learned on rows that its members had not seen.

Sources: Genest & Zidek (1986), "Combining probability distributions"; Satopää et al. (2014), "Combining multiple
probability predictions using a simple logit model", for weights whose sum is free and so also calibrate the pool;
Wilks (1938), "The large-sample distribution of the likelihood ratio", for when to leave an anchor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.attribution import Attribution
from mlmodels.estimators.feature_rows import check_feature_names
from mlmodels.estimators.likeliest import LikeliestClass
from mlmodels.estimators.weights import rebuild

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

LEAST_ROWS = 200
"""With fewer held-out rows there is nothing to learn weights from: members count alike."""

PULL = 5.0
"""Strength of the pull of weights to equal ones, in rows."""

DOUBT = 0.05
"""How likely weights that improve on the anchor by chance alone may be to replace it."""

SMALLEST = 1e-12


class Blend(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """p ∝ Π member's p ^ weight.

    members: (name, unfitted classifier) pairs. columns: what of a DataFrame each member reads; None is all, as of an
    array. Rows are in time order: members are fitted on the older ones, weights are learned on the newest share
    `held_out`, and then members are fitted again on all. optional: members that may answer NaN (no price, no rating);
    such rows are pooled from the others by weights of their own. anchor: a member that is answered as it is, unless
    the held-out rows prove (by likelihood ratio) that a pool with the others is better: with an efficient market among
    the members, weights fitted freely follow noise. relearn_rows: a blend that starts from the one before keeps its
    weights until so many rows have come since they were learned.

    Learned: `classes_`, `fitted_` (name → member), `blend_alpha_` (name → weight), `alpha_without_` (the same without
    the optional members), `weights_rows_` (rows known when weights were learned).
    """

    blend_alpha_: dict[str, float]
    alpha_without_: dict[str, float]
    weights_rows_: int

    def __init__(
        self,
        members: Sequence[tuple[str, Any]],
        *,
        columns: Mapping[str, Sequence[str]] | None = None,
        optional: Sequence[str] = (),
        anchor: str | None = None,
        held_out: float = 0.15,
        relearn_rows: int = 500,
    ) -> None:
        self.members = members
        self.columns = columns
        self.optional = optional
        self.anchor = anchor
        self.held_out = held_out
        self.relearn_rows = relearn_rows

    def fit(self, X: Any, y: Any, *, start: Blend | None = None) -> Self:
        """Raises ValueError for fewer than two classes, and for an anchor that is no member."""
        if self.anchor is not None and self.anchor not in dict(self.members):
            raise ValueError(f"The anchor {self.anchor!r} is none of the members: {', '.join(dict(self.members))}.")
        checked, y = validate_data(self, X, y, dtype=None, ensure_all_finite=False)
        X = X if hasattr(X, "iloc") else checked
        check_classification_targets(y)
        self.classes_, index = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"A blend needs at least 2 classes, this has one class: {self.classes_[0]!r}.")
        if start is not None and len(y) - start.weights_rows_ < self.relearn_rows:
            self.blend_alpha_, self.alpha_without_ = start.blend_alpha_, start.alpha_without_
            self.weights_rows_ = start.weights_rows_
        else:
            self._learn_weights(X, y, index)
        self.fitted_ = self._fit_members(X, y)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        X = self._asked(X)
        tables = {name: np.log(_safe(member.predict_proba(self._of(name, X)))) for name, member in self.fitted_.items()}
        pooled = _pool(tables, self.blend_alpha_)
        missing = np.isnan(pooled).any(axis=1)
        if missing.any():
            pooled[missing] = _pool({name: tables[name][missing] for name in self.alpha_without_}, self.alpha_without_)
        return pooled

    def contributions(self, X: Any) -> Attribution:
        """Those of the members, each times its weight: a logarithmic pool adds up its members' scores.

        What several members read is one part. Exact but where a member's probability is below 1e-12. Raises
        AttributeError where a member can't tell its own.
        """
        check_is_fitted(self)
        X = self._asked(X)
        told = {name: member.contributions(self._of(name, X)) for name, member in self.fitted_.items()}
        names = tuple(dict.fromkeys(part for attribution in told.values() for part in attribution.names))
        place = {name: i for i, name in enumerate(names)}
        rows, classes = len(next(iter(told.values())).baseline), len(self.classes_)
        baseline, parts = np.zeros((rows, classes)), np.zeros((rows, len(names), classes))
        for name, weight in self._weights_by_row(told).items():
            heard = weight != 0
            baseline[heard] += weight[heard, None] * told[name].baseline[heard]
            into = [place[part] for part in told[name].names]
            parts[np.ix_(heard, into)] += weight[heard, None, None] * told[name].parts[heard]
        return Attribution(names=names, baseline=baseline, parts=parts)

    def loss_by_round(self, X: Any, y: Any, later_X: Any, later_y: Any) -> dict[str, list[float]]:
        """That of the first member which learns in rounds; empty where none does."""
        check_is_fitted(self)
        for name, member in self.members:
            if hasattr(member, "loss_by_round"):
                curve: dict[str, list[float]] = member.loss_by_round(
                    self._of(name, X), y, self._of(name, later_X), later_y
                )
                return curve
        return {}

    def _weights_by_row(self, told: Mapping[str, Attribution]) -> dict[str, Floats]:
        """(n,) by member: those without the optional members where one of all has no answer."""
        missing = np.zeros(len(next(iter(told.values())).baseline), dtype=bool)
        for name in self.blend_alpha_:
            missing |= np.isnan(told[name].scores).any(axis=1)
        return {name: np.where(missing, self.alpha_without_.get(name, 0.0), self.blend_alpha_[name]) for name in told}

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON, members included."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "blend",
            "members": {name: member.to_weights() for name, member in self.fitted_.items()},
            "columns": None if self.columns is None else {name: list(c) for name, c in self.columns.items()},
            "parameters": {
                "optional": list(self.optional),
                "anchor": self.anchor,
                "held_out": self.held_out,
                "relearn_rows": self.relearn_rows,
            },
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "feature_count": self.n_features_in_,
            "blend_alpha": self.blend_alpha_,
            "alpha_without": self.alpha_without_,
            "weights_rows": self.weights_rows_,
        }  # fmt: skip

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The blend that `to_weights` described. Raises ValueError for a member whose type is not trusted."""
        fitted = {name: rebuild(member) for name, member in weights["members"].items()}
        model = cls(list(fitted.items()), columns=weights["columns"], **weights["parameters"])
        model.fitted_ = fitted
        model.classes_ = np.array(weights["classes"])
        model.n_features_in_ = weights["feature_count"]
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        model.blend_alpha_, model.alpha_without_ = weights["blend_alpha"], weights["alpha_without"]
        model.weights_rows_ = weights["weights_rows"]
        return model

    def _learn_weights(self, X: Any, y: NDArray[Any], index: Ints) -> None:
        older = len(y) - int(len(y) * self.held_out)
        self.weights_rows_ = len(y)
        kept = [name for name, _ in self.members if name not in self.optional]
        if len(y) - older < LEAST_ROWS or len(np.unique(y[:older])) < len(self.classes_):
            self.blend_alpha_ = _start([name for name, _ in self.members], self.anchor)
            self.alpha_without_ = _start(kept, self.anchor)
            return
        early = self._fit_members(_rows(X, 0, older), y[:older])
        newer = _rows(X, older, len(y))
        tables = {name: np.log(_safe(member.predict_proba(self._of(name, newer)))) for name, member in early.items()}
        self.blend_alpha_ = _best_weights(tables, index[older:], self.anchor)
        self.alpha_without_ = _best_weights({name: tables[name] for name in kept}, index[older:], self.anchor)

    def _fit_members(self, X: Any, y: NDArray[Any]) -> dict[str, Any]:
        return {name: clone(member).fit(self._of(name, X), y) for name, member in self.members}

    def _asked(self, X: Any) -> Any:
        """Rows as the members get them; of a DataFrame only the names are checked here, the members check the rest."""
        if hasattr(X, "iloc"):
            check_feature_names(self, X)
            return X
        return validate_data(self, X, dtype=None, ensure_all_finite=False, reset=False)

    def _of(self, name: str, X: Any) -> Any:
        if self.columns is None or name not in self.columns or not hasattr(X, "loc"):
            return X
        wanted, held = list(self.columns[name]), self.feature_names_in_.tolist()
        if wanted == held:
            return X
        # By place: to look names up takes longer than most members take to predict a row.
        place = {column: i for i, column in enumerate(held)}
        return X.take([place[column] for column in wanted], axis=1)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.poor_score = True
        return tags


def _start(names: Sequence[str], anchor: str | None) -> dict[str, float]:
    """Weights before any evidence: the anchor alone, or all members alike."""
    if anchor in names:
        return {name: float(name == anchor) for name in names}
    return dict.fromkeys(names, 1 / len(names)) if names else {}


def _safe(p: Floats) -> Floats:
    return np.maximum(p, SMALLEST)


def _rows(X: Any, begin: int, end: int) -> Any:
    return X.iloc[begin:end] if hasattr(X, "iloc") else X[begin:end]


def _pool(log_tables: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Probabilities (n, k) of the pool; NaN where a member's are."""
    total = sum(weight * log_tables[name] for name, weight in weights.items())
    return _softmax(np.asarray(total, dtype=float))


def _softmax(scores: Floats) -> Floats:
    powered = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powered / powered.sum(1, keepdims=True), dtype=float)


def _best_weights(log_tables: Mapping[str, Floats], index: Ints, anchor: str | None) -> dict[str, float]:
    """Non-negative weights of greatest likelihood on rows that all members know, pulled a little to those before it."""
    from scipy.optimize import minimize
    from scipy.stats import chi2

    stacked = np.stack(list(log_tables.values()))
    known = ~np.isnan(stacked).any(axis=(0, 2))
    start = _start(list(log_tables), anchor)
    if known.sum() < LEAST_ROWS:
        return start
    stacked, outcomes = stacked[:, known], index[known]
    middle = np.array(list(start.values()))

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = _surprise(weights, stacked, outcomes)
        away = weights - middle
        return value + PULL * float(away @ away), gradient + 2 * PULL * away

    found: Any = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=[(0.0, 2.0)] * len(middle))
    if anchor in log_tables:
        gained = _surprise(middle, stacked, outcomes)[0] - _surprise(found.x, stacked, outcomes)[0]
        if 2 * gained < chi2.ppf(1 - DOUBT, df=len(middle)):
            return start
    return {name: float(weight) for name, weight in zip(log_tables, found.x, strict=True)}


def _surprise(weights: Floats, stacked: Floats, outcomes: Ints) -> tuple[float, Floats]:
    """Minus the log-likelihood of a pool's weights (m,), and its gradient; stacked: log probabilities (m, n, k)."""
    rows = np.arange(len(outcomes))
    p = _softmax(np.tensordot(weights, stacked, axes=1))
    gradient = np.einsum("nk,mnk->m", p, stacked) - stacked[:, rows, outcomes].sum(1)
    return float(-np.log(p[rows, outcomes]).sum()), np.asarray(gradient, dtype=float)

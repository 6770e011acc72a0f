"""A step before an estimator that reads a table of numbers: it keeps the columns that tell most, and fits on those.

The choice is made inside `fit`, from the rows that are fitted on, so a walk forward chooses anew each time and no
later row has a say.

Sources: Guyon et al. (2002), "Gene selection for cancer classification using support vector machines" (recursive
elimination); Tibshirani (1996), "Regression shrinkage and selection via the lasso"; Hall (1999), "Correlation-based
feature selection for machine learning" (near to the outcome, far from each other).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags, get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, has_fit_parameter, validate_data

from mlmodels.estimators.attribution import Attribution
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.likeliest import LikeliestClass
from mlmodels.estimators.weights import rebuild

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

DROPPED_AT_ONCE = 0.2
"""Share of the columns left that recursive elimination drops in one step."""

REDUNDANT = 0.95
"""Columns whose correlation is beyond this tell the same; of two such, the one nearer to the outcome is kept."""

PATH = np.geomspace(0.001, 1.0, 10)
"""Strengths of the lasso, from strong to weak, as the inverse of the penalty."""

STEPS_ON_THE_PATH = 200


class SelectedFeatures(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """`estimator` on at most `keep` of the columns of X (n, features); NaN is "not known".

    method: `importance` (share of what boosted trees gain), `rfe` (the same, dropping a fifth at a time and looking
    anew), `l1` (largest coefficients where a lasso on standardised columns first keeps enough), `correlation` (nearest
    to the outcome, leaving out what says the same as a column already kept). selectable: names among which to choose;
    other columns are always kept. Empty, and of an array without names: all.

    Learned: `classes_`, `chosen_` (kept,) places of the columns that `estimator_` reads, in order.
    """

    chosen_: Ints
    estimator_: Any

    def __init__(
        self,
        estimator: Any,
        *,
        method: str = "importance",
        keep: int = 20,
        selectable: Sequence[str] = (),
        random_state: Any = 0,
    ) -> None:
        self.estimator = estimator
        self.method = method
        self.keep = keep
        self.selectable = selectable
        self.random_state = random_state

    def fit(self, X: Any, y: Any, *, start: SelectedFeatures | None = None) -> Self:
        """`start`: the one before, in whose estimator the search begins. Raises ValueError for an unknown method."""
        if self.method not in METHODS or self.keep < 1:
            raise ValueError(f"Keep at least one column by one of {', '.join(METHODS)}.")
        table, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, index = np.unique(y, return_inverse=True)
        free = self._free()
        if len(self.classes_) < 2 or len(free) <= self.keep:
            kept = free
        else:
            kept = free[METHODS[self.method](table[:, free], index, self.keep, self.random_state)]
        self.chosen_ = np.sort(np.concatenate([kept, np.setdiff1d(np.arange(table.shape[1]), free)]))
        inner = self._narrowed(clone(self.estimator))
        more = {"start": start.estimator_} if start is not None and has_fit_parameter(inner, "start") else {}
        self.estimator_ = inner.fit(self._columns(X if hasattr(X, "iloc") else table), y, **more)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        if hasattr(X, "iloc"):
            validate_data(self, X, reset=False, skip_check_array=True)
        else:
            X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return np.asarray(self.estimator_.predict_proba(self._columns(X)), dtype=float)

    @available_if(lambda self: hasattr(self.estimator, "contributions"))  # type: ignore[untyped-decorator]  # scikit-learn publishes no types
    def contributions(self, X: Any) -> Attribution:
        """Those of the estimator; what was left out adds nothing."""
        check_is_fitted(self)
        found: Attribution = self.estimator_.contributions(self._columns(X))
        return found

    @available_if(lambda self: hasattr(self.estimator, "loss_by_round"))  # type: ignore[untyped-decorator]  # as below
    def loss_by_round(self, X: Any, y: Any, later_X: Any, later_y: Any) -> dict[str, list[float]]:
        """That of the estimator on the columns chosen."""
        check_is_fitted(self)
        rows = self._columns(X), y, self._columns(later_X), later_y
        curve: dict[str, list[float]] = self.estimator_.loss_by_round(*rows)
        return curve

    @available_if(lambda self: hasattr(self.estimator, "to_weights"))  # type: ignore[untyped-decorator]  # as above
    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; `chosen` are the places of the columns, in those of `features`."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "selected-features",
            "parameters": {"method": self.method, "keep": self.keep, "selectable": list(self.selectable)},
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "feature_count": self.n_features_in_,
            "chosen": self.chosen_.tolist(),
            "estimator": self.estimator_.to_weights(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described. Raises ValueError for an estimator whose type is not trusted."""
        inner = rebuild(weights["estimator"])
        model = cls(inner, **weights["parameters"])
        model.estimator_ = inner
        model.classes_ = np.array(weights["classes"])
        model.chosen_ = np.array(weights["chosen"], dtype=int)
        model.n_features_in_ = weights["feature_count"]
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def _free(self) -> Ints:
        """Places of the columns that may be left out."""
        names = getattr(self, "feature_names_in_", None)
        if names is None or not len(self.selectable):
            return np.arange(self.n_features_in_)
        return np.flatnonzero(np.isin(names, list(self.selectable)))

    def _columns(self, X: Any) -> Any:
        return X.iloc[:, self.chosen_] if hasattr(X, "iloc") else X[:, self.chosen_]

    def _narrowed(self, estimator: Any) -> Any:
        """An estimator whose members read named columns reads only those of them that are left."""
        columns = estimator.get_params(deep=False).get("columns")
        if not isinstance(columns, Mapping) or not hasattr(self, "feature_names_in_"):
            return estimator
        left = set(self.feature_names_in_[self.chosen_])
        narrowed = {name: [column for column in read if column in left] for name, read in columns.items()}
        if starved := [name for name, read in narrowed.items() if not read]:
            raise ValueError(f"No column is left for {', '.join(starved)}: keep more features.")
        return estimator.set_params(columns=narrowed)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.input_tags.allow_nan = inner.input_tags.allow_nan
        tags.classifier_tags = inner.classifier_tags
        return tags


def by_importance(table: Floats, index: Ints, keep: int, random_state: Any) -> Ints:
    """Places of the columns by which boosted trees gain most."""
    return _largest(_gains(table, index, random_state), keep)


def by_elimination(table: Floats, index: Ints, keep: int, random_state: Any) -> Ints:
    """The same, dropping the least useful fifth and looking again, until `keep` are left."""
    left = np.arange(table.shape[1])
    while len(left) > keep:
        fewer = max(keep, int(len(left) * (1 - DROPPED_AT_ONCE)))
        left = np.sort(left[_largest(_gains(table[:, left], index, random_state), fewer)])
    return left


def by_lasso(table: Floats, index: Ints, keep: int, random_state: Any) -> Ints:
    """The largest coefficients, at the strongest penalty that leaves `keep` of them, or at the weakest tried."""
    scaled = _standardised(table)
    targets = np.eye(index.max() + 1)[index]
    coefficients = np.zeros((scaled.shape[1] + 1, targets.shape[1]))
    for strength in PATH:
        coefficients = _lasso(scaled, targets, 1.0 / (strength * len(scaled)), coefficients)
        sizes = np.abs(coefficients[1:]).max(1)
        if np.count_nonzero(sizes) >= keep:
            break
    return _largest(sizes, keep)


def by_correlation(table: Floats, index: Ints, keep: int, random_state: Any) -> Ints:
    """Nearest to the outcome first, leaving out what is nearly the same as one already kept."""
    scaled = _standardised(table)
    targets = _standardised(np.eye(index.max() + 1)[index])
    near = np.abs(scaled.T @ targets).max(1)
    among = np.abs(scaled.T @ scaled) / len(scaled)
    kept: list[int] = []
    for place in _largest(near, len(near)):
        if len(kept) < keep and not (among[place, kept] > REDUNDANT).any():
            kept.append(int(place))
    return np.array(kept, dtype=int)


METHODS: dict[str, Callable[[Floats, Ints, int, Any], Ints]] = {
    "importance": by_importance,
    "rfe": by_elimination,
    "l1": by_lasso,
    "correlation": by_correlation,
}


def _gains(table: Floats, index: Ints, random_state: Any) -> Floats:
    trees = GradientBoosting(
        rounds=60,
        learning_rate=0.1,
        depth=3,
        columns=0.5,
        least_weight=max(1.0, len(table) / 200),
        l2=5.0,
        random_state=random_state,
    )
    return trees.fit(table, index).importances_


def _largest(values: Floats, keep: int) -> Ints:
    """Places of the `keep` largest values, the largest first; of equals, the first."""
    return np.argsort(-values, kind="stable")[:keep]


def _standardised(table: Floats) -> Floats:
    """Columns of mean 0 and variance 1; what is not known is the mean, and a constant column is 0."""
    known = ~np.isnan(table)
    count = np.maximum(known.sum(0), 1)
    centred = np.where(known, table - np.where(known, table, 0.0).sum(0) / count, 0.0)
    spread = np.sqrt((centred**2).sum(0) / len(table))
    return np.asarray(centred / np.where(spread > 0, spread, 1.0), dtype=float)


def _lasso(scaled: Floats, targets: Floats, penalty: float, begin: Floats) -> Floats:
    """Coefficients (features + 1, classes) of a multinomial logit, the intercept first and not penalised.

    Minimises mean log loss + penalty · Σ|b| by accelerated proximal steps (FISTA, Beck & Teboulle 2009).
    """
    rows = np.column_stack([np.ones(len(scaled)), scaled])
    # Böhning (1992): half the largest eigenvalue bounds the curvature of the multinomial log loss.
    step = 2.0 / np.linalg.eigvalsh(rows.T @ rows / len(rows))[-1]
    now = ahead = begin
    momentum = 1.0
    for _ in range(STEPS_ON_THE_PATH):
        scores = rows @ ahead
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        moved = ahead - step * (rows.T @ (p - targets)) / len(rows)
        moved[1:] = np.sign(moved[1:]) * np.maximum(np.abs(moved[1:]) - step * penalty, 0.0)
        faster = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = moved + (momentum - 1.0) / faster * (moved - now)
        if np.abs(moved - now).max() < 1e-6:
            break
        now, momentum = moved, faster
    return np.asarray(now, dtype=float)

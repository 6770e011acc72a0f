"""Gradient-boosted trees for classes.

Sources: Friedman (2001), "Greedy function approximation: a gradient boosting machine"; Chen & Guestrin (2016),
"XGBoost: a scalable tree boosting system".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags, check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators import grown_trees
from mlmodels.estimators.attribution import Attribution
from mlmodels.estimators.feature_rows import feature_names, read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]


class GradientBoosting(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """XGBoost's trees on the log loss of all classes at once; NaN is "not known" and goes where it fits best.

    X: numbers (n, features); y: classes (n,). The defaults are many shallow, slow, strongly regularised trees: a
    match's outcome is mostly chance, and trees that chase it learn noise. rounds: trees per class; rows, columns:
    shares of them that each tree sees; least_weight: least sum of Hessians in a leaf; l2: ridge on leaf values.

    Learned: `classes_`, `booster_`, `importances_` (features,), each feature's share of the total gain.
    """

    def __init__(
        self,
        *,
        rounds: int = 250,
        learning_rate: float = 0.05,
        depth: int = 2,
        rows: float = 0.5,
        columns: float = 0.3,
        least_weight: float = 50.0,
        l2: float = 20.0,
        bins: int = 64,
        random_state: Any = 0,
    ) -> None:
        self.rounds = rounds
        self.learning_rate = learning_rate
        self.depth = depth
        self.rows = rows
        self.columns = columns
        self.least_weight = least_weight
        self.l2 = l2
        self.bins = bins
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Raises ValueError for fewer than two classes, or weights that are all zero."""
        import xgboost

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, index = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"Boosting needs at least 2 classes, this has one class: {self.classes_[0]!r}.")
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        table = xgboost.QuantileDMatrix(X, label=index, weight=weight, max_bin=self.bins)
        self.booster_ = xgboost.train(self._settings(len(self.classes_)), table, num_boost_round=self.rounds)
        self.importances_ = grown_trees.shares_of_gain(self.booster_, self.n_features_in_)
        return self

    def boost_on(self, X: Any, y: Any, sample_weight: Any = None, *, rounds: int, learning_rate: float) -> Self:
        """Add rounds to the fitted ones, on rows and weights of their own. y: classes that are known already."""
        import xgboost

        check_is_fitted(self)
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        if unknown := sorted(set(np.unique(y)) - set(self.classes_)):
            raise ValueError(f"These classes were not there when it was fitted: {unknown}.")
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        index = np.searchsorted(self.classes_, y)
        table = xgboost.QuantileDMatrix(X, label=index, weight=weight, max_bin=self.bins)
        settings = {**self._settings(len(self.classes_)), "eta": learning_rate}
        self.booster_ = xgboost.train(settings, table, num_boost_round=rounds, xgb_model=self.booster_)
        self.importances_ = grown_trees.shares_of_gain(self.booster_, self.n_features_in_)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        rows = read_features(self, X, allow_nan=True)
        p = np.asarray(self.booster_.inplace_predict(rows, validate_features=False), dtype=float)
        return np.asarray(p / p.sum(1, keepdims=True), dtype=float)

    def contributions(self, X: Any) -> Attribution:
        """Each feature's exact SHAP value in the margin of each class; the baseline is the mean of the rows learned."""
        import xgboost

        check_is_fitted(self)
        rows = xgboost.DMatrix(read_features(self, X, allow_nan=True), nthread=1)
        # (n, classes, features + 1): the last is the bias.
        values = np.asarray(self.booster_.predict(rows, pred_contribs=True, validate_features=False), dtype=float)
        return Attribution(
            names=feature_names(self), baseline=values[:, :, -1], parts=values[:, :, :-1].transpose(0, 2, 1)
        )

    def loss_by_round(self, X: Any, y: Any, later_X: Any, later_y: Any) -> dict[str, list[float]]:
        """Log loss in nats by number of rounds, on the rows that such trees learn from (X, y) and on later ones.

        {"rounds", "learned", "later"}: about forty numbers each at most. Trees of their own are grown for it;
        this estimator stays as it is. Raises ValueError for classes in `later_y` that y lacks.
        """
        import xgboost

        classes, index = np.unique(y, return_inverse=True)
        if unknown := set(np.unique(later_y).tolist()) - set(classes.tolist()):
            raise ValueError(f"These classes are only among the later rows: {sorted(unknown)}.")
        rows = (np.asarray(table, dtype=float) for table in (X, later_X))
        learned = xgboost.QuantileDMatrix(next(rows), label=index, max_bin=self.bins)
        later = xgboost.DMatrix(next(rows), label=np.searchsorted(classes, later_y))
        return grown_trees.curve(self._settings(len(classes)), learned, later, metric="mlogloss", rounds=self.rounds)

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; the trees are XGBoost's own UBJSON, in base64."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "boosting",
            "parameters": self.get_params(),
            "classes": self.classes_.tolist(),
            "features": None if names is None else names.tolist(),
            "importances": self.importances_.tolist(),
            "booster": base64.b64encode(bytes(self.booster_.save_raw("ubj"))).decode(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        import xgboost

        model = cls(**weights["parameters"])
        model.classes_ = np.array(weights["classes"])
        model.importances_ = np.array(weights["importances"], dtype=float)
        model.n_features_in_ = len(model.importances_)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        # One thread: a web process predicts a few rows at a time, and its neighbours need their cores.
        model.booster_ = xgboost.Booster({"nthread": 1}, model_file=bytearray(base64.b64decode(weights["booster"])))
        return model

    def _settings(self, classes: int) -> dict[str, Any]:
        return {
            "objective": "multi:softprob",
            "num_class": classes,
            "tree_method": "hist",
            "eta": self.learning_rate,
            "max_depth": self.depth,
            "subsample": self.rows,
            "colsample_bytree": self.columns,
            "min_child_weight": self.least_weight,
            "lambda": self.l2,
            "max_bin": self.bins,
            "seed": int(check_random_state(self.random_state).randint(2**31 - 1)),
            "verbosity": 0,
        }

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        # The defaults expect thousands of rows; the common checks score an estimator on a few dozen.
        tags.classifier_tags.poor_score = True
        return tags

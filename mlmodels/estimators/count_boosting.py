"""Gradient-boosted trees for the mean of a count.

Sources: Friedman (2001), "Greedy function approximation: a gradient boosting machine"; Chen & Guestrin (2016),
"XGBoost: a scalable tree boosting system"; the loss is the Poisson's, whose gradient asks only for the mean.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators import grown_trees
from mlmodels.estimators.count_distribution import LEAST_MEAN
from mlmodels.estimators.feature_rows import feature_names, read_features

Floats = NDArray[np.float64]


class CountBoosting(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """XGBoost's trees on the Poisson loss; NaN is "not known" and goes where it fits best.

    X: numbers (n, features); y: counts (n,), not negative. rounds: trees; rows, columns: shares of them that each tree
    sees; least_weight: least sum of Hessians (of means) in a leaf; l2: ridge on leaf values. ignored: names of columns
    of X that no tree may ask, such as the line that a forecast is compared with. margin: name of a column with a mean
    that the trees begin from and correct, such as minutes times a rate; without one they begin from the mean of y.

    Learned: `booster_`, `importances_` (features,), each feature's share of the total gain, `asked_`, places of the
    columns that trees may ask, `usual_margin_`, the mean of the logarithm that trees begin from.
    """

    def __init__(
        self,
        *,
        rounds: int = 400,
        learning_rate: float = 0.03,
        depth: int = 5,
        rows: float = 0.6,
        columns: float = 0.3,
        least_weight: float = 100.0,
        l2: float = 10.0,
        bins: int = 64,
        margin: str = "",
        ignored: tuple[str, ...] = ("line",),
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
        self.margin = margin
        self.ignored = ignored
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Raises ValueError for negative counts, weights that are all zero, nothing left to ask, or no such margin."""
        import xgboost

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", y_numeric=True)
        if (y < 0).any():
            raise ValueError("Negative values in data: counts are not negative.")
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        self.asked_ = np.array([i for i, name in enumerate(feature_names(self)) if name not in self.ignored], dtype=int)
        if not len(self.asked_):
            raise ValueError("Every column is ignored: there is nothing to learn from.")
        if self.margin and self.margin not in feature_names(self):
            raise ValueError(f"There is no column {self.margin!r} to begin from.")
        self.usual_margin_ = float(np.log(max(np.average(y, weights=weight), LEAST_MEAN)))
        margin = self._margins(X)
        self.usual_margin_ = float(np.average(margin, weights=weight))
        more = {"base_margin": margin, "weight": weight, "max_bin": self.bins}
        table = xgboost.QuantileDMatrix(X[:, self.asked_], label=y, **more)
        self.booster_ = xgboost.train(self._settings(), table, num_boost_round=self.rounds)
        # One thread from here on: a web process predicts a few rows at a time, and its neighbours need their cores.
        self.booster_.set_param({"nthread": 1})
        self.importances_ = self._importances()
        return self

    def predict(self, X: Any) -> Floats:
        """Means (n,)."""
        table = self._read(X)
        rows, margin = table[:, self.asked_], self._margins(table)
        means = self.booster_.inplace_predict(rows, validate_features=False, base_margin=margin)
        return np.asarray(means, dtype=float)

    def log_mean_parts(self, X: Any) -> tuple[tuple[str, ...], Floats, Floats]:
        """Names (m,), origin (n,) and each feature's exact SHAP value (n, m) in the logarithm of the mean."""
        import xgboost

        table = self._read(X)
        rows = xgboost.DMatrix(table[:, self.asked_], nthread=1)
        values = np.asarray(self.booster_.predict(rows, pred_contribs=True, validate_features=False), dtype=float)
        names = tuple(feature_names(self)[i] for i in self.asked_)
        if self.margin:
            # What trees begin from is a part like any other: how far it is from what it usually is.
            values[:, names.index(self.margin)] += self._margins(table) - self.usual_margin_
        return names, values[:, -1] + self.usual_margin_, values[:, :-1]

    def loss_by_round(self, X: Any, y: Any, later_X: Any, later_y: Any) -> dict[str, list[float]]:
        """Poisson's mean negative log likelihood by number of rounds, on the rows learned from and on later ones.

        {"rounds", "learned", "later"}; trees of their own are grown for it, this estimator stays as it is.
        """
        import xgboost

        fresh: Self = clone(self).set_params(rounds=1).fit(X, y)
        tables = (np.asarray(rows, dtype=float) for rows in (X, later_X))
        learned, later = (
            xgboost.DMatrix(table[:, fresh.asked_], label=label, base_margin=fresh._margins(table))
            for table, label in zip(tables, (y, later_y), strict=True)
        )
        return grown_trees.curve(self._settings(), learned, later, metric="poisson-nloglik", rounds=self.rounds)

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; the trees are XGBoost's own UBJSON, in base64."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "count-boosting",
            "parameters": {**self.get_params(), "ignored": list(self.ignored)},
            "features": None if names is None else names.tolist(),
            "count": self.n_features_in_,
            "asked": self.asked_.tolist(),
            "importances": self.importances_.tolist(),
            "usual_margin": self.usual_margin_,
            "booster": base64.b64encode(bytes(self.booster_.save_raw("ubj"))).decode(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        import xgboost

        parameters = dict(weights["parameters"])
        model = cls(**{**parameters, "ignored": tuple(parameters["ignored"])})
        model.n_features_in_ = int(weights["count"])
        model.asked_ = np.array(weights["asked"], dtype=int)
        model.usual_margin_ = float(weights["usual_margin"])
        model.importances_ = np.array(weights["importances"], dtype=float)
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        model.booster_ = xgboost.Booster({"nthread": 1}, model_file=bytearray(base64.b64decode(weights["booster"])))
        return model

    def _read(self, X: Any) -> Floats:
        check_is_fitted(self)
        return read_features(self, X, allow_nan=True)

    def _margins(self, table: Floats) -> Floats:
        """(n,) the logarithms that the trees begin from; where the margin is not known, the usual one."""
        if not self.margin:
            return np.full(len(table), self.usual_margin_)
        given = table[:, feature_names(self).index(self.margin)]
        return np.where(np.isfinite(given), np.log(np.maximum(given, LEAST_MEAN)), self.usual_margin_)

    def _settings(self) -> dict[str, Any]:
        return {
            "objective": "count:poisson",
            "tree_method": "hist",
            "eta": self.learning_rate,
            "max_depth": self.depth,
            "subsample": self.rows,
            "colsample_bytree": self.columns,
            "min_child_weight": self.least_weight,
            # Nothing but the margin that each row brings with it.
            "base_score": 1.0,
            "lambda": self.l2,
            "max_bin": self.bins,
            "seed": int(check_random_state(self.random_state).randint(2**31 - 1)),
            "verbosity": 0,
        }

    def _importances(self) -> Floats:
        table = np.zeros(self.n_features_in_)
        table[self.asked_] = grown_trees.shares_of_gain(self.booster_, len(self.asked_))
        return table

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.target_tags.positive_only = True
        # The defaults expect thousands of rows; the common checks score an estimator on a few dozen.
        tags.regressor_tags.poor_score = True
        return tags

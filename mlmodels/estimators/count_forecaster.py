"""From a mean to what a count may come to: over, push and under at a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils import Tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mlmodels.estimators.attribution import Attribution, along_a_line, log_probabilities
from mlmodels.estimators.count_distribution import LEAST_MEAN, at_line, cdf, line_places, pmf_table
from mlmodels.estimators.dispersion import Dispersion, learn_dispersion
from mlmodels.estimators.feature_rows import feature_names
from mlmodels.estimators.weights import rebuild

Floats = NDArray[np.float64]


def _can_tell(forecaster: CountForecaster) -> bool:
    return hasattr(forecaster.mean, "log_mean_parts")


def _has_lines(forecaster: CountForecaster) -> bool:
    """Fitted on a table without lines it knows means only; what is not fitted may yet learn of lines."""
    return not hasattr(forecaster, "n_features_in_") or forecaster.line in feature_names(forecaster)


def _learns_in_rounds(forecaster: CountForecaster) -> bool:
    return hasattr(forecaster.mean, "loss_by_round")


def _has_weights(forecaster: CountForecaster) -> bool:
    return hasattr(forecaster.mean, "to_weights")


class CountForecaster(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """A regressor of means, and a distribution around what it says.

    mean: any regressor. held_out: share of the newest rows on which the scatter is learned, by a copy of the regressor
    that did not see them; after that it is fitted on all rows. So rows must be in the order of time. volatility: names
    of columns of X that say how much the counts scatter. line: name of the column of X that holds the line; without one
    in `fit` there are means only, and no `predict_proba`.

    Learned: `mean_` (the fitted regressor), `dispersion_`, `classes_` (0 over, 1 push, 2 under).
    """

    def __init__(
        self, mean: Any, *, held_out: float = 0.15, volatility: tuple[str, ...] = (), line: str = "line"
    ) -> None:
        self.mean = mean
        self.held_out = held_out
        self.volatility = volatility
        self.line = line

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """X: (n, features) in the order of time; y: counts (n,). Raises ValueError for negative counts."""
        table, counts = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", y_numeric=True)
        if (counts < 0).any():
            raise ValueError("Negative values in data: counts are not negative.")
        weight = None if sample_weight is None else _check_sample_weight(sample_weight, table)
        self.classes_ = np.arange(3)
        rows = X if hasattr(X, "iloc") else table
        cut = len(counts) - int(len(counts) * self.held_out)
        earlier = self._fitted(_first(rows, cut), counts[:cut], None if weight is None else weight[:cut])
        newest = _from(rows, cut)
        means = np.maximum(earlier.predict(newest), LEAST_MEAN) if len(newest) else np.empty(0)
        self.dispersion_ = learn_dispersion(counts[cut:].astype(float), means, self._volatility_of(table[cut:]))
        self.mean_ = self._fitted(rows, counts, weight)
        return self

    def predict(self, X: Any) -> Floats:
        """Means (n,)."""
        return self.predict_mean(X)

    def predict_mean(self, X: Any) -> Floats:
        """Means (n,), not negative."""
        check_is_fitted(self)
        return np.asarray(np.maximum(np.asarray(self.mean_.predict(X), dtype=float), LEAST_MEAN), dtype=float)

    @available_if(_has_lines)  # type: ignore[untyped-decorator]  # scikit-learn publishes no types
    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 3) of ending over, on and under the row's line. Raises ValueError without lines."""
        mean = self.predict_mean(X)
        return self._at_lines(mean, self._sizes(X, mean), self._lines(X))

    def distribution(self, X: Any, *, length: int = 0) -> Floats:
        """Probabilities (n, K) of the counts 0 … K − 1, the last with all beyond; K as asked, or what holds the law."""
        mean = self.predict_mean(X)
        size = self._sizes(X, mean)
        spread = np.sqrt(mean + mean**2 / size)
        count = length or int(np.ceil((mean + 8 * spread).max(initial=1.0))) + 2
        table = pmf_table(mean, size, length=count)
        if not self.dispersion_.has_shape:
            return table
        upto = self.dispersion_.reshaped(np.minimum(table.cumsum(1), 1.0))
        upto[:, -1] = 1.0
        return np.diff(upto, axis=1, prepend=0.0)

    @available_if(_can_tell)  # type: ignore[untyped-decorator]  # scikit-learn publishes no types
    def contributions(self, X: Any) -> Attribution:
        """What each feature does to the scores of over, push and under.

        The regressor's SHAP values add up to the logarithm of the mean; along the way from its usual mean to the row's
        each takes its share of how the scores at the row's line move (Aumann & Shapley). The scatter is the row's.
        """
        names, origin, steps = self.mean_.log_mean_parts(X)
        lines, columns = self._lines(X), self._volatility_of(np.asarray(X, dtype=float))

        def scores_at(log_mean: Floats) -> Floats:
            mean = np.maximum(np.exp(log_mean), LEAST_MEAN)
            return log_probabilities(self._at_lines(mean, self.dispersion_.size(mean, columns), lines))

        return along_a_line(names, steps, origin, scores_at)

    @available_if(_learns_in_rounds)  # type: ignore[untyped-decorator]  # scikit-learn publishes no types
    def loss_by_round(self, X: Any, y: Any, later_X: Any, later_y: Any) -> dict[str, list[float]]:
        """The regressor's learning curve."""
        curve: dict[str, list[float]] = self.mean.loss_by_round(X, y, later_X, later_y)
        return curve

    @available_if(_has_weights)  # type: ignore[untyped-decorator]  # scikit-learn publishes no types
    def to_weights(self) -> dict[str, Any]:
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "count-forecaster",
            "mean": self.mean_.to_weights(),
            "held_out": self.held_out,
            "volatility": list(self.volatility),
            "line": self.line,
            "dispersion": self.dispersion_.to_weights(),
            "count": self.n_features_in_,
            "features": None if names is None else names.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        mean = rebuild(weights["mean"])
        settings = {"held_out": weights["held_out"], "volatility": tuple(weights["volatility"])}
        model = cls(mean, **settings, line=weights["line"])
        model.mean_, model.classes_ = mean, np.arange(3)
        model.dispersion_ = Dispersion.from_weights(weights["dispersion"])
        model.n_features_in_ = int(weights["count"])
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    @property
    def importances_(self) -> Floats:
        """(features,) the regressor's shares of gain, where it has them."""
        return np.asarray(self.mean_.importances_, dtype=float)

    def _fitted(self, X: Any, y: Floats, weight: Floats | None) -> Any:
        more = {} if weight is None else {"sample_weight": weight}
        return clone(self.mean).fit(X, y, **more)

    def _at_lines(self, mean: Floats, size: Floats, lines: Floats) -> Floats:
        below, upto = (self.dispersion_.reshaped(cdf(place, mean, size)) for place in line_places(lines))
        return at_line(below, upto)

    def _sizes(self, X: Any, mean: Floats) -> Floats:
        return self.dispersion_.size(mean, self._volatility_of(np.asarray(X, dtype=float)))

    def _volatility_of(self, table: Floats) -> Floats:
        names = feature_names(self)
        return np.asarray(table[:, [names.index(name) for name in self.volatility]], dtype=float)

    def _lines(self, X: Any) -> Floats:
        if self.line not in getattr(X, "columns", ()):
            raise ValueError(f"Over and under need a line: X has no column {self.line!r}.")
        lines = X[self.line].to_numpy(dtype=float)
        if not np.isfinite(lines).all():
            raise ValueError("Over and under need a line: some rows have none.")
        return np.asarray(lines, dtype=float)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.target_tags.positive_only = True
        tags.regressor_tags.poor_score = True
        return tags


def _first(rows: Any, cut: int) -> Any:
    return rows.iloc[:cut] if hasattr(rows, "iloc") else rows[:cut]


def _from(rows: Any, cut: int) -> Any:
    return rows.iloc[cut:] if hasattr(rows, "iloc") else rows[cut:]

"""Features on their way into any model, as scikit-learn's steps: made, filled in and scaled, chosen.

Pipeline([("features", FeatureExtractor()), ("tidy", DataPreprocessor()), ("choose", FeatureSelector(keep=30)), …])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from training.rocket_league.features import NAMES, feature_table

Floats = NDArray[np.float64]


class FeatureExtractor(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Statistics of matches (a list of mappings, or a DataFrame with their names as columns) to features (n, k).

    names: which features, in this order; None is all. There is nothing to learn.
    """

    def __init__(self, names: Sequence[str] | None = None) -> None:
        self.names = names

    def fit(self, X: Any, y: Any = None) -> Self:
        """Raises ValueError for a feature that there is not."""
        if unknown := [name for name in self.names or () if name not in NAMES]:
            raise ValueError(f"There is no feature {unknown[0]!r}.")
        self.n_outputs_ = len(self._names)
        return self

    def transform(self, X: Any) -> pd.DataFrame:
        check_is_fitted(self)
        rows: Sequence[Mapping[Any, float]] = X.to_dict("records") if isinstance(X, pd.DataFrame) else X
        return feature_table(rows)[self._names]

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        return np.array(self._names, dtype=object)

    @property
    def _names(self) -> list[str]:
        return list(NAMES if self.names is None else self.names)


class DataPreprocessor(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Fills in what is not known with the median, scales by mean and standard deviation, clips what is far out.

    farthest: in standard deviations. Learned: `median_`, `mean_`, `sd_` (features,); a column that doesn't vary, or of
    which nothing is known, becomes 0.
    """

    def __init__(self, *, farthest: float = 3.0) -> None:
        self.farthest = farthest

    def fit(self, X: Any, y: Any = None) -> Self:
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        known = ~np.isnan(X).all(axis=0)
        self.median_: Floats = np.zeros(X.shape[1])
        self.median_[known] = np.nanmedian(X[:, known], axis=0)
        filled = self._filled(X)
        self.mean_: Floats = filled.mean(axis=0)
        spread = filled.std(axis=0)
        # What rounding leaves of a constant is not a spread.
        varies = spread > 1e-9 * np.maximum(np.abs(self.mean_), 1e-12)
        self.sd_: Floats = np.where(varies, spread, np.inf)
        return self

    def transform(self, X: Any) -> Floats:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        scaled = (self._filled(X) - self.mean_) / self.sd_
        return np.asarray(np.clip(scaled, -self.farthest, self.farthest), dtype=float)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        return _names_in(self, input_features)

    def _filled(self, X: Floats) -> Floats:
        return np.where(np.isnan(X), self.median_, X)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class FeatureSelector(SelectorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Leaves out what doesn't vary, of each pair that says the same the one that says less, and what matters least.

    least_variance: columns below it go. most_correlated: of two columns whose correlation is beyond it, the less
    important one goes. keep: how many of the rest at most, the most important first; None keeps them all.
    Importance is the mutual information with y (Kraskov et al. 2004); without y, the variance.
    Learned: `importances_`, `kept_` (features,), a mask.
    """

    def __init__(
        self,
        *,
        least_variance: float = 0.0,
        most_correlated: float = 0.95,
        keep: int | None = None,
        random_state: Any = 0,
    ) -> None:
        self.least_variance = least_variance
        self.most_correlated = most_correlated
        self.keep = keep
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """X: (n, features) without gaps. Raises ValueError where nothing varies."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        variance = X.var(axis=0)
        varies = variance > self.least_variance
        if not varies.any():
            raise ValueError(f"No feature in X meets the variance threshold {self.least_variance:.5f}")
        self.importances_: Floats = self._importances(X, y, variance)
        order = sorted(np.flatnonzero(varies), key=lambda place: (-self.importances_[place], place))
        chosen = _apart(np.abs(np.corrcoef(X[:, order], rowvar=False)).reshape(len(order), -1), self.most_correlated)
        self.kept_ = np.zeros(X.shape[1], dtype=bool)
        self.kept_[[order[place] for place in chosen[: self.keep]]] = True
        return self

    def _importances(self, X: Floats, y: Any, variance: Floats) -> Floats:
        if y is None:
            return np.asarray(variance, dtype=float)
        from sklearn.feature_selection import mutual_info_classif

        seed = check_random_state(self.random_state).randint(2**31 - 1)
        return np.asarray(mutual_info_classif(X, y, random_state=seed), dtype=float)

    def _get_support_mask(self) -> NDArray[np.bool_]:
        check_is_fitted(self)
        return self.kept_


def _apart(correlation: Floats, most: float) -> list[int]:
    """Places, the first first, of columns none of which is correlated beyond `most` with one before it."""
    found: list[int] = []
    for place in range(len(correlation)):
        if not found or correlation[place, found].max() <= most:
            found.append(place)
    return found


def _names_in(estimator: Any, given: Any) -> NDArray[np.object_]:
    from sklearn.utils.validation import _check_feature_names_in

    return np.asarray(_check_feature_names_in(estimator, given), dtype=object)

"""How often each outcome comes in a competition: the forecast that knows no team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmodels.estimators.attribution import Attribution, log_probabilities
from mlmodels.estimators.likeliest import LikeliestOutcome
from mlmodels.estimators.match_rows import (
    check_columns,
    read_competitions,
    read_outcomes,
    read_weights,
    remember_columns,
)

Floats = NDArray[np.float64]


class BaseRate(LikeliestOutcome, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Outcome frequencies per competition, shrunk to those of all competitions together.

    p = (count + shrinkage · pooled) / (matches + shrinkage), the mean of a Dirichlet posterior; the pooled frequencies
    have one match of each outcome added, so that none is 0. X: a column `competition` (the first of an array), one
    competition where a DataFrame lacks it; y: outcomes (n,) as indices 0..outcomes-1.

    Learned: `pooled_` (outcomes,), `rates_` (competition → (outcomes,)).
    """

    def __init__(self, *, shrinkage: float = 100.0, outcomes: int = 3) -> None:
        self.shrinkage = shrinkage
        self.outcomes = outcomes

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Raises ValueError for no rows, or outcomes that are not indices."""
        if not self.shrinkage >= 0 or self.outcomes < 2:
            raise ValueError("shrinkage is not negative, and there are at least 2 outcomes.")
        competitions = read_competitions(X)
        y = read_outcomes(y, len(competitions), self.outcomes)
        weight = read_weights(sample_weight, len(y))
        if not weight.sum() > 0:
            raise ValueError("There is no match to learn from: no rows, or all weights are zero.")
        counts = np.bincount(y, weights=weight, minlength=self.outcomes)
        self.pooled_ = (counts + 1) / (counts.sum() + self.outcomes)
        remember_columns(self, X)
        codes, index = np.unique(np.array(competitions), return_inverse=True)
        table = np.zeros((len(codes), self.outcomes))
        np.add.at(table, (index, y), weight)
        rates = (table + self.shrinkage * self.pooled_) / (table.sum(1, keepdims=True) + self.shrinkage)
        self.rates_ = dict(zip(codes.tolist(), rates, strict=True))
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, outcomes); the pooled ones for a competition never seen."""
        check_is_fitted(self)
        check_columns(self, X)
        rows = [self.rates_.get(code, self.pooled_) for code in read_competitions(X)]
        return np.array(rows, dtype=float).reshape(len(rows), self.outcomes)

    def contributions(self, X: Any) -> Attribution:
        """Nothing but a baseline: it knows no more of a row than its competition."""
        baseline = log_probabilities(self.predict_proba(X))
        return Attribution(names=(), baseline=baseline, parts=np.zeros((len(baseline), 0, self.outcomes)))

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON."""
        check_is_fitted(self)
        rates = {code: p.tolist() for code, p in self.rates_.items()}
        return {
            "type": "base-rate",
            "parameters": self.get_params(),
            "pooled": self.pooled_.tolist(),
            "competitions": rates,
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls(**weights["parameters"])
        model.pooled_ = np.array(weights["pooled"], dtype=float)
        model.rates_ = {code: np.array(p, dtype=float) for code, p in weights["competitions"].items()}
        model.n_features_in_ = 1
        return model

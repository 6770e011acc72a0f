"""A model of counts and the market as one forecast of over and under, every line read off one distribution.

At the market's line logit p = a·logit(market) + b·logit(model) + c, learned on rows that the model had not seen
(Satopää et al. 2014, "Combining multiple probability predictions using a simple logit model") and pulled to a = 1,
b = c = 0, so that few rows answer the market. The model's law of counts is tilted exponentially until it says p at the
line: of all laws with its new mean the one nearest to it (Csiszár 1975, "I-divergence geometry of probability
distributions").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils.validation import check_is_fitted

from mlmodels.estimators.attribution import Attribution, log_probabilities
from mlmodels.estimators.count_distribution import OVER, PUSH, UNDER
from mlmodels.estimators.weights import rebuild

Floats = NDArray[np.float64]

MARKET = ("market_over", "market_under")
USUAL = np.array([1.0, 0.0, 0.0])
"""Of (market, model, constant): the market's own word."""
AS_MODELLED = np.array([1.0, 0.0])
"""Of (model, constant), where there is no market."""

CERTAIN = 1e-4
"""Shares are kept so far from 0 and 1."""
STEEPEST = 20.0
STEPS = 60
AT_ONCE = 2000


class MarketBlend(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """X has the model's columns, the line, and the market's probabilities (`MARKET`), NaN where nobody prices the line.

    model: an unfitted forecaster with `predict_proba` and `distribution`, as `CountForecaster`. held_out: share of the
    newest rows on which a copy of the model is heard beside the market. pull: how many rows the usual weights count as.
    Where there is no market the model answers, its share of over corrected by what its own lines taught.

    Learned: `model_`, `weights_` (market, model, constant), `alone_` (model, constant), `rows_` (with a market, and
    without).
    """

    def __init__(self, model: Any, *, line: str = "line", held_out: float = 0.15, pull: float = 8000.0) -> None:
        self.model = model
        self.line = line
        self.held_out = held_out
        self.pull = pull

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """X: DataFrame (n, columns) in the order of time; y: counts (n,). Raises ValueError without market or line."""
        if missing := [name for name in (*MARKET, self.line) if name not in getattr(X, "columns", ())]:
            raise ValueError(f"A blend with the market needs the columns {', '.join(missing)}.")
        counts = np.asarray(y, dtype=float)
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.n_features_in_ = len(X.columns)
        self.classes_ = np.arange(3)
        cut = len(counts) - int(len(counts) * self.held_out)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
        earlier = self._fitted(X.iloc[:cut], counts[:cut], None if weights is None else weights[:cut])
        self._learn(earlier, X.iloc[cut:], counts[cut:])
        self.model_ = self._fitted(X, counts, weights)
        return self

    def predict(self, X: Any) -> Floats:
        """Means (n,)."""
        return self.predict_mean(X)

    def predict_mean(self, X: Any) -> Floats:
        """Means (n,) of the tilted laws."""
        table = self.distribution(X)
        return np.asarray(table @ np.arange(table.shape[1]), dtype=float)

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 3) of over, push and under at the row's line, off `distribution`."""
        return sides(self.distribution(X), _column(X, self.line))

    def distribution(self, X: Any) -> Floats:
        """Probabilities (n, K) of the counts 0 … K − 1."""
        check_is_fitted(self)
        line = _column(X, self.line)
        table = np.asarray(self.model_.distribution(self._of_model(X)), dtype=float)
        return tilted(table, line, self._share(sides(table, line), X))

    def contributions(self, X: Any) -> Attribution:
        """The model's, times its weight, and the market's; over against under is exact where the line is a half.

        Raises AttributeError where the model can't tell its own.
        """
        check_is_fitted(self)
        told: Attribution = self.model_.contributions(self._of_model(X))
        market = _market_logit(X)
        known = np.isfinite(market)
        model_weight = np.where(known, self.weights_[1], self.alone_[0])
        constant = np.where(known, self.weights_[2], self.alone_[1])
        heard = np.where(known, self.weights_[0] * np.nan_to_num(market), 0.0)
        begin, effects = told.log_odds(OVER, UNDER)
        parts = np.column_stack([model_weight[:, None] * effects, heard])
        baseline = _both_ways(model_weight * begin + constant)
        # A push stays as likely as it is, beside whatever moves over and under.
        said = log_probabilities(self.predict_proba(X))
        baseline[:, PUSH] = said[:, PUSH] - (said[:, OVER] + said[:, UNDER]) / 2
        return Attribution(names=(*told.names, MARKET[0]), baseline=baseline, parts=_both_ways(parts))

    def to_weights(self) -> dict[str, Any]:
        check_is_fitted(self)
        return {
            "type": "market-blend",
            "model": self.model_.to_weights(),
            "parameters": {"line": self.line, "held_out": self.held_out, "pull": self.pull},
            "weights": self.weights_.tolist(),
            "alone": self.alone_.tolist(),
            "rows": list(self.rows_),
            "features": self.feature_names_in_.tolist(),
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        fitted = rebuild(weights["model"])
        model = cls(fitted, **weights["parameters"])
        model.model_, model.classes_ = fitted, np.arange(3)
        model.weights_, model.alone_ = (np.array(weights[name], dtype=float) for name in ("weights", "alone"))
        model.rows_ = (int(weights["rows"][0]), int(weights["rows"][1]))
        model.feature_names_in_ = np.array(weights["features"], dtype=object)
        model.n_features_in_ = len(model.feature_names_in_)
        return model

    def _fitted(self, X: Any, y: Floats, weight: Floats | None) -> Any:
        more = {} if weight is None else {"sample_weight": weight}
        return clone(self.model).fit(self._of_model(X), y, **more)

    def _of_model(self, X: Any) -> Any:
        return X[[name for name in self.feature_names_in_ if name not in MARKET]]

    def _learn(self, earlier: Any, X: Any, counts: Floats) -> None:
        self.weights_, self.alone_, self.rows_ = USUAL, AS_MODELLED, (0, 0)
        if not len(counts):
            return
        line = _column(X, self.line)
        model, market = _logit_of_over(earlier.predict_proba(self._of_model(X))), _market_logit(X)
        over, decided, known = (counts > line).astype(float), counts != line, np.isfinite(market)
        priced, unpriced = decided & known, decided & ~known
        ones = np.ones(len(counts))
        self.weights_ = pulled(np.column_stack([market, model, ones])[priced], over[priced], USUAL, self.pull)
        self.alone_ = pulled(np.column_stack([model, ones])[unpriced], over[unpriced], AS_MODELLED, self.pull)
        self.rows_ = (int(priced.sum()), int(unpriced.sum()))

    def _share(self, said: Floats, X: Any) -> Floats:
        """Over's share of over and under (n,), given what the model says (n, 3)."""
        model, market = _logit_of_over(said), _market_logit(X)
        blended = self.weights_[0] * market + self.weights_[1] * model + self.weights_[2]
        alone = self.alone_[0] * model + self.alone_[1]
        return _sigmoid(np.where(np.isfinite(market), blended, alone))


def pulled(design: Floats, over: Floats, usual: Floats, pull: float) -> Floats:
    """Weights (k,) of a logistic regression of over (m,) on design (m, k), pulled to the usual ones.

    The pull is that of `pull` rows more, spread over the same places, which came out just as the usual weights say; so
    no rows give the usual weights.
    """
    if not len(over):
        return usual
    target = (len(over) * over + pull * _sigmoid(design @ usual)) / (len(over) + pull)
    weights = usual.copy()
    for _ in range(STEPS):
        said = _sigmoid(design @ weights)
        bend = (design * (said * (1 - said))[:, None]).T @ design
        step = np.linalg.lstsq(bend, design.T @ (target - said), rcond=None)[0]
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(weights, dtype=float)


def tilted(table: Floats, line: Floats, share: Floats) -> Floats:
    """Laws (n, K), each p(k)·exp(θ·k) normalised, whose share of over among over and under at the line (n,) is `share`.

    A law with nothing on one side of its line stays as it is.
    """
    found = np.array(table, dtype=float)
    for begin in range(0, len(found), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        found[part] = _tilted(found[part], line[part], share[part])
    return found


def _tilted(table: Floats, line: Floats, share: Floats) -> Floats:
    far = np.arange(table.shape[1]) - line[:, None]
    before = sides(table, line)
    possible = (before[:, OVER] > 0) & (before[:, UNDER] > 0)
    with np.errstate(divide="ignore"):
        log_table = np.log(table)
    low, high = np.full(len(line), -STEEPEST), np.full(len(line), STEEPEST)
    for _ in range(STEPS):
        middle = (low + high) / 2
        said = sides(_leaned(log_table, far, middle), line)
        above = said[:, OVER] > share * (said[:, OVER] + said[:, UNDER])
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.where(possible[:, None], _leaned(log_table, far, (low + high) / 2), table)


def _leaned(log_table: Floats, far: Floats, slope: Floats) -> Floats:
    scores = log_table + slope[:, None] * far
    leaned = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(leaned / leaned.sum(axis=1, keepdims=True), dtype=float)


def sides(table: Floats, line: Floats) -> Floats:
    """Over, push and under (n, 3) of laws (n, K) at lines (n,)."""
    counts = np.arange(table.shape[1])
    over, under = (table * (counts > line[:, None])).sum(axis=1), (table * (counts < line[:, None])).sum(axis=1)
    return np.column_stack([over, np.maximum(1 - over - under, 0.0), under])


def _market_logit(X: Any) -> Floats:
    over, under = (_column(X, name) for name in MARKET)
    return _logit(over / (over + under))


def _logit_of_over(said: Floats) -> Floats:
    decided = np.maximum(said[:, OVER] + said[:, UNDER], CERTAIN)
    return _logit(said[:, OVER] / decided)


def _logit(share: Floats) -> Floats:
    kept = np.clip(share, CERTAIN, 1 - CERTAIN)
    return np.asarray(np.log(kept / (1 - kept)), dtype=float)


def _sigmoid(score: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-score)), dtype=float)


def _both_ways(score: Floats) -> Floats:
    """Log-odds of over against under (…) as scores (…, 3)."""
    return np.stack([score / 2, np.zeros_like(score), -score / 2], axis=-1)


def _column(X: Any, name: str) -> Floats:
    return np.asarray(X[name].to_numpy(dtype=float), dtype=float)

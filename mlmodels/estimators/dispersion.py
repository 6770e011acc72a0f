"""How far counts scatter around their means, learned on rows whose means were forecast before they were seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmodels.estimators.count_distribution import LEAST_MEAN, cdf, log_pmf

Floats = NDArray[np.float64]

USUAL_SIZE = 8.0
LEAST_ROWS = 100
"""With fewer rows the usual size stands."""

SIZES = (0.05, 1e4)
RIDGE = 1e-3
KNOTS = 21
KEPT_GAIN = 0.0003
"""Log score (nats a row) that a shape of its own must win out of fold."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Dispersion:
    """The size of a negative binomial as exp(a + b·log mean + Σ c·z), z the standardised columns of volatility.

    weights: (2 + columns,). centre, scale: (columns,) by which columns become z; what is not known is 0. shape: knots
    (k,) of P(count ≤ y) as a function of the negative binomial's own, at even steps from 0 to 1: the empirical
    residuals, as the mean of non-randomised probability integral transforms (Czado, Gneiting & Held 2009, "Predictive
    model assessment for count data"); a straight line where they did not help.
    """

    weights: Floats
    centre: Floats
    scale: Floats
    shape: Floats

    def size(self, mean: Any, columns: Floats) -> Floats:
        """(n,) of means (n,) and columns of volatility (n, c)."""
        log_size = _design(np.asarray(mean, dtype=float), self._standardised(columns)) @ self.weights
        return np.asarray(np.clip(np.exp(np.clip(log_size, -20.0, 20.0)), *SIZES), dtype=float)

    def reshaped(self, probability: Floats) -> Floats:
        """What P(count ≤ y) of the negative binomial stands for."""
        return np.interp(probability, np.linspace(0.0, 1.0, len(self.shape)), self.shape)

    @property
    def has_shape(self) -> bool:
        return len(self.shape) > 2

    def _standardised(self, columns: Floats) -> Floats:
        return np.nan_to_num((columns - self.centre) / self.scale)

    def to_weights(self) -> dict[str, Any]:
        return {name: getattr(self, name).tolist() for name in ("weights", "centre", "scale", "shape")}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Dispersion:
        return cls(**{name: np.array(weights[name], dtype=float) for name in ("weights", "centre", "scale", "shape")})


STRAIGHT = np.array([0.0, 1.0])


def usual_dispersion(columns: int) -> Dispersion:
    """What stands where there is too little to learn from."""
    weights = np.zeros(2 + columns)
    weights[0] = np.log(USUAL_SIZE)
    return Dispersion(weights=weights, centre=np.zeros(columns), scale=np.ones(columns), shape=STRAIGHT)


def learn_dispersion(counts: Floats, mean: Floats, columns: Floats) -> Dispersion:
    """By maximum likelihood of counts (n,) given means (n,) that were forecast, and columns of volatility (n, c).

    The shape of the empirical residuals is kept only where it wins on rows that it was not learned on.
    """
    if len(counts) < LEAST_ROWS:
        return usual_dispersion(columns.shape[1])
    plain = _by_likelihood(counts, mean, columns)
    shape = _shape(plain, counts, mean, columns)
    gain = _gain_out_of_fold(plain, counts, mean, columns)
    needed = max(KEPT_GAIN, 2 * float(gain.std()) / np.sqrt(len(gain)))
    return _with(plain, shape) if gain.mean() > needed else plain


def log_score(dispersion: Dispersion, counts: Floats, mean: Floats, columns: Floats) -> Floats:
    """(n,) log probability of what came."""
    size = dispersion.size(mean, columns)
    if not dispersion.has_shape:
        return log_pmf(counts, mean, size)
    upto, below = (dispersion.reshaped(cdf(counts - back, mean, size)) for back in (0.0, 1.0))
    return np.asarray(np.log(np.maximum(upto - below, 1e-9)), dtype=float)


def _by_likelihood(counts: Floats, mean: Floats, columns: Floats) -> Dispersion:
    from scipy.optimize import minimize

    centre, scale = _centre_and_scale(columns)
    plain = usual_dispersion(columns.shape[1])
    z = np.nan_to_num((columns - centre) / scale)
    design = _design(mean, z)

    def loss(weights: Floats) -> float:
        size = np.clip(np.exp(np.clip(design @ weights, -20.0, 20.0)), *SIZES)
        return float(-log_pmf(counts, mean, size).mean() + RIDGE * (weights[1:] ** 2).sum())

    found: Any = minimize(loss, plain.weights, method="L-BFGS-B")
    return Dispersion(weights=np.asarray(found.x, dtype=float), centre=centre, scale=scale, shape=STRAIGHT)


def _centre_and_scale(columns: Floats) -> tuple[Floats, Floats]:
    known = np.ma.masked_invalid(columns)
    centre, scale = np.ma.mean(known, axis=0).filled(0.0), np.ma.std(known, axis=0).filled(0.0)
    return np.asarray(centre, dtype=float), np.where(scale > 0, scale, 1.0)


def _shape(plain: Dispersion, counts: Floats, mean: Floats, columns: Floats) -> Floats:
    size = plain.size(mean, columns)
    upto, below = cdf(counts, mean, size), cdf(counts - 1.0, mean, size)
    steps = np.linspace(0.0, 1.0, KNOTS)
    width = np.maximum(upto - below, 1e-12)
    shape = np.array([np.clip((step - below) / width, 0.0, 1.0).mean() for step in steps])
    shape[0], shape[-1] = 0.0, 1.0
    return np.asarray(np.maximum.accumulate(shape), dtype=float)


def _gain_out_of_fold(plain: Dispersion, counts: Floats, mean: Floats, columns: Floats) -> Floats:
    """(n,) log score won by a shape learned on the other half, halves cut in time."""
    half = np.arange(len(counts)) < len(counts) // 2
    gain = np.empty(len(counts))
    for other in (half, ~half):
        shaped = _with(plain, _shape(plain, counts[~other], mean[~other], columns[~other]))
        rows = counts[other], mean[other], columns[other]
        gain[other] = log_score(shaped, *rows) - log_score(plain, *rows)
    return gain


def _with(plain: Dispersion, shape: Floats) -> Dispersion:
    return Dispersion(weights=plain.weights, centre=plain.centre, scale=plain.scale, shape=shape)


def _design(mean: Floats, z: Floats) -> Floats:
    return np.column_stack([np.ones(len(mean)), np.log(np.maximum(mean, LEAST_MEAN)), z])

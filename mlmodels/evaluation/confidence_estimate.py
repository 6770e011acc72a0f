"""How well a model does on events whose results are not in yet, by its own probabilities.

A calibrated forecaster knows its own expected loss: of an event told p, the likeliest class comes with max p, the log
loss is the entropy of p on average, the Brier score Σ p(1 - p). (Confidence-based performance estimation: Guillory et
al. 2021, "Predicting with confidence on unseen distributions"; NannyML's CBPE.) It can only be trusted as far as the
probabilities can: Spiegelhalter's (1986) test compares the losses of settled events with their expectation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmodels.evaluation.metrics import SMALLEST, brier_each, log_loss_each

Floats = NDArray[np.float64]

Z95 = 1.959964
FEWEST_SETTLED = 100
"""Settled events, below which calibration can't be judged."""

WORST_Z = 3.0
"""Standard errors between what was expected and what came, beyond which the probabilities are not to be trusted."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A figure over n events to come: its expectation, and where 95 % of outcomes will put it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    n: int
    accuracy: Expected
    log_loss: Expected
    brier: Expected


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whether settled events bear the estimate out: the largest z of log loss and Brier score, and a sentence."""

    n: int
    z: float | None
    trusted: bool
    reason: str


def estimate(probabilities: ArrayLike) -> Estimate:
    """What to expect of forecasts (n, k) if they are calibrated and their events independent.

    The intervals are for the figures that will be seen, by the normal approximation. Raises ValueError for no rows, or
    rows that are not probabilities.
    """
    p = np.asarray(probabilities, dtype=float)
    log_loss_each(p, np.zeros(len(p), dtype=int))
    top = p.max(1)
    losses, squares = -np.log(np.clip(p, SMALLEST, 1.0)), _brier_by_outcome(p)
    return Estimate(
        n=len(p),
        accuracy=_expected(top, top * (1 - top), most=1.0),
        log_loss=_expected(*_moments(p, losses)),
        brier=_expected(*_moments(p, squares), most=2.0),
    )


def trust(probabilities: ArrayLike, outcomes: ArrayLike) -> Trust:
    """Whether settled forecasts (n, k) and outcomes (n,) allow an estimate to be believed."""
    p, y = np.asarray(probabilities, dtype=float), np.asarray(outcomes)
    if len(p) < FEWEST_SETTLED:
        return Trust(
            n=len(p),
            z=None,
            trusted=False,
            reason=f"Only {len(p)} events are settled; {FEWEST_SETTLED} are needed to see whether it is calibrated.",
        )
    pairs = (
        (log_loss_each(p, y), _moments(p, -np.log(np.clip(p, SMALLEST, 1.0)))),
        (brier_each(p, y), _moments(p, _brier_by_outcome(p))),
    )
    z = max((_z(came, mean, variance) for came, (mean, variance) in pairs), key=abs)
    if abs(z) <= WORST_Z:
        return Trust(n=len(p), z=z, trusted=True, reason=f"Borne out by {len(p)} settled events.")
    side = "more" if z > 0 else "less"
    return Trust(
        n=len(p),
        z=z,
        trusted=False,
        reason=(
            f"Not to be trusted: the {len(p)} settled events cost {side} than their probabilities promised, "
            f"by {abs(z):.1f} standard errors."
        ),
    )


def _z(came: Floats, mean: Floats, variance: Floats) -> float:
    spread = math.sqrt(float(variance.sum()))
    return float((came - mean).sum()) / spread if spread > 0 else 0.0


def _brier_by_outcome(p: Floats) -> Floats:
    """(n, k): the Brier score if the class came."""
    return np.asarray((p**2).sum(1, keepdims=True) - 2 * p + 1, dtype=float)


def _moments(p: Floats, losses: Floats) -> tuple[Floats, Floats]:
    """Mean and variance (n,) of a loss by outcome (n, k) under p."""
    mean = (p * losses).sum(1)
    return mean, np.maximum(0.0, (p * losses**2).sum(1) - mean**2)


def _expected(mean: Floats, variance: Floats, *, most: float = math.inf) -> Expected:
    value = float(mean.mean())
    reach = Z95 * math.sqrt(float(variance.sum())) / len(mean)
    return Expected(value=value, low=max(0.0, value - reach), high=min(most, value + reach))

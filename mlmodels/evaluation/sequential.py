"""Is a challenger better than the champion? An answer that stays honest however often somebody looks.

Pairs are events forecast by both, in the order in which they were decided. A difference is d = loss(champion) -
loss(challenger): positive where the challenger did better. Both forecasts are written down before the event, so how far
d can be from zero is known before it, too: the pair's bound, the largest |d| over all outcomes.

The evidence is about the running average of the conditional means of d (the weak null of Choe & Ramdas, "Comparing
Sequential Forecasters", Operations Research 2023), so forecasters may change, learn and have good and bad weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STAKES = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0)
"""Shares λ bet on each unit of difference, in equal parts: near the truth the best λ (mean over variance) of a proper
score is of order one whatever the size of the difference: about 1/2 for log loss, 3/4 for Brier, 2 for RPS."""

MOST_AT_RISK = 0.9
"""A stake stops for good before the first pair that could cost it more than this share of its capital."""

LARGEST_E_VALUE = 1e300

_TILTS = 2.0 ** (5 - 0.75 * np.arange(16))
"""λ of the confidence sequence's mixture, per unit of loss: good from tens of pairs to 100,000."""

_NEWTON_STEPS = 8

_TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What n observations say. mean: of d so far, with its time-uniform interval; e_value: evidence that it is > 0."""

    n: int
    mean: float
    low: float
    high: float
    e_value: float


def compare(differences: ArrayLike, bounds: ArrayLike, *, alpha: float = 0.05) -> Comparison:
    """The state of a comparison after all of its pairs (n,); without any, nothing is known.

    Raises what `e_process` raises.
    """
    d, b = _checked(differences, bounds)
    if not d.size:
        return Comparison(n=0, mean=0.0, low=-np.inf, high=np.inf, e_value=1.0)
    low, high = confidence_sequence(d, b, alpha)
    return Comparison(
        n=d.size,
        mean=float(d.mean()),
        low=float(low[-1]),
        high=float(high[-1]),
        e_value=float(e_process(d, b)[-1]),
    )


def e_process(differences: ArrayLike, bounds: ArrayLike) -> Floats:
    """Evidence (…, n) after each pair that the challenger is better on average; pairs run along the last axis.

    If it never was (if at no time the average of the conditional means μᵢ so far was above 0), this exceeds 1/α at any
    time with probability at most α. For each λ the capital Π(1+λdᵢ) is Π(1+λdᵢ)/(1+λμᵢ), a non-negative martingale,
    times Π(1+λμᵢ) ≤ exp(λΣμᵢ) ≤ 1 (betting: Waudby-Smith & Ramdas, "Estimating means of bounded random variables by
    betting", JRSS B 2024). A λ that could be ruined by a pair stops before it, which only needs the pair's bound.
    Raises ValueError for other shapes, numbers that are not finite, and a difference beyond its bound.
    """
    d, b = _checked(differences, bounds)
    logarithm = np.full(d.shape, -np.inf)
    for stake in STAKES:
        playing = np.logical_and.accumulate(stake * b <= MOST_AT_RISK, axis=-1)
        capital = np.cumsum(np.log1p(np.where(playing, stake * d, 0.0)), axis=-1)
        logarithm = np.logaddexp(logarithm, capital)
    logarithm -= np.log(len(STAKES))
    return np.asarray(np.exp(np.minimum(logarithm, np.log(LARGEST_E_VALUE))), dtype=float)


def confidence_sequence(differences: ArrayLike, bounds: ArrayLike, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """(low, high), each (…, n), for the running average of the conditional means of d.

    With probability at least 1 - α they hold it after every pair at once. Empirical Bernstein (Howard, Ramdas,
    McAuliffe & Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 2021,
    Theorem 4; Choe & Ramdas 2023, Theorem 2): exp{λ(S - Σμ) - Σψᵢ(λ)(dᵢ - γᵢ)²} with ψᵢ(λ) = (-log(1-cᵢλ) - cᵢλ)/cᵢ²
    is a supermartingale while λcᵢ < 1, since exp(λξ - ψᵢ(λ)ξ²) ≤ 1 + λξ for ξ ≥ -cᵢ (Fan, Grama & Liu 2015). The range
    cᵢ is the pair's bound and the distance of γᵢ, the mean so far, from 0: both are known before the event, so that no
    range over all pairs need be guessed. A mixture over λ, fixed in advance, counts at α/2 on either side.
    Raises what `e_process` raises, and ValueError for an α outside 0..1.
    """
    d, b = _checked(differences, bounds)
    if not 0 < alpha < 1:
        raise ValueError("alpha is between 0 and 1.")
    if not d.size:
        return d.copy(), d.copy()
    count = np.arange(1, d.shape[-1] + 1)
    mean = np.cumsum(d, axis=-1) / count
    radius = _reach(_penalties(d, b, mean), np.log(2 / alpha)) / count
    # No conditional mean is beyond its pair's bound either, which is all that the first pairs tell.
    most = np.cumsum(b, axis=-1) / count
    return np.maximum(mean - radius, -most), np.minimum(mean + radius, most)


def grouped(differences: ArrayLike, bounds: ArrayLike, groups: ArrayLike) -> tuple[Floats, Floats]:
    """One difference and bound a group (g,), in order of first appearance, from pairs (n,) with group labels (n,).

    What is decided by the same match depends on each other: together it is one observation, the mean of its pairs.
    Raises what `e_process` raises.
    """
    d, b = _checked(differences, bounds)
    labels = np.asarray(groups)
    if d.ndim != 1 or labels.shape != d.shape:
        raise ValueError(f"groups labels each of the {d.size} pairs.")
    if not d.size:
        return d, b
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    size = np.bincount(which)
    order = np.argsort(first)
    return (np.bincount(which, weights=d) / size)[order], (np.bincount(which, weights=b) / size)[order]


def threshold(alpha: float, challenger: int = 1) -> float:
    """The e-value that the j-th challenger of one champion needs: j(j+1)/α.

    α is spent in parts 1/(j(j+1)), which sum to 1: however many are tried, the chance that any equal one ever passes
    stays at most α. Raises ValueError for an α outside 0..1 and a count below 1.
    """
    if not 0 < alpha < 1:
        raise ValueError("alpha is between 0 and 1.")
    if challenger < 1:
        raise ValueError("Challengers are counted from 1.")
    return challenger * (challenger + 1) / alpha


def _checked(differences: ArrayLike, bounds: ArrayLike) -> tuple[Floats, Floats]:
    d, b = np.asarray(differences, dtype=float), np.asarray(bounds, dtype=float)
    if d.ndim < 1 or d.shape != b.shape:
        raise ValueError(f"Each difference has its bound; got shapes {d.shape} and {b.shape}.")
    if not (np.isfinite(d).all() and np.isfinite(b).all()):
        raise ValueError("Differences and bounds are finite.")
    if (np.abs(d) > b + 1e-9).any():
        raise ValueError("A difference is beyond its bound: the bound must be known before the event.")
    return d, b


def _penalties(d: Floats, bounds: Floats, mean: Floats) -> Floats:
    """Σψᵢ(λ)(dᵢ - γᵢ)² so far for each λ, (λ, …, n); infinite from the first pair on whose range a λ can't stand."""
    before = np.concatenate([np.zeros((*d.shape[:-1], 1)), mean[..., :-1]], axis=-1)
    centre = np.clip(before, -bounds, bounds)
    span = np.maximum(bounds + np.abs(centre), _TINY)
    squares = ((d - centre) / span) ** 2
    found = np.empty((len(_TILTS), *d.shape))
    for j, tilt in enumerate(_TILTS):
        share = tilt * span
        stands = share < 1
        safe = np.where(stands, share, 0.0)
        found[j] = np.cumsum(np.where(stands, (-np.log1p(-safe) - safe) * squares, np.inf), axis=-1)
    return found


def _reach(penalties: Floats, target: float) -> Floats:
    """How far (…, n) S - Σμ may be above 0 while the logarithm of the mixture stays below the target.

    That logarithm is convex in it, so Newton's method comes down to the solution from the right and may stop anywhere
    without the bound becoming too small. Infinite where no λ is left.
    """
    slope = _TILTS.reshape(-1, *[1] * (penalties.ndim - 1))
    offset = -np.log(len(_TILTS)) - penalties
    reach = ((target - offset) / slope).min(0)
    left = np.isfinite(reach)
    reach = np.where(left, reach, 0.0)
    for _ in range(_NEWTON_STEPS):
        exponent = offset + slope * reach
        top = np.where(left, exponent.max(0), 0.0)
        mass = np.exp(exponent - top)
        total = np.where(left, mass.sum(0), 1.0)
        gradient = np.where(left, (mass * slope).sum(0), 1.0)
        reach = reach - np.where(left, (top + np.log(total) - target) * total / gradient, 0.0)
    return np.where(left, reach, np.inf)

"""Probabilities behind bookmakers' prices: three ways to take the margin out.

All take decimal odds (n, k), one row a market, and give probabilities (n, k) that sum to 1; a row with a price that is
missing or not above 1 gives NaN. A row without a margin (or with a negative one) is only normalised.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STEPS = 60
EXACT = 1e-15
"""A row's sum is found when it is 1 up to this; after so many steps it is as near as it will come."""


def implied(prices: ArrayLike) -> Floats:
    """Inverse odds (n, k); each row sums to 1 + margin."""
    odds = np.atleast_2d(np.asarray(prices, dtype=float))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((odds > 1).all(axis=1, keepdims=True), 1.0 / odds, np.nan)


def multiplicative(prices: ArrayLike) -> Floats:
    """The margin in proportion to the inverse odds."""
    pi = implied(prices)
    return np.asarray(pi / pi.sum(axis=1, keepdims=True), dtype=float)


def power(prices: ArrayLike) -> Floats:
    """p = π^k with k such that the row sums to 1, which shortens long shots more.

    Source: Vovk & Zhdanov (2009), "Prediction with expert advice for the Brier game", JMLR 10, section 5.
    """
    pi = implied(prices)
    return _where_margin(pi, _solve(pi, lambda k: pi**k, low=1.0, high=50.0))


def shin(prices: ArrayLike) -> Floats:
    """Shin's model: a share z of the money is insiders'; p = (√(z² + 4(1-z)π²/Π) - z) / (2(1-z)), Π the sum of π.

    Sources: Shin (1992, 1993), "Prices of state contingent claims with insider traders, and the favourite-longshot
    bias" and "Measuring the incidence of insider trading in a market for state-contingent claims", Economic Journal
    102 and 103; the inversion in Jullien & Salanié (1994), "Measuring the incidence of insider trading: a comment".
    """
    pi = implied(prices)
    total = pi.sum(axis=1, keepdims=True)

    def probabilities(z: Floats) -> Floats:
        return np.asarray((np.sqrt(z**2 + 4 * (1 - z) * pi**2 / total) - z) / (2 * (1 - z)), dtype=float)

    return _where_margin(pi, _solve(pi, probabilities, low=0.0, high=0.99))


def _solve(pi: Floats, probabilities: Callable[[Floats], Floats], *, low: float, high: float) -> Floats:
    """Probabilities at the parameter, a row each, at which the row's sum falls to 1; NaN where no row's does.

    By false position with the far end's value halved where it stays (Dowell & Jarratt 1971, "A modified regula falsi
    method for computing the root of an equation", BIT 11).
    """
    has_margin = pi.sum(axis=1, keepdims=True) > 1
    if not has_margin.any():
        return np.full_like(pi, np.nan)

    def surplus(parameter: Floats) -> Floats:
        return np.asarray(probabilities(parameter).sum(axis=1, keepdims=True) - 1)

    near, far = np.full(has_margin.shape, low), np.full(has_margin.shape, high)
    with np.errstate(invalid="ignore", divide="ignore"):
        near_surplus, far_surplus = surplus(near), surplus(far)
        for _ in range(STEPS):
            middle = (near * far_surplus - far * near_surplus) / (far_surplus - near_surplus)
            middle_surplus = surplus(middle)
            if (np.abs(middle_surplus[has_margin]) <= EXACT).all():
                break
            crossed = middle_surplus * far_surplus < 0
            near = np.where(crossed, far, near)
            near_surplus = np.where(crossed, far_surplus, near_surplus / 2)
            far, far_surplus = middle, middle_surplus
        return probabilities(middle)


def _where_margin(pi: Floats, solved: Floats) -> Floats:
    total = pi.sum(axis=1, keepdims=True)
    plain = pi / total
    chosen = np.where(total > 1, solved, plain)
    return np.asarray(chosen / chosen.sum(axis=1, keepdims=True), dtype=float)

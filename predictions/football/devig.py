"""Probabilities behind bookmakers' prices: three ways to take the margin out.

All take decimal odds (n, k), one row a market, and give probabilities (n, k) that sum to 1; a row with a price that is
missing or not above 1 gives NaN. A row without a margin (or with a negative one) is only normalised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STEPS = 60
"""Halvings of the bracket: enough for the last bit of a float64."""


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


def _solve(pi: Floats, probabilities: object, *, low: float, high: float) -> Floats:
    """Bisection, a row each, on the parameter in which the row's sum falls to below 1; NaN where no row's does."""
    if not (pi.sum(axis=1) > 1).any():
        return np.full_like(pi, np.nan)
    lows, highs = np.full((len(pi), 1), low), np.full((len(pi), 1), high)
    for _ in range(STEPS):
        middle = (lows + highs) / 2
        with np.errstate(invalid="ignore"):
            too_much = probabilities(middle).sum(axis=1, keepdims=True) > 1  # type: ignore[operator]
        lows, highs = np.where(too_much, middle, lows), np.where(too_much, highs, middle)
    found: Floats = probabilities((lows + highs) / 2)  # type: ignore[operator]
    return found


def _where_margin(pi: Floats, solved: Floats) -> Floats:
    total = pi.sum(axis=1, keepdims=True)
    plain = pi / total
    chosen = np.where(total > 1, solved, plain)
    return np.asarray(chosen / chosen.sum(axis=1, keepdims=True), dtype=float)

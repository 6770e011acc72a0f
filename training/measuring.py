"""Means and differences of means with their t-intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlmodels.evaluation.bootstrap import Interval

Values = Sequence[float] | np.ndarray

CONFIDENCE = 0.95


def mean_interval(values: Values, *, confidence: float = CONFIDENCE) -> Interval:
    """The mean of two values or more, with Student's t-interval. Raises ValueError for fewer."""
    if len(values) < 2:
        raise ValueError("An interval takes two values at least.")
    at = np.asarray(values, dtype=float)
    return _around(float(at.mean()), float(at.var(ddof=1)) / len(at), len(at) - 1, confidence)


def difference_of_means(before: Values, after: Values, *, confidence: float = CONFIDENCE) -> Interval:
    """Mean of `after` less mean of `before`, with Welch's interval. Raises ValueError for fewer than two of either.

    Welch (1947), "The generalization of 'Student's' problem when several different population variances are involved",
    Biometrika 34; degrees of freedom by Welch and Satterthwaite.
    """
    if min(len(before), len(after)) < 2:
        raise ValueError("An interval takes two values at least on each side.")
    sides = [np.asarray(side, dtype=float) for side in (before, after)]
    parts = [float(side.var(ddof=1)) / len(side) for side in sides]
    variance, least = sum(parts), min(len(side) for side in sides) - 1
    spread = sum(part**2 / (len(side) - 1) for part, side in zip(parts, sides, strict=True))
    freedom = variance**2 / spread if spread else float(least)
    return _around(float(sides[1].mean() - sides[0].mean()), variance, freedom, confidence)


def _around(value: float, variance: float, freedom: float, confidence: float) -> Interval:
    from scipy.stats import t

    reach = float(t.ppf((1 + confidence) / 2, freedom)) * variance**0.5
    return Interval(value=value, low=value - reach, high=value + reach)

"""What a count may come to: a negative binomial by mean and dispersion, and what it says of a line.

A negative binomial with mean m and size r has variance m + m²/r: counts that scatter more than a Poisson's, which is
its limit for large r. Source: Cameron & Trivedi (2013), "Regression Analysis of Count Data", section 3.3 (NB2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OVER, PUSH, UNDER = 0, 1, 2
"""Columns of the probabilities at a line."""

LEAST_MEAN = 1e-3
"""Means are kept from 0, where every line is a certainty that no model should claim."""


def log_pmf(counts: Any, mean: Any, size: Any) -> Floats:
    """Log probability of each count, by broadcast; all arguments may be arrays. Counts are whole and not negative."""
    from scipy.special import gammaln, xlogy

    y, m, r = np.asarray(counts, dtype=float), _mean(mean), np.asarray(size, dtype=float)
    ways = gammaln(y + r) - gammaln(r) - gammaln(y + 1.0)
    # log(r / (r + m)) as −log1p(m / r), which stays exact where r is large and the law is a Poisson's.
    return np.asarray(ways - r * np.log1p(m / r) + xlogy(y, m / (r + m)), dtype=float)


def cdf(counts: Any, mean: Any, size: Any) -> Floats:
    """P(count ≤ k), by broadcast; 0 for k < 0. k is rounded down."""
    from scipy.special import betainc

    k, m, r = np.floor(np.asarray(counts, dtype=float)), _mean(mean), np.asarray(size, dtype=float)
    share = r / (r + m)
    return np.asarray(np.where(k < 0, 0.0, betainc(r, np.maximum(k, 0.0) + 1.0, share)), dtype=float)


def pmf_table(mean: Any, size: Any, *, length: int) -> Floats:
    """(n, length) probabilities of 0, 1, … of n laws; what lies beyond is in the last."""
    m, r = np.atleast_1d(_mean(mean))[:, None], np.atleast_1d(np.asarray(size, dtype=float))[:, None]
    table = np.exp(log_pmf(np.arange(length), m, r))
    table[:, -1] += np.maximum(1.0 - table.sum(1), 0.0)
    return np.asarray(table / table.sum(1, keepdims=True), dtype=float)


def at_line(below: Floats, upto: Floats) -> Floats:
    """(n, 3) over, push, under, from P(count < line) and P(count ≤ line)."""
    return np.column_stack([1.0 - upto, upto - below, below])


def line_places(line: Any) -> tuple[Floats, Floats]:
    """The largest whole counts below a line and up to it: 24 and 24 for 24.5, 23 and 24 for 24."""
    lines = np.asarray(line, dtype=float)
    return np.ceil(lines) - 1.0, np.floor(lines)


def at_lines(mean: Any, size: Any, line: Any) -> Floats:
    """(n, 3) probabilities that a count ends over, on and under its line."""
    below, upto = line_places(line)
    return at_line(cdf(below, mean, size), cdf(upto, mean, size))


def _mean(mean: Any) -> Floats:
    return np.asarray(np.maximum(np.asarray(mean, dtype=float), LEAST_MEAN), dtype=float)

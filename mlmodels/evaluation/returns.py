"""How sure the return of a series of bets is: bootstrap intervals of ratios, and the usual figures of a bankroll."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FEWEST_BLOCKS = 8
"""With fewer blocks resampling says more about itself than about the bets: no interval is given."""

ALIKE = 1e-12
"""Blocks whose ratios spread no further than this, as a share of the largest, are all alike."""

CHUNK = 4_000_000
"""Resampled weights held in memory at once."""


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio of sums with its bootstrap interval; the bounds are None where there are too few blocks to tell.

    So they are where all blocks have one ratio, such as bets that were all lost: what did not come yet can't be drawn.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    blocks: int

    @property
    def is_noise(self) -> bool:
        """Whether the interval covers zero, or can't be told."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    blocks: ArrayLike,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Ratio | None:
    """Σ numerator / Σ denominator over n events, such as profit over stakes; None where the denominator sums to 0.

    blocks: (n,) labels such as the week; whole blocks are resampled, so that events of one block may depend on each
    other (Künsch 1989). The interval is the bootstrap-t of Hall (1988), "Theoretical comparison of bootstrap confidence
    intervals", Annals of Statistics 16, with the linearised standard error of a ratio: percentiles alone cover too
    seldom where a few long prices carry the sum. Raises ValueError for other shapes or what is not finite.
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    labels = np.asarray(blocks)
    if top.ndim != 1 or top.shape != bottom.shape or top.shape != labels.shape:
        raise ValueError("numerator, denominator and blocks are three arrays (n,) of the same events.")
    if not (np.isfinite(top).all() and np.isfinite(bottom).all()) or (bottom < 0).any():
        raise ValueError("numerator and denominator are finite, and the denominator is not negative.")
    if not bottom.sum() > 0:
        return None
    _, block = np.unique(labels, return_inverse=True)
    sums = np.bincount(block, weights=top).astype(float)
    sizes = np.bincount(block, weights=bottom).astype(float)
    value = float(sums.sum() / sizes.sum())
    low, high = _bootstrap_t(sums, sizes, confidence, resamples, np.random.default_rng(seed))
    return Ratio(value=value, low=low, high=high, n=len(top), blocks=len(sums))


def _bootstrap_t(
    sums: Floats, sizes: Floats, confidence: float, resamples: int, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    n = len(sums)
    if n < FEWEST_BLOCKS:
        return None, None
    value = sums.sum() / sizes.sum()
    error = math.sqrt(((sums - value * sizes) ** 2).sum() * n / (n - 1)) / sizes.sum()
    # Compared with the size of a block, since sums of floats that are alike differ in their last bits.
    if error <= ALIKE * np.abs(sums).max() / sizes.mean():
        return None, None
    scores = []
    for begin in range(0, resamples, rows := max(1, CHUNK // n)):
        drawn = rng.multinomial(n, np.full(n, 1 / n), size=min(rows, resamples - begin))
        scores.append(_studentised(drawn, sums, sizes, value))
    t = np.concatenate(scores)
    tail = (1 - confidence) / 2
    high_t, low_t = np.quantile(t, [1 - tail, tail])
    return float(value - high_t * error), float(value - low_t * error)


def _studentised(drawn: NDArray[np.int_], sums: Floats, sizes: Floats, value: float) -> Floats:
    """(ratio of a resample - ratio) / its own standard error; resamples without spread or size are left out."""
    n = len(sums)
    weight = drawn @ sizes
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = (drawn @ sums) / weight
        spread = drawn @ sums**2 - 2 * ratios * (drawn @ (sums * sizes)) + ratios**2 * (drawn @ sizes**2)
        t = (ratios - value) * weight / np.sqrt(np.maximum(spread, 0.0) * n / (n - 1))
    return np.asarray(t[np.isfinite(t)], dtype=float)


def deepest_fall(values: ArrayLike) -> tuple[float, int, int]:
    """The largest fall from a peak, as a share of the peak (0..1), with the positions of its peak and its bottom.

    values: (n,) positive, in order of time, at least one.
    """
    course = np.asarray(values, dtype=float)
    peaks = np.maximum.accumulate(course)
    falls = 1 - course / peaks
    bottom = int(falls.argmax())
    return float(falls[bottom]), int(course[: bottom + 1].argmax()), bottom


def falls(values: ArrayLike) -> Floats:
    """How far each value lies below the highest before it, as a share of that (n,)."""
    course = np.asarray(values, dtype=float)
    return np.asarray(1 - course / np.maximum.accumulate(course), dtype=float)


def sharpe(returns: ArrayLike) -> float | None:
    """Mean over standard deviation of returns (n,), per period and without a risk-free rate (Sharpe 1966).

    None for fewer than two periods, or where all are alike.
    """
    each = np.asarray(returns, dtype=float)
    spread = float(each.std(ddof=1)) if len(each) > 1 else 0.0
    return float(each.mean()) / spread if spread > 0 else None


def longest_run(flags: ArrayLike) -> int:
    """The most consecutive true values of (n,)."""
    longest = run = 0
    for flag in np.asarray(flags, dtype=bool):
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest

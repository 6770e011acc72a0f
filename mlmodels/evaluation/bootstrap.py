"""Is one forecaster better than another on the same events, or just luckier?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CHUNK = 4_000_000
"""Resampled weights held in memory at once."""


@dataclass(frozen=True, kw_only=True)
class PairedDifference:
    """Mean of (loss - reference's loss) per event, with its bootstrap interval; negative: better than the reference."""

    mean: float
    low: float
    high: float
    n: int
    blocks: int


def paired_difference(
    loss: ArrayLike,
    reference: ArrayLike,
    *,
    blocks: ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> PairedDifference:
    """Mean difference of two losses (n,) on the same events, with a percentile bootstrap interval.

    blocks: (n,) labels such as the week; whole blocks are resampled, so that events of one block may depend on each
    other (Künsch 1989). Without it every event is its own block. Raises ValueError for other shapes, no events, or
    losses that are not finite.
    """
    difference = np.asarray(loss, dtype=float) - np.asarray(reference, dtype=float)
    if difference.ndim != 1 or not len(difference):
        raise ValueError("Losses are two arrays (n,) of the same, at least one, events.")
    if not np.isfinite(difference).all():
        raise ValueError("Losses are finite.")
    if not 0 < confidence < 1:
        raise ValueError("confidence is between 0 and 1.")
    sums, sizes = _block_sums(difference, blocks)
    means = _resampled_means(sums, sizes, resamples, np.random.default_rng(seed))
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return PairedDifference(
        mean=float(difference.mean()), low=float(low), high=float(high), n=len(difference), blocks=len(sums)
    )


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A figure of all events, and the percentile bootstrap interval around it."""

    value: float
    low: float
    high: float


def figure_interval(
    compute: Callable[[NDArray[np.int_]], float],
    n: int,
    *,
    blocks: ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 400,
    seed: int = 0,
) -> Interval:
    """Of any figure of n events: `compute` takes the indices of the events that a resample holds, with repeats.

    blocks: (n,) labels; whole blocks are resampled, as in `paired_difference`. Resamples where the figure is not
    defined (NaN) are left out. Raises ValueError for no events, or a figure that is not defined on all of them.
    """
    if n < 1:
        raise ValueError("There is nothing to measure: no events.")
    value = compute(np.arange(n))
    if not np.isfinite(value):
        raise ValueError("The figure is not defined on these events.")
    labels = np.arange(n) if blocks is None else np.unique(np.asarray(blocks), return_inverse=True)[1]
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels))
    members = np.split(order, ends[:-1])
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(len(members), size=len(members)) for _ in range(resamples))
    found = np.array([compute(np.concatenate([members[i] for i in choice])) for choice in drawn])
    found = found[np.isfinite(found)]
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(value=value, low=float(low), high=float(high))


def _block_sums(values: Floats, blocks: ArrayLike | None) -> tuple[Floats, Floats]:
    if blocks is None:
        return values, np.ones(len(values))
    labels = np.asarray(blocks)
    if labels.shape != values.shape:
        raise ValueError(f"blocks labels each of the {len(values)} events.")
    _, block = np.unique(labels.astype(str), return_inverse=True)
    return np.bincount(block, weights=values).astype(float), np.bincount(block).astype(float)


def _resampled_means(sums: Floats, sizes: Floats, resamples: int, rng: np.random.Generator) -> Floats:
    n = len(sums)
    means = []
    for begin in range(0, resamples, rows := max(1, CHUNK // n)):
        drawn = rng.multinomial(n, np.full(n, 1 / n), size=min(rows, resamples - begin))
        means.append((drawn @ sums) / (drawn @ sizes))
    return np.concatenate(means)

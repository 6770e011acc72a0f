"""Seconds, shares and means, which every statistic is made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def seconds_of(is_so: np.ndarray, steps: np.ndarray) -> float:
    """How long something was so: (n,) bool, and (n,) seconds that each frame stands for."""
    return float(steps[is_so].sum())


def percent(seconds: Mapping[str, float]) -> dict[str, float]:
    """Each one's share of them all, 0..100; zeros where there is nothing."""
    return percent_of(seconds, sum(seconds.values()))


def percent_of(seconds: Mapping[str, float], total: float) -> dict[str, float]:
    """Each one's share of a total, 0..100; zeros where that is nothing."""
    return {name: 100 * value / total if total else 0.0 for name, value in seconds.items()}


def mean_over(values: np.ndarray, steps: np.ndarray) -> float | None:
    """Mean of (n,) values over time; frames with NaN are left out, and None is for no frame at all."""
    known = ~np.isnan(values) & (steps > 0)
    total = float(steps[known].sum())
    return float((values[known] * steps[known]).sum()) / total if total else None

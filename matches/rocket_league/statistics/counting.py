"""Seconds and shares, which every statistic is made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def seconds_of(is_so: np.ndarray, steps: np.ndarray) -> float:
    """How long something was so: (n,) bool, and (n,) seconds that each frame stands for."""
    return float(steps[is_so].sum())


def percent(seconds: Mapping[str, float]) -> dict[str, float]:
    """Each one's share of them all, 0..100; zeros where there is nothing."""
    total = sum(seconds.values())
    return {name: 100 * value / total if total else 0.0 for name, value in seconds.items()}

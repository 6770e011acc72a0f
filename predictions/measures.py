"""Figures of `mlmodels.evaluation.metrics` as problems name them, loaded when they are first computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def measure(name: str) -> Callable[[np.ndarray, np.ndarray], float]:
    """(probabilities (n, k), outcomes (n,)) to one number."""

    def compute(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
        from mlmodels.evaluation import metrics

        return float(getattr(metrics, name)(probabilities, outcomes))

    return compute

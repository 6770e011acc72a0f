"""What a forecast would lose under each outcome: known before the event, and so a bound on what it can lose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmodels.evaluation.metrics import SMALLEST

Floats = NDArray[np.float64]


def log_losses(p: ArrayLike) -> Floats:
    """Logarithmic loss (…, k) in nats of probabilities (…, k), were each label to come true."""
    return np.asarray(-np.log(np.clip(np.asarray(p, dtype=float), SMALLEST, 1.0)), dtype=float)


def brier_losses(p: ArrayLike) -> Floats:
    """Multi-class Brier score 0..2 (…, k) of probabilities (…, k), were each label to come true."""
    probabilities = np.asarray(p, dtype=float)
    return np.asarray((probabilities**2).sum(-1, keepdims=True) - 2 * probabilities + 1, dtype=float)


def rps_losses(p: ArrayLike) -> Floats:
    """Ranked probability score 0..1 (…, k) of probabilities (…, k) of ordered labels, were each to come true."""
    probabilities = np.asarray(p, dtype=float)
    classes = probabilities.shape[-1]
    reached = np.tri(classes, dtype=float).T[:, :-1]
    gaps = np.cumsum(probabilities, axis=-1)[..., None, :-1] - reached
    return np.asarray((gaps**2).sum(-1) / max(1, classes - 1), dtype=float)


LABEL_LOSSES: Mapping[str, Callable[[ArrayLike], Floats]] = {
    "log_loss": log_losses,
    "brier": brier_losses,
    "rps": rps_losses,
}
"""By the name of the metric that is their mean over events."""

"""Forecasts of home, draw and away with about the spread of real football, and outcomes drawn from them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def forecasts(rng: np.random.Generator, *shape: int) -> Floats:
    """Probabilities (…, 3): hosts win 44 %, a quarter is drawn; the mean log loss of the truth is 1.00."""
    supremacy = rng.normal(0.35, 0.75, shape)
    home = 1 / (1 + np.exp(-(supremacy - 0.62)))
    away = 1 / (1 + np.exp(supremacy + 0.62))
    return np.stack([home, 1 - home - away, away], -1)


def outcomes(rng: np.random.Generator, truth: Floats) -> Ints:
    """Class indices (…,) drawn from (…, 3)."""
    drawn = rng.random((*truth.shape[:-1], 1)) > np.cumsum(truth, -1)[..., :-1]
    return np.asarray(drawn.sum(-1), dtype=np.int64)


def log_losses(said: Floats, came: Ints) -> Floats:
    return np.asarray(-np.log(np.take_along_axis(said, came[..., None], -1)[..., 0]))


def noisy(truth: Floats, share: float) -> Floats:
    """The truth when a share of events is decided by lot."""
    return (1 - share) * truth + share / 3


def overconfident(truth: Floats, power: float) -> Floats:
    """What a model says that sharpens the truth."""
    sharp = truth**power
    return np.asarray(sharp / sharp.sum(-1, keepdims=True))

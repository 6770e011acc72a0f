"""Scores by Dixon and Coles's score matrix, for many matches at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_GOALS = 12


def score_matrices(rates: Floats, rho: float) -> Floats:
    """Probabilities (n, 13, 13) of scores at rates (n, 2): Poisson, low scores corrected, normalised.

    `rho` is kept where no cell is negative, max(-1/λ, -1/μ) ≤ ρ ≤ min(1/(λμ), 1) (Dixon & Coles 1997).
    """
    goals = np.arange(MAX_GOALS + 1)
    log_factorial = np.array([math.lgamma(k + 1) for k in goals])
    pmf = np.exp(goals * np.log(rates)[:, :, None] - rates[:, :, None] - log_factorial)
    grid = pmf[:, 0, :, None] * pmf[:, 1, None, :]
    home, away = rates[:, 0], rates[:, 1]
    bounded = np.clip(rho, -1 / np.maximum(home, away), np.minimum(1 / (home * away), 1.0))
    grid[:, 0, 0] *= 1 - home * away * bounded
    grid[:, 0, 1] *= 1 + home * bounded
    grid[:, 1, 0] *= 1 + away * bounded
    grid[:, 1, 1] *= 1 - bounded
    return np.asarray(grid / grid.sum((1, 2), keepdims=True), dtype=float)


def outcome_probabilities(matrices: Floats) -> Floats:
    """(n, 3): home win, draw, away win."""
    draw = np.trace(matrices, axis1=1, axis2=2)
    home = np.tril(matrices, -1).sum((1, 2))
    return np.column_stack([home, draw, 1 - home - draw])


def over_probabilities(matrices: Floats, line: float) -> Floats:
    """(n,): more goals in all than a half-goal line."""
    goals = np.arange(matrices.shape[1])
    return np.asarray(matrices[:, np.add.outer(goals, goals) > line].sum(1), dtype=float)


def draw_scores(matrices: Floats, rng: np.random.Generator) -> Ints:
    """One score (n, 2) from each matrix, by inverting its cumulated cells."""
    flat = matrices.reshape(len(matrices), -1).cumsum(1)
    cell = (flat < rng.random(len(flat))[:, None] * flat[:, -1:]).sum(1)
    return np.column_stack(np.divmod(cell, matrices.shape[2])).astype(np.int64)

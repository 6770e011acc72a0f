"""How a team's minutes are shared: by role, trust of the coach, who is there, and how close the game is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball.people import SLOT_LEVEL, Floats

TENTHS = 10
ROLE = np.log(np.array([28.5, 19.5, 7.5]))[SLOT_LEVEL]
"""Log of a slot's usual minutes."""

ROLE_OF_TALENT = 0.15
GAME_SD = 0.22
"""Spread of a player's share from game to game, in the logarithm."""

CLOSE, DECIDED = np.array([0.2, -0.15, -2.0])[SLOT_LEVEL], np.array([-1.3, 0.3, 1.3])[SLOT_LEVEL]
"""What the last quarter of a close game, and of one that is decided, adds to the logarithm of a player's share."""

USED = np.array([1.0, 0.95, 0.5])[SLOT_LEVEL]
"""Chance that a coach uses who sits on the bench."""

FEWEST_USED = 8
BACK_FROM_INJURY = 0.75
"""Share of the usual minutes in the first game back."""


def spread(weights: Floats, *, minutes: int, most: float | Floats) -> Floats:
    """Minutes (n, 13) in tenths, in proportion to weights (n, 13), none above `most`; each row sums to `minutes`."""
    given = np.zeros_like(weights)
    free = weights.copy()
    for _ in range(6):
        left = minutes - given.sum(1, keepdims=True)
        share = free / np.maximum(free.sum(1, keepdims=True), 1e-9)
        given = np.minimum(given + left * share, np.where(weights > 0, most, 0.0))
        free = np.where(given < most, weights, 0.0)
    tenths = np.floor(given * TENTHS + 1e-9)
    # What rounding down left over, at most some seconds a player, goes to those with most room under the limit.
    room = np.where(weights > 0, most * TENTHS - tenths, -1.0)
    order = np.argsort(np.argsort(-room, axis=1, kind="stable"), axis=1)
    tenths += order < (minutes * TENTHS - tenths.sum(1, keepdims=True))
    return np.asarray(tenths / TENTHS, dtype=float)


def used(there: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Of those who are there (n, 13), whom the coach uses: at least eight, in the order of the roster."""
    called = there & (rng.random(there.shape) < USED)
    place = there.cumsum(1)
    return np.where((called.sum(1) < FEWEST_USED)[:, None], there & (place <= FEWEST_USED), called)


def expected(log_role: Floats, there: NDArray[np.bool_], *, minutes: int = 240, most: float = 38.0) -> Floats:
    """What one would expect of roles (n, 13) before the game, given who is there."""
    return spread(np.exp(log_role) * USED * there, minutes=minutes, most=most)


def late_weights(log_role: Floats, margin: Floats) -> Floats:
    """Weights (n, 13) of the last quarter: starters close a close game, the bench ends a lopsided one.

    `margin` (n,) is the lead after three quarters, whoever has it.
    """
    decided = np.clip((margin - 13) / 14, 0, 1)[:, None]
    by_level = (1 - decided) * CLOSE + decided * DECIDED
    return np.asarray(np.exp(log_role + by_level), dtype=float)

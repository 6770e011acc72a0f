"""How much a player will like an item, 0..1, from what they thought of others.

Content-based: items of a category, sub-skill, kind, difficulty and length are liked alike. Collaborative: each item has
a few numbers (`Tastes.factors`) learned from everybody's opinions, alike where the same people like two items, whatever
they are about. Both are columns of one ridge regression of the player's own opinions, each less what everybody thinks
of the item (its quality, which counts elsewhere in the score). The shrinkage blends them by how much is known:

- an item that few gave an opinion on has factors near 0,
- a player of few opinions has the factors' columns scaled down by n / (n + OWN_OPINIONS),
- and both leave content, then indifference (0.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from training.recommending.catalogue import Catalogue, Key
from training.recommending.opinions import Opinion

if TYPE_CHECKING:
    from training.recommending.tastes import Tastes

INDIFFERENT = 0.5
RIDGE = 2.0
"""Opinions that the belief in indifference counts for."""
OWN_OPINIONS = 5.0
HARSHNESS = 1.0
"""Scale of the constant that takes up how harsh or mild somebody rates: it moves no item against another."""


def preference(items: Catalogue, opinions: Mapping[Key, Opinion], tastes: Tastes | None) -> np.ndarray:
    """(n,) in 0..1: a half for everything where nothing is known of the player."""
    known = [(items.place_of[key], opinion) for key, opinion in opinions.items() if key in items.place_of]
    if not known:
        return np.full(len(items), INDIFFERENT)
    places = np.array([place for place, _ in known])
    weights = np.array([opinion.weight for _, opinion in known])
    wished = np.array([opinion.value for _, opinion in known]) - items.quality[places]
    factors = tastes.of(items) if tastes else np.zeros((len(items), 0))
    columns = np.hstack([items.content, own_share(weights) * factors])
    liked: np.ndarray = np.clip(INDIFFERENT + fitted(columns, places, wished, weights), 0, 1)
    return liked


def own_share(weights: np.ndarray) -> float:
    """How far the factors' columns of a player with these opinions are believed, 0..1."""
    count = float(weights.sum())
    return count / (count + OWN_OPINIONS)


def fitted(columns: np.ndarray, places: np.ndarray, wished: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What a ridge regression of `wished` (m,) on rows `places` (m,) of `columns` (n, d) says of all rows: (n,)."""
    rows = columns[places]
    told: np.ndarray = columns @ (rows.T @ dual_weights(rows, wished, weights))
    return told


def dual_weights(rows: np.ndarray, wished: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(m,) weights of the opinions: the regression in its dual form, m equations for any number of columns.

    Saunders, Gammerman and Vovk (1998), "Ridge regression learning algorithm in dual variables", ICML. An opinion of a
    weight of nearly 0 is nearly left out.
    """
    likeness = rows @ rows.T + HARSHNESS
    noise = np.diag(RIDGE / np.maximum(weights, 1e-6))
    solved: np.ndarray = np.linalg.solve(likeness + noise, wished)
    return solved

"""The score of an item for a player: four parts, each 0..1, weighted 40, 25, 20 and 15 of a hundred."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from training.models import Category
from training.recommending.catalogue import CATEGORIES, Catalogue
from training.recommending.needs import Needs
from training.recommending.sub_skills import features_trained

WEIGHTS = MappingProxyType({"weakness": 0.40, "difficulty": 0.25, "quality": 0.20, "preference": 0.15})
FEATURE_SHARE = 0.25
"""How much of its category's relevance an item loses that moves none of the player's weak features."""
EDGE = 0.5
"""What a window's far edge costs at most."""
NO_PACK_TRAINS = frozenset({Category.ROTATION, Category.BOOST_MANAGEMENT})
"""A pack sets up one shot: it has neither team-mates nor a minute of boost to live on. Drills do these."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Of n items: the parts and their weighted sum, and which may be recommended at all; each (n,)."""

    weakness: np.ndarray
    difficulty: np.ndarray
    quality: np.ndarray
    preference: np.ndarray
    is_fit: np.ndarray

    @property
    def total(self) -> np.ndarray:
        return weighted(self.weakness, self.difficulty, self.quality, self.preference)


def weighted(weakness: np.ndarray, difficulty: np.ndarray, quality: np.ndarray, preference: np.ndarray) -> np.ndarray:
    """0.40 weakness + 0.25 difficulty + 0.20 quality + 0.15 preference; in 0..1 where its parts are."""
    parts = {"weakness": weakness, "difficulty": difficulty, "quality": quality, "preference": preference}
    total: np.ndarray = sum(WEIGHTS[name] * part for name, part in parts.items())  # type: ignore[assignment]
    return total


def score(items: Catalogue, needs: Needs, *, level: int, preference: np.ndarray, is_duel: bool) -> Scores:
    """Score the whole catalogue for a player of a level (1 bronze to 8).

    `preference` is (n,) in 0..1. Not fit is what lies outside the player's window, what trains something that was not
    measured, what needs team-mates in duels, and a pack for what no pack trains.
    """
    measured = np.array([name in needs.categories for name in CATEGORIES])
    untrainable = np.array([name in NO_PACK_TRAINS for name in CATEGORIES])
    inside = (items.easiest <= level) & (level <= items.hardest)
    ill_fitting = untrainable[items.category_codes] & ~items.is_drill
    return Scores(
        weakness=relevance(items, needs),
        difficulty=difficulty_fit(items, level),
        quality=items.quality,
        preference=preference,
        is_fit=inside & measured[items.category_codes] & ~ill_fitting & ~(items.needs_team & is_duel),
    )


def relevance(items: Catalogue, needs: Needs) -> np.ndarray:
    """(n,) how much an item helps where it is needed: the category's need, a quarter of it by the features it moves."""
    need = np.array([needs.categories.get(name, 0.0) for name in CATEGORIES])[items.category_codes]
    trained, which = items.trained
    weak = np.array([_worst(features_trained(*each), needs) for each in trained])[which]
    relevant: np.ndarray = need * (1 - FEATURE_SHARE + FEATURE_SHARE * weak)
    return relevant


def _worst(features: tuple[str, ...], needs: Needs) -> float:
    return max((needs.shortfalls.get(name, 0.0) for name in features), default=0.0)


def difficulty_fit(items: Catalogue, level: int) -> np.ndarray:
    """(n,) 1 where the difficulty is the player's level, falling evenly to just above a half at the window's edges.

    With d the difficulty and e the window's edge on the player's side: 1 - 0.5 |level - d| / (|e - d| + 1); 0 outside.
    """
    edge = np.where(level < items.difficulty, items.easiest, items.hardest)
    fit = 1 - EDGE * np.abs(level - items.difficulty) / (np.abs(edge - items.difficulty) + 1)
    inside = (items.easiest <= level) & (level <= items.hardest)
    return np.where(inside, fit, 0.0)

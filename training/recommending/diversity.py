"""Not five times the same: items are taken one by one, each for its score and for being unlike those taken before.

Carbonell and Goldstein (1998), "The use of MMR, diversity-based reranking", SIGIR.
"""

from __future__ import annotations

import numpy as np

from training.recommending.catalogue import Catalogue

SCORE_SHARE = 0.8
"""MMR's lambda: the rest is for being unlike."""
SAME_SUB_SKILL, SAME_CATEGORY = 1.0, 0.4
"""How alike two items are that share it."""
PLACES_A_REPEAT = 3


def most_of_one(place: int) -> int:
    """How often a sub-skill may be among the places up to this one (from 0): the first three are distinct."""
    return 1 + place // PLACES_A_REPEAT


def diversified(items: Catalogue, scores: np.ndarray, candidates: np.ndarray, *, count: int) -> list[int]:
    """Places in the catalogue of up to `count` of the `candidates` (m,), the first choice first.

    `scores` are (n,). Three sub-skills at least are among five where the candidates have as many; with fewer, repeats
    fill up the rest.
    """
    left = candidates[np.argsort(-scores[candidates], kind="stable")]
    sub_skills, categories = items.sub_skill_codes[left], items.category_codes[left]
    alike, is_left = np.zeros(len(left)), np.ones(len(left), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < min(count, len(left)):
        value = SCORE_SHARE * scores[left] - (1 - SCORE_SHARE) * alike
        may = is_left & _still_allowed(sub_skills, chosen)
        best = int(np.argmax(np.where(may if may.any() else is_left, value, -np.inf)))
        chosen.append(best)
        is_left[best] = False
        same_category = np.where(categories == categories[best], SAME_CATEGORY, 0.0)
        alike = np.maximum(alike, np.where(sub_skills == sub_skills[best], SAME_SUB_SKILL, same_category))
    return [int(left[place]) for place in chosen]


def _still_allowed(sub_skills: np.ndarray, chosen: list[int]) -> np.ndarray:
    """(m,) whose sub-skill is not yet as often among the chosen as it may be."""
    taken = np.bincount(sub_skills[chosen], minlength=int(sub_skills.max()) + 1)
    allowed: np.ndarray = taken[sub_skills] < most_of_one(len(chosen))
    return allowed

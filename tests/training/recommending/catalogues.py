"""Small catalogues, made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.models import Category
from training.recommending.catalogue import Catalogue, Key


def catalogue_of(count: int, **columns: Any) -> Catalogue:
    """Packs of shooting for every rank, difficulty 4 and quality 0.5, but for the columns that are given."""
    ones = np.ones(count)
    told: dict[str, Any] = {
        "keys": tuple(Key(is_drill=False, pk=number + 1) for number in range(count)),
        "categories": (Category.SHOOTING.value,) * count,
        "sub_skills": tuple(f"skill {number}" for number in range(count)),
        "kinds": ("pack",) * count,
        "moves": ("",) * count,
        "difficulty": 4 * ones,
        "easiest": ones,
        "hardest": 8 * ones,
        "minutes": 10 * ones,
        "needs_team": np.zeros(count, dtype=bool),
        "quality": 0.5 * ones,
    }
    return Catalogue(**{**told, **columns})

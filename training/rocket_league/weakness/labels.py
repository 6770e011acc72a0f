"""What may be said: one of the eight categories, or that nothing stands out."""

from __future__ import annotations

from training.models import Category

EVEN = "even"
"""Nothing stands out."""
CATEGORIES: tuple[str, ...] = tuple(category.value for category in Category)
LABELS: tuple[str, ...] = (*CATEGORIES, EVEN)
EVEN_INDEX = len(CATEGORIES)
SLUG = "weakness"
HIGH_CONFIDENCE = 0.70
"""Above this, a confidence is called high."""


def title_of(label: str) -> str:
    return "Nothing stands out" if label == EVEN else Category(label).label

"""What a feature is."""

from __future__ import annotations

from dataclasses import dataclass

from training.models import Category
from training.rocket_league.features_columns import Compute


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One number that says something of how somebody played one match.

    Which way is better is settled here by what the game asks for, never learned from data: +1 more is better, -1 less
    is better, 0 neither (context: shown and learned from, not scored).
    """

    name: str
    title: str
    """As people call it, without its unit."""
    category: Category
    unit: str
    bounds: tuple[float, float]
    """What can be; values beyond are pulled back to these."""
    direction: int
    description: str
    """What it is, and why more or less of it is better, in plain words."""
    sources: tuple[str, ...]
    """Statistics it is made of, besides the time on the pitch."""
    compute: Compute
    """Columns of n matches to values (n,), NaN where it can't be told."""
    needs_team: bool = False
    """Makes no sense without team-mates."""
    weight: float = 1.0
    """How much it counts in its category: less where one match tells little of it."""

"""Ranks: the group that a tier belongs to."""

from __future__ import annotations

from matches.models import RankGroup


def group_of(tier: str) -> RankGroup | None:
    """The group of a rank as ballchasing writes it: `diamond-2`, `supersonic-legend`; None for unranked and unknown.

    >>> group_of("grand-champion-1")
    RankGroup.GRAND_CHAMPION
    """
    stem, _, number = tier.strip().lower().rpartition("-")
    name = stem if number.isdigit() else tier.strip().lower()
    return RankGroup(name) if name in RankGroup.values else None

"""Ratings of all teams before a day, kept for six hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.cache import cache

from matches.basketball.league import CODE
from matches.basketball.team_ratings import team_ratings
from predictions.basketball import table

KEPT_FOR = 6 * 3600
"""Seconds."""

DIGITS = 3


def team_figures(before: date, competition: str = CODE, *, data: str = "") -> Mapping[int, Mapping[str, Any]]:
    """By team's id season, games, pace, ratings and ranks (1 is best) of the games of one season before a day.

    Kept unless games came in. `data` is the stamp of all games, where the caller has it. Empty where no game was played
    before.
    """
    key = f"team-figures/{competition}/{before.isoformat()}/{data or table.stamp()}".replace(" ", "_")
    kept: Mapping[int, Mapping[str, Any]] | None = cache.get(key)
    if kept is None:
        ratings = team_ratings(before, competition=competition)
        kept = {pk: _told(asdict(rating), rating.net_rating) for pk, rating in ratings.items()}
        cache.set(key, kept, KEPT_FOR)
    return kept


def _told(rating: Mapping[str, Any], net: float) -> dict[str, Any]:
    told = {**rating, "net_rating": net}
    told.pop("team_id")
    return {name: round(value, DIGITS) if isinstance(value, float) else value for name, value in told.items()}

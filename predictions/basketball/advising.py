"""Over, under or neither: what a forecast is worth at odds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from matches.models import Availability
from predictions.basketball.questions import Odds
from predictions.basketball.rosters import MISSING

FEWEST_GAMES = 3
"""A player of whom fewer are known is nothing to stake money on."""


class Recommendation(models.TextChoices):
    OVER = "OVER", "Over"
    UNDER = "UNDER", "Under"
    PASS = "PASS", "Pass"


@dataclass(frozen=True, kw_only=True)
class Advice:
    """expected_value: of the better side, in stakes, None without odds; reason: why, in words."""

    recommendation: Recommendation
    expected_value: float | None
    reason: str


def advice(said: Mapping[str, Any], odds: Odds, *, status: str, report: Availability | None) -> Advice:
    """What to do at decimal odds, given over, push and under of a forecast and the player's availability."""
    worth = {
        side: price * said[side.lower()] + said["push"] - 1
        for side, price in ((Recommendation.OVER, odds.over), (Recommendation.UNDER, odds.under))
        if price is not None
    }
    side = max(worth, key=worth.__getitem__, default=None)
    value = worth[side] if side is not None else None
    if reason := _hindrance(said, status, report):
        return Advice(recommendation=Recommendation.PASS, expected_value=value, reason=reason)
    if side is None or value is None:
        words = "No odds were sent, and no bookmaker's are known at this line: there is nothing to weigh."
        return Advice(recommendation=Recommendation.PASS, expected_value=None, reason=words)
    if value <= 0:
        words = f"At these odds neither side is worth its stake: the better one returns {1 + value:.3f} of it."
        return Advice(recommendation=Recommendation.PASS, expected_value=value, reason=words)
    words = f"By this forecast {side.label.lower()} returns {1 + value:.3f} of its stake at these odds."
    return Advice(recommendation=side, expected_value=value, reason=words)


def _hindrance(said: Mapping[str, Any], status: str, report: Availability | None) -> str:
    """Why not to stake anything whatever the odds, if there is a reason."""
    if status in MISSING:
        about = f": {report.reason}" if report is not None and report.reason and report.status == status else ""
        words = Availability.Status(status).label.lower()
        return f"The player is {words}{about}. The forecast holds for the case that he plays."
    if said["games"] < FEWEST_GAMES:
        return f"Only {said['games']} games of this player are known."
    return ""

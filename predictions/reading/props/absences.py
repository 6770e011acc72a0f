"""Who is reported out, doubtful or questionable, as pages tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from matches.models import Availability
from predictions.basketball.rosters import MISSING, Reported

DOUBTED = frozenset({Availability.Status.QUESTIONABLE, Availability.Status.PROBABLE})


def reports_of(team_ids: Iterable[int], days: Iterable[date]) -> Reported:
    """The latest report on each player of some teams and day, with the players, in one query."""
    rows = Availability.objects.filter(player__team__in=tuple(team_ids), date__in=tuple(days))
    latest = rows.select_related("player").order_by("reported_at", "pk")
    return {(row.player_id, row.date): row for row in latest}


def is_missing(report: Availability | None) -> bool:
    """Whether a prop of the player is not offered."""
    return report is not None and report.status in MISSING


def is_doubted(report: Availability | None) -> bool:
    """Whether the reader must know that he may not play."""
    return report is not None and report.status in DOUBTED

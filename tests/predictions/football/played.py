"""Results written down in a line, for tests that work their figures out by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from predictions.football.rows import Fixture, Played, Side

FIRST = date(2023, 8, 7)
"""A Monday."""


def result(home: str, score: str, away: str, *, day: int = 0, season: str = "2324", **sides: Any) -> Played:
    """`result("a", "2-1", "b", day=3)`; `host` and `guest` hold what else a side did, by name."""
    goals = [float(part) for part in score.split("-")]
    host, guest = Side(goals[0], **sides.get("host", {})), Side(goals[1], **sides.get("guest", {}))
    return Played("E0", season, home, away, FIRST.toordinal() + day, host, guest)


def fixture(home: str, away: str, *, day: int, season: str = "2324") -> Fixture:
    on = FIRST + timedelta(days=day)
    kickoff = datetime(on.year, on.month, on.day, 15, tzinfo=UTC)
    return Fixture(competition="E0", season=season, home=home, away=away, date=on, kickoff=kickoff)

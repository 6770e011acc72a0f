"""The daily round of basketball: yesterday's box scores, and the games of today and tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.utils import timezone

from matches.basketball.league import EASTERN
from matches.basketball.nba_stats import SEASON_TYPES, NbaStats, NbaStatsBlocked
from matches.errors import MatchDataError
from matches.importing import import_file
from matches.ingesting import not_fetched
from matches.models import ImportBatch

SOURCE = "nba-stats"
A_DAY = timedelta(days=1)
Fetch = Callable[[], Path | None]


def ingest_nba(*, now: datetime | None = None, site: NbaStats | None = None) -> list[ImportBatch]:
    """Fetch and import yesterday's box scores and the games of today and tomorrow, days as in US Eastern time.

    What can't be fetched is recorded as a failed batch, which the watch over sources sees, and does not stop the
    others; where NBA Stats refuses this address, it is not asked further. A day without games leaves no batch.
    """
    site = site or NbaStats()
    today = (now or timezone.now()).astimezone(EASTERN).date()
    batches: list[ImportBatch] = []
    try:
        for name, fetch in _round(site, today):
            batch = _take_in(fetch, name)
            if batch is not None:
                batches.append(batch)
    except NbaStatsBlocked as error:
        batches.append(not_fetched(f"{today}", error, source=SOURCE))
    return batches


def _round(site: NbaStats, today: date) -> list[tuple[str, Fetch]]:
    yesterday, tomorrow = today - A_DAY, today + A_DAY
    logs: list[tuple[str, Fetch]] = [
        (f"{yesterday}-log-{kind.replace(' ', '-')}.json", partial(site.game_log, yesterday, kind))
        for kind in SEASON_TYPES
    ]
    boards: list[tuple[str, Fetch]] = [
        (f"{day}-scoreboard.json", partial(site.scoreboard, day)) for day in (yesterday, today, tomorrow)
    ]
    return [*boards, *logs]


def _take_in(fetch: Fetch, name: str) -> ImportBatch | None:
    try:
        path = fetch()
    except NbaStatsBlocked:
        raise
    except MatchDataError as error:
        return not_fetched(name, error, source=SOURCE)
    return import_file(path, source=SOURCE) if path is not None else None

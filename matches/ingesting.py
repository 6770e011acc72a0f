"""The daily round: results and fixtures of every competition that is followed here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from pathlib import Path

from django.utils import timezone

from matches.competitions import COMPETITIONS, season_code
from matches.downloading import FootballData
from matches.errors import MatchDataError
from matches.importing import import_file
from matches.models import Competition, ImportBatch, Sport

SOURCE = "football-data"
logger = logging.getLogger(__name__)


def ingest(*, today: date | None = None, site: FootballData | None = None) -> list[ImportBatch]:
    """Fetch and import the current season of every real competition held here, and then the fixtures to come.

    What can't be fetched is recorded as a failed batch and does not stop the others.
    """
    site = site or FootballData()
    season = season_code(today or timezone.now().date())
    codes = followed()
    batches = [_take_in(partial(site.season, code, season), f"{season}/{code}.csv") for code in codes]
    if codes:
        batches.append(_take_in(site.fixtures, "fixtures.csv", competitions=codes))
    return batches


def followed() -> list[str]:
    """Codes of the competitions that are held here, are real, and that the source has."""
    held = Competition.objects.filter(sport=Sport.FOOTBALL, is_simulated=False, code__in=COMPETITIONS)
    return list(held.order_by("code").values_list("code", flat=True))


def _take_in(fetch: Callable[[], Path], name: str, *, competitions: Collection[str] = ()) -> ImportBatch:
    try:
        return import_file(fetch(), source=SOURCE, competitions=competitions)
    except MatchDataError as error:
        return not_fetched(name, error, source=SOURCE)


def not_fetched(name: str, error: MatchDataError, *, source: str) -> ImportBatch:
    """A failed batch in place of a file that could not be had, so that the watch sees it."""
    logger.warning("%s was not fetched: %s", name, error)
    return ImportBatch.objects.create(
        source=source,
        filename=name,
        status=ImportBatch.Status.FAILED,
        error_message=str(error),
        finished_at=timezone.now(),
    )

"""Which matches of known rank are learned from: real ones, and simulated ones only while there are no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db.models import Count, Max, QuerySet

from matches.models import Playlist, RankedGame, RankGroup
from mlmodels.errors import InvalidSelection
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from training.rocket_league.features import feature_table
from training.rocket_league.weakness.examples import EXAMPLES_A_RANK, LEAST_ROWS, POOLS, RankedTable

FORMAT = "1"
"""Of the examples: another number makes data sets that were kept be made anew."""


def ranked_tables(selection: Selection) -> list[RankedTable]:
    """Matches by playlist and rank, of every rank that has enough to be dealt into pools."""
    return [_table(*place) for place in _places(selection)]


def count(selection: Selection) -> int:
    """How many examples are planted."""
    return len(_places(selection)) * (EXAMPLES_A_RANK // POOLS) * POOLS


def is_simulated(selection: Selection) -> bool:
    return any(simulated for _, _, simulated in _places(selection))


def fingerprint() -> str:
    """Changes with any match of known rank and with the examples' format; an import replaces rows by new ones."""
    games = RankedGame.objects.aggregate(rows=Count("pk"), last=Max("pk"), imported=Max("imported_at"))
    return f"{FORMAT}/{games['rows']}/{games['last']}/{games['imported']}"


def newest() -> datetime:
    """When the newest of the matches came in: many sources don't tell when they were played."""
    last: datetime = RankedGame.objects.aggregate(last=Max("imported_at"))["last"]
    return last


def choices() -> Mapping[str, Sequence[Choice]]:
    """Playlists; rows are planted examples."""
    places = _places(Selection())
    return {
        "competitions": [
            Choice(
                code=playlist,
                title=Playlist(playlist).label,
                rows=count(Selection(competitions=(playlist,))),
                group="Rocket League",
            )
            for playlist in dict.fromkeys(playlist for playlist, _, _ in places)
        ],
        "seasons": [],
    }


def refuse_what_does_not_apply(selection: Selection) -> None:
    """Raises InvalidSelection: matches of known rank have no seasons, and many no date."""
    if selection.seasons or selection.subjects or selection.date_from or selection.date_to:
        raise InvalidSelection("Matches of known rank are chosen by playlist alone: leave seasons and dates out.")


def _places(selection: Selection) -> list[tuple[str, str, bool]]:
    """(playlist, rank, whether simulated) with enough matches, the lowest rank first; real ones alone if there are."""
    wanted = RankedGame.objects.order_by()
    if selection.competitions:
        wanted = wanted.filter(playlist__in=selection.competitions)
    counted = wanted.values_list("playlist", "rank_group", "is_simulated").annotate(rows=Count("pk"))
    enough = [(playlist, rank, simulated) for playlist, rank, simulated, rows in counted if rows >= LEAST_ROWS]
    real = [place for place in enough if not place[2]]
    order = RankGroup.values
    return sorted(real or enough, key=lambda place: (place[0], order.index(place[1])))


def _games(playlist: str, rank_group: str, *, is_simulated: bool) -> QuerySet[RankedGame]:
    return RankedGame.objects.filter(playlist=playlist, rank_group=rank_group, is_simulated=is_simulated)


def _table(playlist: str, rank_group: str, simulated: bool) -> RankedTable:
    games = list(
        _games(playlist, rank_group, is_simulated=simulated)
        .order_by("source", "key")
        .values_list("match_key", "statistics")
    )
    return RankedTable(
        playlist=playlist,
        rank_group=rank_group,
        is_simulated=simulated,
        table=feature_table([statistics for _, statistics in games]),
        matches=np.array([match for match, _ in games]),
    )

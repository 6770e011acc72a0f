"""Matches of known rank as examples: features, the rank that is learned, and the match that keeps players together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce

from matches.models import Playlist, RankedGame, RankGroup
from mlmodels.errors import InvalidSelection
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from training.rocket_league.features import feature_table

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "1"
"""Of the rows: another number makes data sets that were kept be made anew."""


def rows(selection: Selection) -> pd.DataFrame:
    """One row a player and match, oldest first.

    Columns: subject, event_at (when it was played, else when it came in), competition (the playlist), match, outcome
    (the rank's place among all), and every feature. Raises InvalidSelection.
    """
    import pandas as pd

    when = Coalesce("played_at", "imported_at")
    games = list(
        _games(selection)
        .annotate(when=when)
        .order_by("when", "source", "key")
        .values_list("source", "key", "when", "playlist", "match_key", "rank_group", "statistics")
    )
    if not games:
        return pd.DataFrame()
    source, key, when_played, playlist, match, rank, statistics = zip(*games, strict=True)
    order = {name: place for place, name in enumerate(RankGroup.values)}
    named = pd.DataFrame(
        {
            "subject": [f"{a}:{b}" for a, b in zip(source, key, strict=True)],
            "event_at": pd.to_datetime(list(when_played), utc=True),
            "competition": playlist,
            "match": [f"{a}:{b}" for a, b in zip(source, match, strict=True)],
            "outcome": [order[name] for name in rank],
        }
    )
    return pd.concat([named, feature_table(statistics)], axis=1)


def chosen(frame: pd.DataFrame, selection: Selection) -> pd.Series:
    """Which rows of a wider table are of the selection."""
    _refuse_what_does_not_apply(selection)
    return frame["competition"].isin(selection.competitions or frame["competition"].unique())


def count(selection: Selection) -> int:
    return _games(selection).count()


def is_simulated(selection: Selection) -> bool:
    """Whether the rows are made up: they are where a playlist has no real ones."""
    return _games(selection).filter(is_simulated=True).exists()


def fingerprint(selection: Selection) -> str:
    """Changes with any row that comes, goes or is replaced."""
    games = RankedGame.objects.aggregate(rows=Count("pk"), newest=Max("pk"))
    return f"{FORMAT}/{games['rows']}/{games['newest']}"


def choices() -> Mapping[str, Sequence[Choice]]:
    """Playlists that have rows."""
    counted = _games(Selection()).order_by().values_list("playlist").annotate(rows=Count("pk")).order_by("playlist")
    return {
        "competitions": [
            Choice(code=playlist, title=Playlist(playlist).label, rows=rows, group="Rocket League")
            for playlist, rows in counted
        ],
        "seasons": [],
    }


def _games(selection: Selection) -> QuerySet[RankedGame]:
    """Of each playlist the real rows, or else the simulated ones: never both."""
    _refuse_what_does_not_apply(selection)
    games = RankedGame.objects.all()
    if selection.competitions:
        games = games.filter(playlist__in=selection.competitions)
    real = list(games.filter(is_simulated=False).order_by().values_list("playlist", flat=True).distinct())
    return games.exclude(playlist__in=real, is_simulated=True)


def _refuse_what_does_not_apply(selection: Selection) -> None:
    if selection.seasons or selection.subjects or selection.date_from or selection.date_to:
        raise InvalidSelection("Matches of known rank are chosen by playlist alone: leave seasons and dates out.")

"""What may be trained on, and when it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max

from matches.models import ImportBatch, Odds
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from predictions.football.loading import football, history
from predictions.football.state import FORMAT

if TYPE_CHECKING:
    from matches.models.play import MatchQuerySet


def fingerprint(selection: Selection) -> str:
    """Changes with any finished match that feeds the selection, with any import, and with the features' format."""
    matches = history(selection).aggregate(rows=Count("pk"), changed=Max("updated_at"))
    odds = Odds.objects.aggregate(last=Max("pk"))
    imports = ImportBatch.objects.aggregate(last=Max("finished_at"))
    return f"{FORMAT}/{matches['rows']}/{matches['changed']}/{odds['last']}/{imports['last']}"


def choices() -> Mapping[str, Sequence[Choice]]:
    """Competitions with finished matches, grouped by country, and their seasons, newest first."""
    matches = football().finished().order_by()
    competitions = matches.values_list(
        "season__competition__code", "season__competition__name", "season__competition__country"
    )
    seasons = matches.values_list("season__code", "season__name")
    played = _seasons_played(matches)
    return {
        "competitions": [
            Choice(code=code, title=name, rows=rows, group=country, seasons=tuple(played[code]))
            for code, name, country, rows in competitions.annotate(rows=Count("pk")).order_by(
                "season__competition__country", "season__competition__code"
            )
        ],
        "seasons": _merged(seasons.annotate(rows=Count("pk"), first=Max("season__starts_on")).order_by("-first")),
    }


def _seasons_played(matches: MatchQuerySet) -> Mapping[str, Sequence[str]]:
    """Season codes by competition, newest first."""
    played: dict[str, list[str]] = {}
    pairs = matches.order_by("-season__starts_on").values_list("season__competition__code", "season__code")
    for competition, season in pairs.distinct():
        played.setdefault(competition, []).append(season)
    return played


def _merged(rows: Iterable[tuple[Any, ...]]) -> list[Choice]:
    """One choice a season code, whatever competitions call it."""
    found: dict[str, Choice] = {}
    for code, name, count, _ in rows:
        known = found.get(code)
        found[code] = Choice(code=code, title=known.title if known else name, rows=count + (known.rows if known else 0))
    return list(found.values())

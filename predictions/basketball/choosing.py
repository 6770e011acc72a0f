"""What may be trained on, and when it has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from matches.models import Competition, GameLine, PlayerGame, PropLine, Sport
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from predictions.basketball.table import played, stamp

if TYPE_CHECKING:
    pass

FORMAT = "1"
"""Of the features: another number makes data sets that were kept be made anew."""


def fingerprint(selection: Selection) -> str:
    """Changes with any game that feeds the selection, with any line, and with the features' format."""
    games = stamp(selection.competitions, until=selection.date_to)
    lines = PropLine.objects.aggregate(last=Max("pk"))["last"]
    expected = GameLine.objects.aggregate(last=Max("pk"))["last"]
    return f"{FORMAT}/{games}/{lines}/{expected}"


def choices() -> Mapping[str, Sequence[Choice]]:
    """Competitions and seasons with box scores; rows are players' games."""
    rows = PlayerGame.objects.filter(match__in=played().values("pk")).order_by()
    seasons = rows.values_list(
        "match__season__competition__code", "match__season__code", "match__season__name", "match__season__starts_on"
    )
    counted = sorted(seasons.annotate(rows=Count("pk")), key=lambda row: row[3], reverse=True)
    named = dict(Competition.objects.filter(sport=Sport.BASKETBALL).values_list("code", "name"))
    return {
        "competitions": [
            Choice(
                code=code,
                title=named[code],
                rows=sum(row[4] for row in counted if row[0] == code),
                group="Basketball",
                seasons=tuple(row[1] for row in counted if row[0] == code),
            )
            for code in sorted({row[0] for row in counted})
        ],
        "seasons": [
            Choice(
                code=code,
                title=next(row[2] for row in counted if row[1] == code),
                rows=sum(row[4] for row in counted if row[1] == code),
            )
            for code in dict.fromkeys(row[1] for row in counted)
        ],
    }

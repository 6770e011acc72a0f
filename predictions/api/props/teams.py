"""Ratings of teams as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from matches.basketball.league import CODE
from matches.models import Team
from predictions.basketball.naming import team_called
from predictions.basketball.table import played
from predictions.basketball.team_figures import team_figures
from predictions.errors import UnknownSubject


def teams_told(*, team: str = "", date: dt.date | None = None, competition: str = "") -> dict[str, Any]:
    """All teams of a competition by net rank, or the one called so. Raises UnknownSubject."""
    before = date or timezone.now().date()
    wanted = team_called(team)
    code = competition or _usual(wanted)
    figures = team_figures(before, code)
    chosen = [wanted.pk] if wanted is not None else sorted(figures, key=lambda pk: (figures[pk]["net_rank"], pk))
    if not figures or (wanted is not None and wanted.pk not in figures):
        whose = wanted.name if wanted is not None else "any team"
        raise UnknownSubject(f"No game of {whose} before {before:%-d %B %Y} is known in {code}.")
    teams = Team.objects.in_bulk(chosen)
    told = [{"team": teams[pk].name, "abbreviation": teams[pk].abbreviation, **figures[pk]} for pk in chosen]
    return {"before": before.isoformat(), "competition": code, "teams": told}


def _usual(team: Team | None) -> str:
    """The competition a team last played in; of no team the NBA, or what else there is."""
    games = played().of_team(team) if team is not None else played()
    codes = games.order_by("-kickoff").values_list("season__competition__code", flat=True)
    if team is None and played([CODE]).exists():
        return CODE
    return codes.first() or CODE

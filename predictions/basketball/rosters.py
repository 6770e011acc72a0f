"""Who is expected to play: those of a team's last games, but for those reported out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from matches.models import Availability, Match, Player, PlayerGame, Team

LAST_GAMES = 5
"""Whoever played in one of so many last games of his team is expected in its next."""

LEAST_MINUTES = 8.0
"""A game in which he played less does not make him expected."""

MISSING = frozenset({Availability.Status.OUT, Availability.Status.DOUBTFUL})

Reported = dict[tuple[int, date], Availability]


def expected_players(matches: Sequence[Match]) -> Iterator[tuple[Match, Team, Player]]:
    """Every match, team and player that a prop is offered on; teams are loaded with the matches."""
    teams = {team.pk: team for match in matches for team in (match.home, match.away)}
    regulars = _regulars(sorted(teams))
    people = {player.pk for of_team in regulars.values() for player in of_team}
    reports = reported(people, {match.date for match in matches})
    for match in matches:
        for team in (match.home, match.away):
            for player in regulars[team.pk]:
                said = reports.get((player.pk, match.date))
                if said is None or said.status not in MISSING:
                    yield match, team, player


def reported(player_ids: set[int], days: set[date]) -> Reported:
    """The latest report on each player and day."""
    rows = Availability.objects.filter(player__in=player_ids, date__in=days).order_by("reported_at", "pk")
    return {(row.player_id, row.date): row for row in rows}


def _regulars(team_ids: Sequence[int]) -> dict[int, list[Player]]:
    """Of each team the players whose latest game was for it, among its last games, by name."""
    found: dict[int, list[Player]] = defaultdict(list)
    for team_id in team_ids:
        last = Match.objects.finished().filter(player_games__team=team_id).order_by("-date", "-pk").distinct()
        games = list(last.values_list("pk", flat=True)[:LAST_GAMES])
        played = PlayerGame.objects.filter(match__in=games, team=team_id, minutes__gte=LEAST_MINUTES)
        regulars = Player.objects.filter(pk__in=played.values("player"), team=team_id)
        found[team_id] = list(regulars.order_by("name", "pk"))
    return found

"""Finding a player."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from matches.basketball.player_keys import fold
from matches.basketball.player_names import find_players
from matches.models import Player, Sport, Team

MOST = 40


@dataclass(frozen=True, kw_only=True)
class FoundPlayer:
    """A player with the day of his last game, which tells namesakes apart; None where none is known."""

    player: Player
    last_game: date | None


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a query found. `meant` is the one player whose whole name it is, where only one bears it."""

    query: str
    team: Team | None
    found: Sequence[FoundPlayer]
    namesakes: int
    meant: Player | None
    is_empty: bool

    @property
    def in_words(self) -> str:
        """What is listed, for whoever hears it read out."""
        return "1 player found." if len(self.found) == 1 else f"{len(self.found) or 'No'} players found."


def search(query: str, *, team: Team | None = None) -> Search:
    """Players whose names have all the words of a query, accents and dots aside, else those of a team, else none."""
    players = find_players(query, limit=MOST) if query else _of(team) if team else []
    if query and team:
        players = [player for player in players if player.team_id == team.pk]
    called = [player for player in players if fold(player.name) == fold(query)] if query else []
    last = dict(
        Player.objects.filter(pk__in=[player.pk for player in players])
        .order_by()
        .values_list("pk")
        .annotate(day=Max("games__match__date"))
    )
    return Search(
        query=query,
        team=team,
        found=[FoundPlayer(player=player, last_game=last.get(player.pk)) for player in players],
        namesakes=len(called),
        meant=called[0] if len(called) == 1 else None,
        is_empty=not players and not Player.objects.filter(sport=Sport.BASKETBALL).exists(),
    )


def _of(team: Team) -> list[Player]:
    return list(Player.objects.filter(team=team).select_related("team").order_by("name", "pk")[:MOST])

"""From how a person or the ledger names a prop to the player and the game, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from matches.models import Match, Player, PlayerGame, Sport, Team
from predictions.basketball.props import HIGHEST_LINE, Game, PlayerProp, is_line
from predictions.basketball.table import basketball
from predictions.days import day as day_of
from predictions.errors import UnknownSubject

LONG_AGO = timedelta(days=30)
"""A player who has not played for longer is not asked how he will be after such a rest, but how he was."""

USUAL_REST = timedelta(days=2)
TIP_OFF = time(23, 0, tzinfo=UTC)


def prop(reference: Mapping[str, Any]) -> PlayerProp:
    """The prop that {"player", "line", "match"} names, or one of the player's next game where no match is named.

    player: an id, or a name. Further: `opponent` and `home` and `date` of a supposed game. Where no game is scheduled
    and none is told, one against an average opponent is supposed, and says so. Raises UnknownSubject.
    """
    player = _player(reference.get("player"))
    line = _line(reference.get("line"))
    if reference.get("match") not in (None, ""):
        match = _listed(reference["match"])
        game = of_match(match, _team_in(player, match))
    elif reference.get("date") or reference.get("opponent"):
        game = _supposed(player, reference)
    else:
        game = next_game(player)
    return PlayerProp(player_id=player.pk, player_name=player.name, line=line, game=game)


def reference(subject: PlayerProp) -> dict[str, Any]:
    """JSON that finds the prop again. A supposed game is called by the day it would be settled on, which is to come."""
    game = subject.game
    about: dict[str, Any] = {"player": subject.player_id, "line": subject.line}
    if game.match_id is not None:
        return {"match": game.match_id, **about}
    return {**about, "opponent": game.opponent_id, "home": game.is_home, "date": game.tip_off.date().isoformat()}


def next_game(player: Player) -> Game:
    """The next game that his team has on its schedule, else one that is supposed."""
    if player.team is None:
        raise UnknownSubject(f"No team of {player.name} is known, so there is no game to predict.")
    coming = basketball().upcoming(timezone.now()).of_team(player.team).select_related("season__competition")
    found = coming.order_by("kickoff", "pk").first()
    return of_match(found, player.team) if found is not None else _supposed(player, {})


def of_match(match: Match, team: Team) -> Game:
    """A game of the schedule from one team's side; its competition is loaded."""
    is_home = match.home_id == team.pk
    return Game(
        match_id=match.pk,
        competition=match.season.competition.code,
        season=match.season.code,
        team_id=team.pk,
        opponent_id=match.away_id if is_home else match.home_id,
        is_home=is_home,
        is_playoff=match.is_playoff,
        day=match.date,
        tip_off=match.kickoff,
    )


def upcoming(since: datetime, until: datetime) -> Sequence[PlayerProp]:
    """The props of scheduled games: of everybody who played for either team in one of its last games and is not out."""
    from predictions.basketball.rosters import expected_players

    games = basketball().upcoming(since).filter(kickoff__lt=until)
    loaded = list(games.select_related("home", "away", "season__competition").order_by("kickoff", "pk"))
    found = []
    for match, team, player in expected_players(loaded):
        game = of_match(match, team)
        found.append(PlayerProp(player_id=player.pk, player_name=player.name, line=None, game=game))
    return found


def player_names(ids: Sequence[str]) -> dict[str, str]:
    """Names by id as text; what is no player's id is left out."""
    known = Player.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(pk): name for pk, name in known.values_list("pk", "name")}


def _player(named: Any) -> Player:
    players = Player.objects.filter(sport=Sport.BASKETBALL).select_related("team")
    if isinstance(named, int) or str(named or "").isdecimal():
        found = players.filter(pk=int(named)).first()
        if found is None:
            raise UnknownSubject(f"There is no player {named}.")
        return found
    if not named:
        raise UnknownSubject("Say whose statistic: player is missing.")
    from matches.basketball.player_names import resolve_player

    return resolve_player(str(named))


def _line(given: Any) -> float | None:
    if given in (None, ""):
        return None
    try:
        line = float(given)
    except (TypeError, ValueError):
        raise UnknownSubject(f"{given!r} is not a line: write it as 24.5.") from None
    if not is_line(line):
        raise UnknownSubject(f"A line is a whole or half number from 0 to {HIGHEST_LINE:g}, not {given}.")
    return line


def _listed(pk: Any) -> Match:
    games = basketball().select_related("home", "away", "season__competition")
    match = games.filter(pk=int(pk)).first() if str(pk).isdecimal() else None
    if match is None:
        raise UnknownSubject(f"There is no game {pk}.")
    return match


def _team_in(player: Player, match: Match) -> Team:
    """His team of the game: of its box score where it has been played, else his present one."""
    line = PlayerGame.objects.filter(match=match, player=player).select_related("team").first()
    if line is not None:
        return line.team
    if player.team is not None and player.team_id in (match.home_id, match.away_id):
        return player.team
    raise UnknownSubject(f"{player.name} does not play in {match}.")


def _supposed(player: Player, told: Mapping[str, Any]) -> Game:
    """A game that no schedule has, on the day told, else soon after his last one."""
    last = PlayerGame.objects.filter(player=player).select_related("match__season__competition", "team")
    latest = last.order_by("-match__date").first()
    if latest is None:
        raise UnknownSubject(f"No game of {player.name} is known, and none is scheduled.")
    now = timezone.now()
    day = day_of(told["date"]) if told.get("date") else _soon(latest.match.date, now.date())
    opponent = team_called(told.get("opponent"))
    whom = "against " + opponent.name if opponent else "against an average opponent"
    words = f"No such game is on the schedule: one {whom} on {day:%-d %B %Y} is supposed."
    return Game(
        competition=latest.match.season.competition.code,
        season=latest.match.season.code,
        team_id=latest.team_id,
        opponent_id=opponent.pk if opponent else None,
        is_home=_truth(told.get("home"), usual=True),
        is_playoff=False,
        day=day,
        tip_off=max(datetime.combine(day, TIP_OFF), now + timedelta(days=1)),
        supposed=words,
    )


def _soon(last: date, today: date) -> date:
    return last + USUAL_REST if today - last > LONG_AGO else max(today + timedelta(days=1), last + USUAL_REST)


def team_called(named: Any) -> Team | None:
    """The basketball team of an id, code, name or alias; None of nothing. Raises UnknownSubject."""
    if named in (None, ""):
        return None
    teams = Team.objects.filter(sport=Sport.BASKETBALL)
    if str(named).isdecimal():
        found = list(teams.filter(pk=int(named)))
    else:
        called = Q(name__iexact=named) | Q(abbreviation__iexact=named) | Q(aliases__alias__iexact=named)
        found = list(teams.filter(called).distinct()[:2])
    if len(found) != 1:
        raise UnknownSubject(
            f"{'Several teams are' if found else 'No team is'} called {named!r}: use its abbreviation."
        )
    return found[0]


def _truth(value: Any, *, usual: bool) -> bool:
    return usual if value is None else value in (True, "true", "True", "1", 1)

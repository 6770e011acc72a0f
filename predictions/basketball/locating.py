"""Whom and which game each of many questions means, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.utils import timezone

from matches.basketball.player_keys import fold
from matches.basketball.player_names import PlayerNames
from matches.errors import MatchDataError
from matches.models import Match, Player, PlayerAlias, Sport, Team
from predictions.basketball import naming
from predictions.basketball.props import PlayerProp
from predictions.basketball.questions import Question, check_day
from predictions.basketball.table import basketball
from predictions.errors import EventIsOver, PredictionError, UnknownSubject

if TYPE_CHECKING:
    from collections.abc import Iterable

Refused = MatchDataError | PredictionError
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Located:
    """A question with the player and the game it is about."""

    question: Question
    player: Player
    prop: PlayerProp


def locate(questions: Sequence[Question]) -> list[Located | Refused]:
    """Each question's player and game, or why there is none; in the order asked."""
    players = players_called([(question.player, question.team) for question in questions])
    now = timezone.now()
    coming = coming_games([one.team for one in players if isinstance(one, Player) and one.team], now)
    return [
        found if not isinstance(found, Player) else _tried(_located, question, found, coming, now)
        for question, found in zip(questions, players, strict=True)
    ]


def players_called(names: Sequence[tuple[str, str]]) -> list[Player | Refused]:
    """Of each (name or id, team's hint or "") the player, or an error that lists who could be meant.

    A name that one player has to the letter, or folded, takes one query for all of them; all names are only read where
    one takes more to understand.
    """
    by_id = _by_id({int(name) for name, _ in names if name.isdecimal() and len(name) < 12})
    direct = _by_name({" ".join(name.split()) for name, _ in names if not name.isdecimal()})
    all_names: list[PlayerNames] = []

    def resolved(name: str, team: str) -> Player:
        if name.isdecimal():
            if (known := by_id.get(name)) is None:
                raise UnknownSubject(f"There is no player {name[:20]}.")
            return known
        if not team and (found := direct.get(" ".join(name.split()))):
            return found
        if not all_names:
            all_names.append(PlayerNames(is_simulated=None))
        return all_names[0].player(name, among=all_names[0].of_team(team) if team else ())

    return [_tried(resolved, name, team) for name, team in names]


def _by_id(ids: set[int]) -> dict[str, Player]:
    players = Player.objects.filter(pk__in=ids, sport=Sport.BASKETBALL).select_related("team") if ids else ()
    return {str(player.pk): player for player in players}


def _by_name(names: set[str]) -> dict[str, Player]:
    """Of names that lead to one player at once, that player: by an alias to the letter, else by its key."""
    if not names:
        return {}
    keys = {name: fold(name) for name in names}
    known = PlayerAlias.objects.filter(Q(alias__in=names) | Q(key__in=set(keys.values())))
    letters: dict[str, dict[int, Player]] = defaultdict(dict)
    folded: dict[str, dict[int, Player]] = defaultdict(dict)
    for alias in known.filter(player__sport=Sport.BASKETBALL).select_related("player__team"):
        letters[alias.alias][alias.player_id] = alias.player
        folded[alias.key][alias.player_id] = alias.player
    found = {name: letters.get(name) or folded.get(key, {}) for name, key in keys.items()}
    return {name: next(iter(players.values())) for name, players in found.items() if len(players) == 1}


def _tried(work: Callable[..., T], *told: object) -> T | Refused:
    try:
        return work(*told)
    except (MatchDataError, PredictionError) as error:
        return error


Coming = Mapping[int, Sequence[Match]]


def coming_games(teams: Iterable[Team], now: datetime) -> Coming:
    """By team's id its scheduled games, the next one first."""
    ids = {team.pk for team in teams}
    if not ids:
        return {}
    games = basketball().upcoming(now).filter(Q(home__in=ids) | Q(away__in=ids)).with_names()
    found: dict[int, list[Match]] = defaultdict(list)
    for match in games.order_by("kickoff", "pk"):
        found[match.home_id].append(match)
        found[match.away_id].append(match)
    return found


def _located(question: Question, player: Player, coming: Coming, now: datetime) -> Located:
    """Raises UnknownSubject where no game can be told or supposed, EventIsOver, InvalidDay."""
    if question.date is not None:
        check_day(question.date, now.date())
        if question.date < now.date():
            raise EventIsOver(f"{question.date:%-d %B %Y} is over: a prediction must come before the event.")
    prop = _of_schedule(question, player, coming) or _supposed(question, player)
    if prop.game.tip_off <= now:
        raise EventIsOver(
            f"It began at {prop.game.tip_off:%-d %B %Y %H:%M} UTC: a prediction must come before the event."
        )
    return Located(question=question, player=player, prop=prop)


def _of_schedule(question: Question, player: Player, coming: Coming) -> PlayerProp | None:
    """His team's next game that is what was told of it."""
    team = player.team
    if team is None:
        return None
    for match in coming.get(team.pk, ()):
        game = naming.of_match(match, team)
        other = match.away if game.is_home else match.home
        if (
            (question.date is None or game.day == question.date)
            and (question.home is None or game.is_home == question.home)
            and (not question.opponent or _is_called(other, question.opponent))
        ):
            return PlayerProp(player_id=player.pk, player_name=player.name, line=question.line, game=game)
    return None


def _is_called(team: object, told: str) -> bool:
    names = (getattr(team, "abbreviation", ""), getattr(team, "name", ""), str(getattr(team, "pk", "")))
    return told.strip().casefold() in {name.casefold() for name in names if name}


def _supposed(question: Question, player: Player) -> PlayerProp:
    """A game that is not on the schedule."""
    told = {"opponent": question.opponent, "home": question.home, "date": question.date}
    about = {name: value for name, value in told.items() if value not in (None, "")}
    if about and question.date is None:
        about["date"] = timezone.now().date()
    return naming.prop({"player": player.pk, "line": question.line, **about})

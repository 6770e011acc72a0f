"""A simulated basketball league: founded, carried on season after season, its games played when they are due.

Everything carries `is_simulated`, on competition, teams and players. What is drawn depends on the rules of the league
alone, so a game has the same box score whenever it is played.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from matches.errors import InvalidSimulation
from matches.importing import Progress
from matches.models import Competition, ImportBatch, Match, SimulatedLeague, Sport
from matches.simulation.basketball.announcing import announce_seasons
from matches.simulation.basketball.landing import is_due, land, record, waiting_games
from matches.simulation.basketball.names import CODE, COUNTRY, LEAGUE
from matches.simulation.basketball.rows import EARLIEST, GAME_LASTS
from matches.simulation.basketball.rules import ROUND_DAYS, BasketballRules
from matches.simulation.founding import league_of

PLAYED_AT_FOUNDING = 0.8
"""Share of the last season that has been played when a league is founded, so that lines and results are at hand."""


def simulate_games(
    *, history: int = 2, teams: int = 16, seed: int = 1, until: date | None = None, progress: Progress | None = None
) -> list[ImportBatch]:
    """Found the league with `history` seasons, most of the last one played by `until` (today), and land all until then.

    A league that is there already is carried on from its own first season. Gives a batch where something was landed.
    Raises InvalidSimulation for a league that can't be played, or where there is one of another seed or size.
    """
    now = timezone.now() if until is None else datetime(until.year, until.month, until.day, 12, tzinfo=UTC)
    if history < 1:
        raise InvalidSimulation("Simulate at least one season.")
    if progress:
        progress(0, 1, LEAGUE)
    league = _found(_rules(history=history, teams=teams, seed=seed, on=now.date()))
    batch, _ = _carry_on(league, now)
    if progress:
        progress(1, 1, "")
    return [batch] if batch else []


def play_due_games(now: datetime | None = None) -> int:
    """Give every simulated game that is over its box score; returns how many were played.

    Keeps the league going too: lines and reports come out as their time comes, and new seasons are announced.
    """
    moment = now or timezone.now()
    return sum(_carry_on(league, moment)[1] for league in _leagues())


def bring_games_forward(tip_off: datetime) -> int:
    """Move a whole round of the league to a tip-off, its lines coming out at once; returns how many games were moved.

    It is the latest games of the season, so that the next days stay; they are over `rows.GAME_LASTS` later.
    """
    moved = 0
    for league in _leagues():
        games = _last_round(league, tip_off)
        for game in games:
            game.date, game.kickoff, game.updated_at = tip_off.date(), tip_off, timezone.now()
        Match.objects.bulk_update(games, ("date", "kickoff", "updated_at"))
        _carry_on(league, timezone.now())
        moved += len(games)
    return moved


def end_games(begun_by: datetime) -> int:
    """Give games that have begun by then their box scores at once, though they would last; returns how many."""
    return sum(_end(league, begun_by) for league in _leagues())


@transaction.atomic
def _end(league: SimulatedLeague, begun_by: datetime) -> int:
    begun = [game for game in waiting_games(league, begun_by) if game.match.kickoff <= begun_by]
    landed = land(BasketballRules.from_json(league.rules), begun, begun_by + GAME_LASTS)
    record(league, landed, announced=0)
    return len(landed.played)


def _last_round(league: SimulatedLeague, tip_off: datetime) -> list[Match]:
    """The latest game of each team, in the season that has the next game; none whose lines are out already.

    A pair that meets on that day anyway stays where it is.
    """
    scheduled = Match.objects.filter(season__competition=league.competition, status=Match.Status.SCHEDULED)
    later = scheduled.filter(kickoff__gt=max(tip_off, timezone.now()) + EARLIEST).order_by("-kickoff", "pk")
    coming = scheduled.order_by("kickoff").values_list("season", flat=True)[:1]
    rules = BasketballRules.from_json(league.rules)
    chosen: dict[int, Match] = {}
    for game in later.filter(season__in=list(coming)):
        if len(chosen) < rules.teams and not {game.home_id, game.away_id} & chosen.keys():
            chosen |= {game.home_id: game, game.away_id: game}
    games = list({game.pk: game for game in chosen.values()}.values())
    taken = set(scheduled.filter(date=tip_off.date()).values_list("home", "away"))
    return [game for game in games if (game.home_id, game.away_id) not in taken]


def _leagues() -> QuerySet[SimulatedLeague]:
    leagues = SimulatedLeague.objects.filter(competition__sport=Sport.BASKETBALL)
    return leagues.select_related("competition").order_by("pk")


def _rules(*, history: int, teams: int, seed: int, on: date) -> BasketballRules:
    """Rules by which a day lies well inside the last of so many seasons."""
    rules = BasketballRules(seed=seed, teams=teams)
    played = int(rules.rounds * ROUND_DAYS * PLAYED_AT_FOUNDING)
    first = on - timedelta(days=played + (history - 1) * rules.season_days)
    return BasketballRules(seed=seed, teams=teams, first_day=first.isoformat())


@transaction.atomic
def _found(rules: BasketballRules) -> SimulatedLeague:
    competition, _ = Competition.objects.get_or_create(
        code=CODE, defaults={"name": LEAGUE, "country": COUNTRY, "sport": Sport.BASKETBALL, "is_simulated": True}
    )
    if not competition.is_simulated or competition.sport != Sport.BASKETBALL:
        raise InvalidSimulation(f"{CODE} is another competition here: a simulation can't be written into it.")
    return league_of(competition, rules)


@transaction.atomic
def _carry_on(league: SimulatedLeague, now: datetime) -> tuple[ImportBatch | None, int]:
    """Announce and land what has become known; the batch, if anything has, and how many games were played."""
    rules = BasketballRules.from_json(league.rules)
    announced = announce_seasons(league, rules, now)
    waiting = [game for game in waiting_games(league, now) if is_due(game, now)]
    landed = land(rules, waiting, now)
    return record(league, landed, announced=announced), len(landed.played)

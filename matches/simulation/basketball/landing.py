"""What of a league's games has become known and is not in the database yet, and writing it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Manager, Model
from django.utils import timezone

from matches.models import Availability, GameLine, ImportBatch, Match, PlayerGame, PropLine, SimulatedLeague
from matches.signals import results_changed
from matches.simulation.basketball import rows
from matches.simulation.basketball.announcing import cast_of
from matches.simulation.basketball.bookmakers import BOOKS
from matches.simulation.basketball.rows import SOURCE, Cast, Place, Places
from matches.simulation.basketball.rules import BasketballRules
from matches.simulation.basketball.season import SimulatedGames, seasons

BATCH = 2000
Row = TypeVar("Row", bound=Model)


@dataclass
class WaitingGame:
    """A game not played yet, and what of it is in the database."""

    match: Match
    index: int
    number: int
    books: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)


def is_over(game: WaitingGame, now: datetime) -> bool:
    return game.match.kickoff + rows.GAME_LASTS <= now


def is_due(game: WaitingGame, now: datetime) -> bool:
    return is_over(game, now) or bool(_due_books(game, now)) or bool(_due_reports(game, now))


def _due_books(game: WaitingGame, now: datetime) -> set[str]:
    return {book.name for book in BOOKS if rows.quoted_at(book, game.match.kickoff) <= now} - game.books


def _due_reports(game: WaitingGame, now: datetime) -> set[str]:
    return {stage for stage in rows.STAGES if rows.reported_at(stage, game.match.kickoff) <= now} - game.reports


def waiting_games(league: SimulatedLeague, now: datetime) -> list[WaitingGame]:
    """Games not played yet of which something may be known; those that staff added by hand are left out."""
    matches = Match.objects.filter(
        season__competition=league.competition, status=Match.Status.SCHEDULED, kickoff__lte=now + rows.EARLIEST
    )
    games = {}
    for match in matches.order_by("kickoff", "pk"):
        place = rows.place_of(match.external_id)
        if place is not None:
            games[match.pk] = WaitingGame(match=match, index=place[0], number=place[1])
    for key, book in GameLine.objects.filter(match__in=matches).values_list("match_id", "bookmaker"):
        if key in games:
            games[key].books.add(book)
    _mark_reports(games.values())
    return list(games.values())


def _mark_reports(games: Collection[WaitingGame]) -> None:
    """A report is of all games of a day, or out together with the first lines."""
    days = {game.match.kickoff.date() for game in games}
    found = Availability.objects.filter(source=SOURCE, date__in=days).values_list("date", "reported_at").distinct()
    told = set(found) if days else set()
    for game in games:
        day = game.match.kickoff.date()
        game.reports = {stage for stage in rows.STAGES if (day, rows.reported_at(stage, game.match.kickoff)) in told}
        if BOOKS[0].name in game.books:
            game.reports.add(rows.STAGES[0])


@dataclass
class Landed:
    """Rows written by kind, and the games played."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    played: list[int] = field(default_factory=list)


def land(rules: BasketballRules, waiting: Sequence[WaitingGame], now: datetime) -> Landed:
    """Write all that is known of the games by now; what is there already stays."""
    landed = Landed()
    if not waiting:
        return landed
    drawn = seasons(rules, max(game.index for game in waiting) + 1)
    cast = cast_of(rules)
    by_season: dict[int, list[WaitingGame]] = defaultdict(list)
    for game in waiting:
        if game.number < len(drawn[game.index]):
            by_season[game.index].append(game)
    for index, games in by_season.items():
        _land_said(landed, rules, drawn[index], games, now=now, cast=cast)
        _land_played(landed, drawn[index], [game for game in games if is_over(game, now)], cast)
    return landed


def record(league: SimulatedLeague, landed: Landed, *, announced: int) -> ImportBatch | None:
    """Write down that something landed and, once committed, tell whoever waits for results; None if nothing did."""
    if not announced and not landed.played and not landed.rows:
        return None
    if landed.played:
        transaction.on_commit(partial(results_changed.send, sender=ImportBatch, match_ids=landed.played))
    return ImportBatch.objects.create(
        source=SOURCE,
        filename=league.competition.code,
        sha256=hashlib.sha256(json.dumps(league.rules, sort_keys=True).encode()).hexdigest(),
        status=ImportBatch.Status.COMPLETED,
        finished_at=timezone.now(),
        rows=announced or len(landed.played),
        created=announced,
        updated=0 if announced else len(landed.played),
        report=dict(landed.rows),
    )


def _land_said(
    landed: Landed,
    rules: BasketballRules,
    games: SimulatedGames,
    waiting: Sequence[WaitingGame],
    *,
    now: datetime,
    cast: Cast,
) -> None:
    """Bookmakers' lines, and reports of who is out."""
    for book in BOOKS:
        places = _places(game for game in waiting if book.name in _due_books(game, now))
        if places:
            props = rows.prop_lines(games, places, book, seed=rules.seed, cast=cast)
            _write(landed, "prop_lines", PropLine.objects, props)
            _write(landed, "game_lines", GameLine.objects, rows.game_lines(games, places, book, seed=rules.seed))
    stages = {game.number: due for game in waiting if (due := _due_reports(game, now))}
    if stages:
        said = rows.availability(games, _places(waiting), stages, seed=rules.seed, cast=cast)
        _write(landed, "reports", Availability.objects, said)


def _land_played(landed: Landed, games: SimulatedGames, over: Sequence[WaitingGame], cast: Cast) -> None:
    if not over:
        return
    _write(landed, "player_games", PlayerGame.objects, rows.player_games(games, _places(over), cast))
    score = games.score
    for game in over:
        game.match.home_goals, game.match.away_goals = (int(points) for points in score[game.number])
        game.match.status = Match.Status.FINISHED
        game.match.updated_at = timezone.now()
    fields = ("home_goals", "away_goals", "status", "updated_at")
    Match.objects.bulk_update([game.match for game in over], fields, batch_size=200)
    landed.played += [game.match.pk for game in over]


def _places(games: Iterable[WaitingGame]) -> Places:
    return {game.number: Place(match=game.match.pk, kickoff=game.match.kickoff) for game in games}


def _write(landed: Landed, name: str, manager: Manager[Row], wished: Iterable[Row]) -> None:
    """Write rows, leaving alone those that are there: another worker may have been first."""
    made = list(wished)
    if made:
        manager.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
        landed.rows[name] += len(made)

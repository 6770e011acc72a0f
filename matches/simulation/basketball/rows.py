"""Drawn games as rows of the database, and the moments from which they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from matches.models import Availability, GameLine, PlayerGame, PropLine
from matches.simulation.basketball.bookmakers import BOOKS, Book, game_quotes, prop_quotes
from matches.simulation.basketball.box_scores import COUNTED
from matches.simulation.basketball.names import CODE
from matches.simulation.basketball.reports import DAY, EARLY, EVE, reports
from matches.simulation.basketball.rules import BasketballRules
from matches.simulation.basketball.season import SimulatedGames

SOURCE = "simulator"
GAME_LASTS = timedelta(hours=2, minutes=30)
EARLIEST = timedelta(hours=BOOKS[0].hours)
"""How long before the tip-off the first of a game's lines and reports is out."""

STAGES = (EARLY, EVE, DAY)
_EVE_HOUR, _DAY_HOUR = 18, 12


@dataclass(frozen=True, kw_only=True)
class Place:
    """A game's row: its key and its tip-off."""

    match: int
    kickoff: datetime


Places = Mapping[int, Place]
"""By the number of the game in its season."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Keys of the league's rows: players and teams by their numbers."""

    players: Mapping[int, int]
    teams: Mapping[int, int]


def season_code(rules: BasketballRules, index: int) -> str:
    """The code of a season counted from 0: the year it begins in, and which of that year's it is, as `2026-2`."""
    year = rules.season_start(index).year
    return f"{year}-{1 + sum(rules.season_start(before).year == year for before in range(index))}"


def player_id(number: int) -> str:
    """The external id of a player counted from 0."""
    return f"{CODE}-{number}"


def game_id(index: int, game: int) -> str:
    """The external id of a game of a season, both counted from 0."""
    return f"{CODE}-{index}-{game}"


def place_of(external_id: str) -> tuple[int, int] | None:
    """Season and game of an external id; None where it is no simulated game's."""
    code, *numbers = external_id.split("-")
    if code != CODE or len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def reported_at(stage: str, kickoff: datetime) -> datetime:
    """When a report on a game is out, UTC: 84 hours before it, on the eve at six, or on the day at noon."""
    if stage == EARLY:
        return kickoff - EARLIEST
    if stage == EVE:
        return (kickoff - timedelta(days=1)).replace(hour=_EVE_HOUR, minute=0, second=0, microsecond=0)
    return kickoff.replace(hour=_DAY_HOUR, minute=0, second=0, microsecond=0)


def quoted_at(book: Book, kickoff: datetime) -> datetime:
    """When a bookmaker's lines on a game are out."""
    return kickoff - timedelta(hours=book.hours)


def player_games(games: SimulatedGames, places: Places, cast: Cast) -> Iterator[PlayerGame]:
    """The box scores of some games: a row for everyone who played."""
    points = games.points
    for game, place in places.items():
        for side in (2 * game, 2 * game + 1):
            for slot in (games.minutes[side] > 0).nonzero()[0].tolist():
                counts = {name: int(games.box[name][side, slot]) for name in COUNTED}
                yield PlayerGame(
                    match_id=place.match,
                    player_id=cast.players[int(games.player[side, slot])],
                    team_id=cast.teams[int(games.team[side])],
                    is_home=side % 2 == 0,
                    minutes=float(games.minutes[side, slot]),
                    points=int(points[side, slot]),
                    rebounds=counts["offensive_rebounds"] + counts["defensive_rebounds"],
                    plus_minus=int(games.plus_minus[side, slot]),
                    **counts,
                )


def game_lines(games: SimulatedGames, places: Places, book: Book, *, seed: int) -> Iterator[GameLine]:
    """A bookmaker's lines on some games."""
    quotes = game_quotes(games, book, seed=seed)
    for game, place in places.items():
        yield GameLine(
            match_id=place.match,
            bookmaker=book.name,
            spread_home=_decimal(quotes.spread_home[game]),
            total=_decimal(quotes.total[game]),
            home_price=_decimal(quotes.home[game]),
            away_price=_decimal(quotes.away[game]),
        )


def prop_lines(games: SimulatedGames, places: Places, book: Book, *, seed: int, cast: Cast) -> Iterator[PropLine]:
    """A bookmaker's lines on the players of some games."""
    for quotes in prop_quotes(games, book, seed=seed):
        columns = (quotes.side, quotes.slot, quotes.line, quotes.over, quotes.under)
        for side, slot, line, over, under in zip(*(column.tolist() for column in columns), strict=True):
            place = places.get(side // 2)
            if place is not None:
                yield PropLine(
                    match_id=place.match,
                    player_id=cast.players[int(games.player[side, slot])],
                    statistic=quotes.statistic,
                    bookmaker=book.name,
                    line=_decimal(line),
                    over_price=_decimal(over),
                    under_price=_decimal(under),
                    quoted_at=quoted_at(book, place.kickoff),
                )


def availability(
    games: SimulatedGames, places: Places, stages: Mapping[int, set[str]], *, seed: int, cast: Cast
) -> Iterator[Availability]:
    """What is reported of players, of the `stages` named by game; each game named has its place."""
    for report in reports(games, seed=seed):
        game = report.side // 2
        if report.stage in stages.get(game, ()):
            kickoff = places[game].kickoff
            yield Availability(
                player_id=cast.players[int(games.player[report.side, report.slot])],
                date=kickoff.date(),
                status=report.status,
                reason=report.reason,
                source=SOURCE,
                reported_at=reported_at(report.stage, kickoff),
            )


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")

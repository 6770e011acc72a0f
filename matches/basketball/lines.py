"""How bookmakers' lines land: each finds its game and player, and only what differs is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matches.basketball.entries import Entries, certain_player
from matches.basketball.games_of_days import GamesOfDays
from matches.basketball.player_names import PlayerNames
from matches.basketball.rows import GameLineRow, PropLineRow
from matches.landing import Landed
from matches.models import GameLine, ImportBatch, PropLine
from matches.sources.rows import Refusal

_PRICES = ("over_price", "under_price")
_GAME = ("spread_home", "total", "home_price", "away_price")


def land_prop_lines(rows: Sequence[PropLineRow], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write lines on players; call it in a transaction. Whoever a name does not tell for certain is refused."""
    if not rows:
        return Landed()
    games, names = GamesOfDays(row.date for row in rows), PlayerNames()

    def entered(row: PropLineRow) -> PropLine:
        match = games.game(row.date, home=row.home, away=row.away, quoted_at=row.quoted_at)
        return PropLine(
            match=match,
            player=certain_player(names, row.player, games.players_of(match)),
            statistic=row.statistic,
            bookmaker=row.bookmaker,
            line=row.points,
            over_price=row.over_price,
            under_price=row.under_price,
            quoted_at=row.quoted_at,
        )

    return Entries(PropLine, _prop_key, _PRICES, within="match_id").land(rows, entered)


def land_game_lines(rows: Sequence[GameLineRow], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write lines on games; call it in a transaction."""
    if not rows:
        return Landed()
    games = GamesOfDays(row.date for row in rows)

    def entered(row: GameLineRow) -> GameLine:
        match = games.game(row.date, home=row.home, away=row.away)
        values = {name: getattr(row, name) for name in _GAME}
        return GameLine(match=match, bookmaker=row.bookmaker, **values)

    return Entries(GameLine, _game_key, _GAME, within="match_id").land(rows, entered)


def _prop_key(line: PropLine) -> tuple[Any, ...]:
    return line.match_id, line.player_id, line.statistic, line.bookmaker, line.quoted_at, line.line


def _game_key(line: GameLine) -> tuple[Any, ...]:
    return line.match_id, line.bookmaker

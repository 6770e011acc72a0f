"""How bookmakers' lines land: each finds its game and player, and only what differs is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from matches.basketball.games_of_days import GamesOfDays
from matches.basketball.player_names import PlayerNames
from matches.basketball.rows import GameLineRow, PropLineRow
from matches.errors import AmbiguousPlayer, RowRefused, UnknownPlayer
from matches.landing import BATCH, Landed
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

    return _Entries(PropLine, _prop_key, _PRICES).land(rows, entered)


def land_game_lines(rows: Sequence[GameLineRow], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write lines on games; call it in a transaction."""
    if not rows:
        return Landed()
    games = GamesOfDays(row.date for row in rows)

    def entered(row: GameLineRow) -> GameLine:
        match = games.game(row.date, home=row.home, away=row.away)
        values = {name: getattr(row, name) for name in _GAME}
        return GameLine(match=match, bookmaker=row.bookmaker, **values)

    return _Entries(GameLine, _game_key, _GAME).land(rows, entered)


def certain_player(names: PlayerNames, name: str, among: Sequence[int]) -> Any:
    """The player a row names. Raises RowRefused where that is nobody, or could be several."""
    try:
        return names.player(name, among=among)
    except (UnknownPlayer, AmbiguousPlayer) as error:
        raise RowRefused(error.code, str(error)) from error


def _prop_key(line: PropLine) -> tuple[Any, ...]:
    return line.match_id, line.player_id, line.statistic, line.bookmaker, line.quoted_at, line.line


def _game_key(line: GameLine) -> tuple[Any, ...]:
    return line.match_id, line.bookmaker


class _Entries:
    """Rows of one model, found again by their key: new ones are written, those that differ changed."""

    def __init__(self, model: type[Any], key: Callable[[Any], tuple[Any, ...]], fields: Sequence[str]) -> None:
        self.model = model
        self.key = key
        self.fields = fields

    def land(self, rows: Sequence[Any], entered: Callable[[Any], Model]) -> Landed:
        landed = Landed()
        told: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        for row in rows:
            try:
                self._take(row, entered(row), told, landed)
            except RowRefused as error:
                refusal = Refusal(line=row.line, code=error.code, reason=str(error), raw=dict(row.raw))
                landed.refusals.append(refusal)
        self._write({key: entry for key, (_, entry) in told.items()}, landed)
        return landed

    def _take(self, row: Any, entry: Any, told: dict[tuple[Any, ...], tuple[Any, Any]], landed: Landed) -> None:
        key = self.key(entry)
        if key not in told:
            told[key] = row, entry
        elif self._values(told[key][1]) == self._values(entry):
            landed.unchanged += 1
        else:
            raise RowRefused("duplicate_line", f"Line {told[key][0].line} tells this otherwise: the first stands.")

    def _values(self, entry: Any) -> tuple[Any, ...]:
        return tuple(getattr(entry, name) for name in self.fields)

    def _write(self, told: Mapping[tuple[Any, ...], Any], landed: Landed) -> None:
        held = self._held(told)
        new, changed = [], []
        for key, entry in told.items():
            if key not in held:
                new.append(entry)
            elif self._values(held[key]) != self._values(entry):
                entry.pk = held[key].pk
                changed.append(entry)
        self.model.objects.bulk_create(new, batch_size=BATCH)
        self.model.objects.bulk_update(changed, self.fields, batch_size=200)
        landed.created, landed.updated = len(new), len(changed)
        landed.unchanged += len(told) - len(new) - len(changed)

    def _held(self, told: Mapping[tuple[Any, ...], Any]) -> dict[tuple[Any, ...], Any]:
        matches = list({entry.match_id for entry in told.values()})
        found: dict[tuple[Any, ...], Any] = {}
        for start in range(0, len(matches), BATCH):
            for entry in self.model.objects.filter(match__in=matches[start : start + BATCH]):
                found[self.key(entry)] = entry
        return found

"""How rows that stand by themselves land: lines and reports, each known by a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from matches.basketball.player_names import PlayerNames
from matches.errors import AmbiguousPlayer, RowRefused, UnknownPlayer
from matches.landing import BATCH, Landed
from matches.models import Player
from matches.sources.rows import Refusal


def certain_player(names: PlayerNames, name: str, among: Sequence[int]) -> Player:
    """The player a row names. Raises RowRefused where that is nobody, or could be several."""
    try:
        return names.player(name, among=among)
    except (UnknownPlayer, AmbiguousPlayer) as error:
        raise RowRefused(error.code, str(error)) from error


class Entries:
    """Rows of one model, found again by their key: new ones are written, those that differ changed.

    `within` is the column by which those held are read: the game, or the day.
    """

    def __init__(
        self, model: type[Any], key: Callable[[Any], tuple[Any, ...]], fields: Sequence[str], *, within: str
    ) -> None:
        self.model = model
        self.within = within
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
        places = list({getattr(entry, self.within) for entry in told.values()})
        found: dict[tuple[Any, ...], Any] = {}
        for start in range(0, len(places), BATCH):
            for entry in self.model.objects.filter(**{f"{self.within}__in": places[start : start + BATCH]}):
                found[self.key(entry)] = entry
        return found

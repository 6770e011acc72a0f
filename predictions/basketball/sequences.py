"""Rows one after the other in time, by player or by team, so that each asks what came on earlier days.

Every mean here is a quotient of sums of multiples of 1/1024, which floating point adds without rounding: so no value
of a later game can move even the last bit of what is said of an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRAIN = 1024.0
DAYS = np.int64(1 << 21)
"""More days than a proleptic ordinal has, so that key and day make one sortable number."""


def exact(values: Any) -> Floats:
    """Rounded to multiples of 1/1024, whose sums are exact in any order."""
    return np.asarray(np.round(np.asarray(values, dtype=float) * GRAIN) / GRAIN, dtype=float)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sequences:
    """Rows grouped by a key (a player, a team) and within it by day.

    order: (k,) the rows' numbers in the table they came from. keys: (u,) sorted. starts: (u,) where each key begins.
    stamps: (k,) key's number and day as one sorted number.
    """

    order: Ints
    keys: Ints
    starts: Ints
    stamps: Ints

    @classmethod
    def of(cls, keys: Any, days: Any, *, then_by: Any) -> Sequences:
        order = np.lexsort((then_by, days, keys)).astype(np.int64)
        found, starts, codes = np.unique(np.asarray(keys)[order], return_index=True, return_inverse=True)
        stamps = codes.astype(np.int64) * DAYS + np.asarray(days)[order]
        return cls(order=order, keys=found.astype(np.int64), starts=starts.astype(np.int64), stamps=stamps)

    def __len__(self) -> int:
        return len(self.order)

    @property
    def first(self) -> Ints:
        """(k,) where the run of each place begins."""
        return self.starts[self.stamps // DAYS] if len(self) else self.order

    @property
    def days(self) -> Ints:
        return self.stamps % DAYS

    def before(self, keys: Any, days: Any) -> tuple[Ints, Ints]:
        """(n,) begin and end of the places of each key on earlier days than the row's; empty for unknown keys."""
        asked = np.asarray(keys, dtype=np.int64)
        if not len(self):
            nothing = np.zeros(len(asked), dtype=np.int64)
            return nothing, nothing
        code = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        start = self.starts[code]
        end = np.searchsorted(self.stamps, code * DAYS + np.asarray(days, dtype=np.int64), side="left")
        return start, np.where(self.keys[code] == asked, np.maximum(end, start), start)

    def decayed(self, values: Floats, *, keep: float) -> Floats:
        """(k, m): at each place the sum of the key's values so far, each weighted keep^(places since)."""
        found = np.array(values, dtype=float)
        lengths = np.diff(np.append(self.starts, len(self)))
        longest_first = np.argsort(-lengths, kind="stable")
        starts, ranked = self.starts[longest_first], -lengths[longest_first]
        for step in range(1, int(lengths.max(initial=0))):
            places = starts[: np.searchsorted(ranked, -step, side="left")] + step
            found[places] += keep * found[places - 1]
        return found


def running(values: Floats) -> Floats:
    """(k + 1, …) sums of all before each place; exact where values are multiples of 1/1024."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def at_end(table: Floats, start: Ints, end: Ints, *, otherwise: float = np.nan) -> Floats:
    """What `table` (k, …) says at the last place before each row's end; `otherwise` for rows without any."""
    if not len(table):
        return np.full((len(end), *table.shape[1:]), otherwise)
    found = table[np.maximum(end - 1, 0)]
    has = (end > start).reshape(-1, *[1] * (table.ndim - 1))
    return np.asarray(np.where(has, found, otherwise), dtype=float)

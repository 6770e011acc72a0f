"""Rows that are asked about, beside the history they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.box_scores import BoxScores
from predictions.basketball.history import History
from predictions.basketball.sequences import at_end

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_MINUTES = 100.0
"""Minutes for which a player's rate stands at the league's: about three games."""

LEAGUE_RATES = {
    "points": 0.47,
    "rebounds": 0.18,
    "assists": 0.105,
    "threes": 0.052,
    "steals": 0.031,
    "blocks": 0.02,
    "pra": 0.755,
}
"""Of each statistic a minute, in the four seasons to 2023-24: where a newcomer's rate begins."""


@dataclass(frozen=True, eq=False)
class Asked:
    """Rows (n,) of a table: who plays whom and when, and which places of the history came on earlier days."""

    box: BoxScores
    rows: NDArray[Any]

    @cached_property
    def history(self) -> History:
        return self.box.history

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def player(self) -> Ints:
        return np.asarray(self.box.player[self.rows], dtype=np.int64)

    @cached_property
    def team(self) -> Ints:
        return np.asarray(self.box.team[self.rows], dtype=np.int64)

    @cached_property
    def opponent(self) -> Ints:
        return np.asarray(self.box.opponent[self.rows], dtype=np.int64)

    @cached_property
    def day(self) -> Ints:
        return np.asarray(self.box.day[self.rows], dtype=np.int64)

    @cached_property
    def is_home(self) -> NDArray[np.bool_]:
        return np.asarray(self.box.is_home[self.rows], dtype=bool)

    @cached_property
    def _places(self) -> tuple[Ints, Ints]:
        return self.history.players.before(self.player, self.day)

    @property
    def start(self) -> Ints:
        """(n,) where the player's games begin."""
        return self._places[0]

    @property
    def end(self) -> Ints:
        """(n,) behind his last game of an earlier day."""
        return self._places[1]

    @cached_property
    def season(self) -> Ints:
        """(n,) number of the row's season; one that nothing was played in comes after all."""
        names = self.history.season_names
        found, codes = np.unique(np.asarray(self.box.season)[self.rows].astype(str), return_inverse=True)
        return np.array([names.get(str(name), len(names)) for name in found], dtype=np.int64)[codes]

    @cached_property
    def season_start(self) -> Ints:
        """(n,) his first place in the row's season, `end` where there is none before the row."""
        seasons = self.history.keep(lambda: _season_starts(self.history), "season starts")
        last = at_end(self.history.season.astype(float), self.start, self.end)
        begun = at_end(seasons.astype(float), self.start, self.end)
        return np.where(last == self.season, np.nan_to_num(begun), self.end).astype(np.int64)

    @cached_property
    def own_games(self) -> tuple[Ints, Ints]:
        """Begin and end of the team's earlier games."""
        return self.history.teams.sequences.before(self.team, self.day)

    @cached_property
    def opponents_games(self) -> tuple[Ints, Ints]:
        """Begin and end of the opponent's earlier games."""
        return self.history.teams.sequences.before(self.opponent, self.day)

    def decayed(self, name: str, *, keep: float) -> Floats:
        """(n,) weighted sum of a column over earlier games, 0 without any."""
        return at_end(self.history.decayed(name, keep=keep), self.start, self.end, otherwise=0.0)

    def average(self, name: str, *, keep: float) -> Floats:
        """(n,) mean of a column over earlier games, each weighted by keep^(games since); NaN without any."""
        count = self.decayed("games", keep=keep)
        return np.asarray(
            np.where(count > 0, self.decayed(name, keep=keep) / np.maximum(count, 1.0), np.nan), dtype=float
        )

    def rate(self, statistic: str, *, keep: float, towards: Floats | float) -> Floats:
        """(n,) of a statistic a minute, drawn to another rate as if that had been seen for `PRIOR_MINUTES`."""
        sums, minutes = self.decayed(statistic, keep=keep), self.decayed("minutes", keep=keep)
        return np.asarray((sums + towards * PRIOR_MINUTES) / (minutes + PRIOR_MINUTES), dtype=float)


def _season_starts(history: History) -> Ints:
    """(k,) where the season of each place began for its player."""
    places = np.arange(len(history.players), dtype=np.int64)
    begins = np.ones(len(places), dtype=bool)
    begins[1:] = (history.player[1:] != history.player[:-1]) | (history.season[1:] != history.season[:-1])
    return np.asarray(np.maximum.accumulate(np.where(begins, places, 0)), dtype=np.int64)

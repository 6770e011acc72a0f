"""What has been played: by player and by team, indexed once and kept with the table it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.box_scores import COUNTED, STATISTICS
from predictions.basketball.sequences import Sequences, exact

if TYPE_CHECKING:
    from predictions.basketball.box_scores import BoxScores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

SLOW, MIDDLE, FAST = 0.97, 0.9, 0.7
"""Weights kept from game to game; FAST is that of an EMA(0.3)."""

FREE_THROW_POSSESSIONS = 0.44
"""Possessions a free throw, as in Kubatko et al. (2007), "A starting point for analyzing basketball statistics"."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TeamGames:
    """One row a team and game, (g,), by team and day; `other` is the place of the opponent's row of the same game."""

    sequences: Sequences
    match: Ints
    team: Ints
    opponent: Ints
    day: Ints
    season: Ints
    is_home: NDArray[np.bool_]
    other: Ints
    totals: Mapping[str, Floats]
    possessions: Floats
    minutes: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class History:
    """Known rows by player, (k,) in the order of `players`, and the games of teams.

    seasons: (k,) numbers of the seasons by first day. values: (k,) what was counted, and every statistic; multiples of
    1/1024. team_place: (k,) place of the row's game in `teams`, −1 where the opponent's side of it is missing.
    """

    players: Sequences
    match: Ints
    player: Ints
    team: Ints
    opponent: Ints
    day: Ints
    season: Ints
    season_names: Mapping[str, int]
    is_home: NDArray[np.bool_]
    values: Mapping[str, Floats]
    teams: TeamGames
    team_place: Ints
    _kept: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, box: BoxScores) -> History:
        """The index of a table's played rows."""
        known = np.flatnonzero(box.is_known)
        players = Sequences.of(box.player[known], box.day[known], then_by=box.match[known])
        order = known[players.order]
        names, codes = _seasons(box)
        values = {name: exact(getattr(box, name)[order]) for name in ("minutes", *COUNTED)}
        values |= {name: exact(box.statistic(name)[order]) for name in STATISTICS}
        columns = {name: getattr(box, name)[order].astype(np.int64) for name in ("match", "player", "team", "opponent")}
        day, is_home = box.day[order].astype(np.int64), box.is_home[order]
        teams, places = _team_games(columns, day, codes[order], is_home, values)
        history = cls(
            players=players,
            **columns,
            day=day,
            season=codes[order],
            season_names=names,
            is_home=is_home,
            values=values,
            teams=teams,
            team_place=places,
        )
        history._kept["played",] = replace(box.rows(known), _history=[history])
        return history

    @property
    def played(self) -> BoxScores:
        """The rows it was made from, in the order of the table."""
        found: BoxScores = self._kept["played",]  # type: ignore[assignment]  # put there by `of`
        return found

    def keep(self, make: Callable[[], T], *name: str) -> T:
        """What was once made under this name."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[return-value]  # a name is always made by the same function

    def decayed(self, name: str, *, keep: float) -> Floats:
        """(k,) sums of a column so far, weighted by keep^(games since); of "games" their number, so weighted."""

        def make() -> Floats:
            column = np.ones(len(self.players)) if name == "games" else self.values[name]
            return self.players.decayed(column, keep=keep)

        return self.keep(make, "decayed", name, str(keep))


def _seasons(box: BoxScores) -> tuple[dict[str, int], Ints]:
    """Seasons numbered in order of time, and the number of each row's."""
    names, first, codes = np.unique(np.asarray(box.season).astype(str), return_index=True, return_inverse=True)
    # Rows are sorted by day, so a season's first row has its first day.
    rank = np.argsort(np.argsort(first))
    return {str(name): int(number) for name, number in zip(names, rank, strict=True)}, rank[codes].astype(np.int64)


def _team_games(
    columns: Mapping[str, Ints], day: Ints, season: Ints, is_home: NDArray[np.bool_], values: Mapping[str, Floats]
) -> tuple[TeamGames, Ints]:
    sides = np.column_stack([columns["match"], columns["team"]])
    found, first, side = np.unique(sides, axis=0, return_index=True, return_inverse=True)
    side = side.reshape(-1)
    sums = {name: exact(np.bincount(side, weights=column, minlength=len(found))) for name, column in values.items()}
    other = _other_side(found, columns["opponent"][first])
    whole = np.flatnonzero(other >= 0)
    sequences = Sequences.of(found[whole, 1], day[first][whole], then_by=found[whole, 0])
    order = whole[sequences.order]
    place = np.full(len(found) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    totals = {name: column[order] for name, column in sums.items()}
    games = TeamGames(
        sequences=sequences,
        match=found[order, 0],
        team=found[order, 1],
        opponent=columns["opponent"][first][order],
        day=day[first][order],
        season=season[first][order],
        is_home=is_home[first][order],
        other=place[other[order]],
        totals=totals,
        possessions=_possessions(totals),
        minutes=totals["minutes"],
    )
    return games, place[side]


def _other_side(sides: Ints, opponents: Ints) -> Ints:
    """Of each (match, team), sorted, the number of (match, opponent); −1 where that side is missing."""
    number = {(match, team): i for i, (match, team) in enumerate(sides.tolist())}
    matches = sides[:, 0].tolist()
    return np.array(
        [number.get(pair, -1) for pair in zip(matches, opponents.tolist(), strict=True)], dtype=np.int64
    ).reshape(-1)


def _possessions(totals: Mapping[str, Floats]) -> Floats:
    """Field goals and free throws attempted, less what was rebounded, plus turnovers."""
    return exact(
        totals["field_goals_attempted"]
        + FREE_THROW_POSSESSIONS * totals["free_throws_attempted"]
        - totals["offensive_rebounds"]
        + totals["turnovers"]
    )

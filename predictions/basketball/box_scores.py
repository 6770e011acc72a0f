"""Box scores as columns: what the features read, whether it came from a database or a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from predictions.basketball.history import History

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COUNTED = (
    "points",
    "field_goals_made",
    "field_goals_attempted",
    "threes_made",
    "threes_attempted",
    "free_throws_made",
    "free_throws_attempted",
    "offensive_rebounds",
    "defensive_rebounds",
    "rebounds",
    "assists",
    "steals",
    "blocks",
    "turnovers",
    "fouls",
)
"""What a box score counts, besides the minutes."""

SUMS: Mapping[str, tuple[str, ...]] = {
    "points": ("points",),
    "rebounds": ("rebounds",),
    "assists": ("assists",),
    "threes": ("threes_made",),
    "steals": ("steals",),
    "blocks": ("blocks",),
    "pra": ("points", "rebounds", "assists"),
}
"""Each statistic that a line can be on, as the columns whose sum it is."""

STATISTICS = tuple(SUMS)


@dataclass(frozen=True, eq=False, kw_only=True)
class BoxScores:
    """One row a player and game, all columns (n,), sorted by (day, match, player).

    A row that is asked about, because its game is not played, has NaN in all that is counted. day: proleptic ordinal of
    the game's date; season: any text, equal within a season. spread: points by which the row's team is expected to lose
    (negative for favourites), total: points expected of both; NaN where no bookmaker is known. abbreviations: of team
    ids ("BKN"), by which their arenas are known; a team without one travels nowhere that is known.
    """

    match: Ints
    player: Ints
    team: Ints
    opponent: Ints
    day: NDArray[np.int32]
    season: NDArray[Any]
    is_home: Bools
    is_playoff: Bools
    minutes: Floats
    points: Floats
    field_goals_made: Floats
    field_goals_attempted: Floats
    threes_made: Floats
    threes_attempted: Floats
    free_throws_made: Floats
    free_throws_attempted: Floats
    offensive_rebounds: Floats
    defensive_rebounds: Floats
    rebounds: Floats
    assists: Floats
    steals: Floats
    blocks: Floats
    turnovers: Floats
    fouls: Floats
    spread: Floats
    total: Floats
    abbreviations: Mapping[int, str] = field(default_factory=dict)
    _history: list[History] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for columns of different lengths, or rows out of order."""
        lengths = {len(getattr(self, name)) for name in COLUMNS}
        if len(lengths) > 1:
            raise ValueError(f"The columns of box scores have different lengths: {sorted(lengths)}.")
        if (np.diff(self.day) < 0).any():
            raise ValueError("Box scores are sorted by day, game and player; these are not.")

    def __len__(self) -> int:
        return len(self.player)

    def statistic(self, name: str) -> Floats:
        """Counts (n,) of a statistic, NaN in rows that are asked about. Raises KeyError for one that is not known."""
        return np.asarray(sum(getattr(self, column) for column in SUMS[name]), dtype=float)

    @property
    def is_known(self) -> Bools:
        """(n,) whether the game has been played."""
        return np.isfinite(self.minutes)

    @property
    def history(self) -> History:
        """What has been played, indexed by player and team: made once and kept with the table."""
        from predictions.basketball.history import History

        if not self._history:
            self._history.append(History.of(self))
        return self._history[0]

    def rows(self, which: Any) -> BoxScores:
        """Some of the rows, in the order of this table, with a history of their own."""
        return replace(self, **{name: getattr(self, name)[which] for name in COLUMNS}, _history=[])

    def asking(
        self,
        *,
        match: Any,
        player: Any,
        team: Any,
        opponent: Any,
        day: Any,
        season: Any,
        is_home: Any,
        is_playoff: Any = False,
        spread: Any = np.nan,
        total: Any = np.nan,
    ) -> BoxScores:
        """Rows of games to come, each argument a number or (m,), that stand on this table's history.

        This is how a serving process asks: the table and its index stay, and nothing is copied but the question.
        """
        number = np.atleast_1d(np.asarray(player, dtype=np.int64))
        given = {
            "match": (match, np.int64),
            "player": (player, np.int64),
            "team": (team, np.int64),
            "opponent": (opponent, np.int64),
            "day": (day, np.int32),
            "season": (season, np.asarray(self.season).dtype if len(self) else object),
            "is_home": (is_home, np.bool_),
            "is_playoff": (is_playoff, np.bool_),
            "spread": (spread, np.float64),
            "total": (total, np.float64),
        }
        columns: dict[str, Any] = {
            name: np.broadcast_to(np.asarray(value, dtype=kind), number.shape) for name, (value, kind) in given.items()
        }
        order = np.lexsort((columns["player"], columns["match"], columns["day"]))
        unknown = dict.fromkeys(("minutes", *COUNTED), np.full(len(number), np.nan))
        ordered = {name: column[order] for name, column in columns.items()}
        return BoxScores(**ordered, **unknown, abbreviations=self.abbreviations, _history=[self.history])


COLUMNS = tuple(column.name for column in fields(BoxScores) if column.name not in ("abbreviations", "_history"))

"""A player's games before a day, and what they add up to, out of the table in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from matches.basketball import advanced
from matches.basketball.sums import FIELDS, Sums

if TYPE_CHECKING:
    import numpy as np

    from predictions.basketball.history import History

RECENT = 10
DIGITS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class PastGames:
    """Places `start`..`end` of a player in the history; those from `season_start` on are of one season."""

    history: History
    start: int
    season_start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def of_season(self) -> slice:
        """The season's games; before its first one, those of the last season that he played in."""
        if self.season_start < self.end or not len(self):
            return slice(self.season_start, self.end)
        return self.last_season_before(self.end)

    def last_season_before(self, end: int) -> slice:
        """His games of the season of the one before a place."""
        if end <= self.start:
            return slice(end, end)
        seasons = self.history.season[self.start : end]
        return slice(self.start + int((seasons != seasons[-1]).sum()), end)

    def season_name(self, games: slice) -> str | None:
        if games.stop <= games.start:
            return None
        number = int(self.history.season[games.stop - 1])
        return next(name for name, its in self.history.season_names.items() if its == number)

    def mean(self, name: str, games: slice) -> float | None:
        values = self.history.values[name][games]
        return round(float(values.mean()), DIGITS) if len(values) else None

    def against(self, opponent: int, statistic: str) -> dict[str, Any]:
        """How often he met a team, and his mean of it."""
        places = slice(self.start, self.end)
        values = self.history.values[statistic][places][self.history.opponent[places] == opponent]
        return {"games": len(values), "mean": round(float(values.mean()), DIGITS) if len(values) else None}

    def recent(self, statistic: str) -> list[dict[str, Any]]:
        """The last ten, the latest first; `opponent` is the team's id."""
        history = self.history
        return [
            {
                "match": int(history.match[place]),
                "date": date.fromordinal(int(history.day[place])).isoformat(),
                "opponent": int(history.opponent[place]),
                "home": bool(history.is_home[place]),
                "minutes": float(history.values["minutes"][place]),
                "value": int(history.values[statistic][place]),
            }
            for place in range(self.end - 1, max(self.start, self.end - RECENT) - 1, -1)
        ]

    def advanced(self, games: slice) -> dict[str, float | None]:
        """Advanced figures of games taken together; of a game score the mean. Formulas: `matches.basketball.advanced`.

        Games are left out whose opponent's box score is missing.
        """
        import numpy as np

        places = np.arange(games.start, games.stop)
        sides = self.history.team_place[places]
        places, sides = places[sides >= 0], sides[sides >= 0]
        teams = self.history.teams
        own = _sums(self.history.values, places)
        found = advanced.figures(own, _sums(teams.totals, sides), _sums(teams.totals, teams.other[sides]))
        if len(places) and found["game_score"] is not None:
            found["game_score"] /= len(places)
        if not len(places):
            return dict.fromkeys(found)
        return {name: None if figure is None else round(figure, DIGITS) for name, figure in found.items()}


def _sums(columns: Any, places: np.ndarray) -> Sums:
    return Sums(**{name: float(columns[name][places].sum()) for name in FIELDS})

"""Elo and pi-ratings of every competition, kept up with as results come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from predictions.football.rows import Played


class SeasonTables:
    """One rating table a competition; a new season begins with the first result of it."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.tables: dict[str, Any] = {}
        self.seasons: dict[str, str] = {}

    def difference(self, code: str, season: str, home: str, away: str) -> float:
        """How far the hosts are ahead, home advantage included, in the table's unit."""
        table = self.tables.get(code)
        if table is None:
            return float(self.build().difference(home, away))
        return float(table.difference(home, away, next_season=bool(season) and season != self.seasons[code]))

    def add(self, played: Played) -> None:
        code = played.competition
        if code not in self.tables:
            self.tables[code] = self.build()
        elif played.season != self.seasons[code]:
            self.tables[code].begin_season()
        self.seasons[code] = played.season
        self.tables[code].update(played.home, played.away, played.host.goals, played.guest.goals)

    def to_json(self) -> dict[str, Any]:
        return {
            code: {"current": self.seasons[code], "season": table.season, "ratings": table.ratings}
            for code, table in self.tables.items()
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        for code, stored in data.items():
            table = self.build()
            table.season = stored["season"]
            table.ratings = {
                team: (tuple(rating) if isinstance(rating, list) else rating, season)
                for team, (rating, season) in stored["ratings"].items()
            }
            self.tables[code], self.seasons[code] = table, stored["current"]


def elo() -> Any:
    from mlmodels.estimators.elo import EloRatings

    return EloRatings()


def pi() -> Any:
    from mlmodels.estimators.pi_ratings import PiTable

    return PiTable()

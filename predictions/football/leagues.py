"""What is usual in each competition, who is in it, and how far its season has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import log
from typing import Any

from predictions.football.rows import Played

MEMORY = 380.0
"""Matches after which a competition's averages have forgotten 63 %: one season."""

CUSTOM = {"home": 0.455, "draw": 0.265, "away": 0.28}
"""Frequencies of the three outcomes before a competition has results of its own."""

USUAL = {
    "goals": (1.5, 1.2),
    "shots": (13.5, 11.0),
    "on_target": (5.0, 4.0),
    "corners": (5.5, 4.5),
}
"""Averages of hosts and guests before a competition has results of its own."""

PROMOTED_POINTS = 1.0
"""Points a match that a newcomer is credited with for the season before."""

ROUNDS = 38.0


@dataclass
class League:
    """One competition: moving averages, this season's table and the last one's points a match."""

    outcomes: dict[str, float] = field(default_factory=lambda: dict(CUSTOM))
    averages: dict[str, list[float]] = field(default_factory=lambda: {name: list(pair) for name, pair in USUAL.items()})
    season: str = ""
    first_day: int = 0
    table: dict[str, list[float]] = field(default_factory=dict)
    """Of this season, by team: matches, points, goal difference."""
    last_points: dict[str, float] = field(default_factory=dict)
    """Points a match in the season before, of the teams that were in it."""

    def in_season(self, season: str) -> tuple[dict[str, list[float]], dict[str, float]]:
        """(table, last season's points a match) as a match of `season` finds them."""
        if not season or season == self.season:
            return self.table, self.last_points
        return {}, points_a_match(self.table)

    def add(self, played: Played) -> None:
        if played.season != self.season:
            self.last_points, self.table = points_a_match(self.table), {}
            self.season, self.first_day = played.season, played.day
        self._learn(played)
        margin = played.host.goals - played.guest.goals
        self._count(played.home, margin)
        self._count(played.away, -margin)

    def _learn(self, played: Played) -> None:
        margin = played.host.goals - played.guest.goals
        happened = "home" if margin > 0 else "away" if margin < 0 else "draw"
        for outcome, share in self.outcomes.items():
            self.outcomes[outcome] = share + ((outcome == happened) - share) / MEMORY
        for name, pair in self.averages.items():
            for side, stats in enumerate((played.host, played.guest)):
                value = getattr(stats, name)
                if value == value:
                    pair[side] += (value - pair[side]) / MEMORY

    def _count(self, team: str, margin: float) -> None:
        line = self.table.setdefault(team, [0.0, 0.0, 0.0])
        line[0] += 1
        line[1] += 3.0 if margin > 0 else 1.0 if margin == 0 else 0.0
        line[2] += margin


def points_a_match(table: Mapping[str, list[float]]) -> dict[str, float]:
    return {team: line[1] / line[0] for team, line in table.items() if line[0]}


class Leagues:
    """Every competition by its code."""

    def __init__(self) -> None:
        self.by_code: dict[str, League] = {}

    def of(self, code: str) -> League:
        """The competition; one never seen is as competitions usually are."""
        return self.by_code.get(code) or League()

    def add(self, played: Played) -> None:
        self.by_code.setdefault(played.competition, League()).add(played)

    def is_newcomer(self, code: str, season: str, team: str) -> bool:
        """Whether the competition had a season before this one, without the team."""
        _, last = self.of(code).in_season(season)
        return bool(last) and team not in last

    def shot_goals(self, played: Played) -> tuple[float, float]:
        """What each side's shots on target usually bring in this competition; NaN where they are not known."""
        averages = self.of(played.competition).averages
        host_goals, guest_goals = averages["goals"]
        host_shots, guest_shots = averages["on_target"]
        conversion = (host_goals + guest_goals) / (host_shots + guest_shots)
        return played.host.on_target * conversion, played.guest.on_target * conversion

    def features(self, code: str, season: str, home: str, away: str) -> dict[str, float]:
        league = self.of(code)
        table, last = league.in_season(season)
        host, guest = table.get(home, _BLANK), table.get(away, _BLANK)
        host_last, guest_last = (last.get(team, PROMOTED_POINTS if last else 1.35) for team in (home, away))
        return {
            "base_home": league.outcomes["home"],
            "base_draw": league.outcomes["draw"],
            "base_away": league.outcomes["away"],
            "base_supremacy": log(league.outcomes["home"] / league.outcomes["away"]),
            "base_draw_logit": log(league.outcomes["draw"] / (1 - league.outcomes["draw"])),
            "home_newcomer": float(bool(last) and home not in last),
            "away_newcomer": float(bool(last) and away not in last),
            "last_points_difference": host_last - guest_last,
            "table_points_difference": _pulled(host, host_last) - _pulled(guest, guest_last),
            "table_goals_difference": host[2] / (host[0] + 6) - guest[2] / (guest[0] + 6),
            "season_progress": min(1.0, max(host[0], guest[0]) / ROUNDS),
        }

    def to_json(self) -> dict[str, Any]:
        return {code: asdict(league) for code, league in self.by_code.items()}

    def restore(self, data: Mapping[str, Any]) -> None:
        self.by_code = {code: League(**fields) for code, fields in data.items()}


_BLANK = [0.0, 0.0, 0.0]


def _pulled(line: list[float], last: float) -> float:
    """Points a match, with the season before counting as six matches."""
    return (line[1] + 6 * last) / (line[0] + 6)

"""Generalised attacking performance: what a team usually makes and allows, at home and away, of one statistic.

Source: Wheatcroft (2020), "A profitable model for predicting the over/under market in football", International Journal
of Forecasting 36; Wheatcroft & Sienkiewicz (2021), "A probabilistic model for predicting shot success in football".
Added here: a team's ratings are relative to its competition's average, and move to it between seasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from predictions.football.leagues import Leagues
from predictions.football.rows import Played

NEWCOMER = (-0.12, 0.12)
"""How a newcomer's attack and defence are rated, relative to the average."""


@dataclass(frozen=True, kw_only=True)
class Performance:
    """What is rated and how fast. rate: share of a surprise that is learned; here: of it, how much on that ground."""

    statistic: str
    rate: float
    here: float
    keeps: float
    """Share of the distance to the average that is kept over a summer."""


class PerformanceRatings:
    """Four numbers a team: made at home, allowed at home, made away, allowed away, as shares above the average."""

    def __init__(self, performance: Performance) -> None:
        self.performance = performance
        self.teams: dict[str, list[float]] = {}
        self.seasons: dict[str, str] = {}

    def expected(self, leagues: Leagues, code: str, season: str, home: str, away: str) -> tuple[float, float]:
        """What hosts and guests should make, as shares above what is usual there."""
        host = self._standing(leagues, code, season, home)
        guest = self._standing(leagues, code, season, away)
        return (host[0] + guest[3]) / 2, (guest[2] + host[1]) / 2

    def add(self, leagues: Leagues, played: Played) -> None:
        statistic = self.performance.statistic
        made, allowed = getattr(played.host, statistic), getattr(played.guest, statistic)
        if made != made or allowed != allowed:
            return
        usual_home, usual_away = leagues.of(played.competition).averages[statistic]
        host = self._standing(leagues, played.competition, played.season, played.home)
        guest = self._standing(leagues, played.competition, played.season, played.away)
        host_surprise = made / usual_home - 1 - (host[0] + guest[3]) / 2
        guest_surprise = allowed / usual_away - 1 - (guest[2] + host[1]) / 2
        here = self.performance.rate * self.performance.here
        there = self.performance.rate - here
        for line, steps in (
            (host, (here * host_surprise, here * guest_surprise, there * host_surprise, there * guest_surprise)),
            (guest, (there * guest_surprise, there * host_surprise, here * guest_surprise, here * host_surprise)),
        ):
            for i, step in enumerate(steps):
                line[i] += step
        self.teams[played.home], self.teams[played.away] = host, guest
        self.seasons[played.home] = self.seasons[played.away] = played.season

    def _standing(self, leagues: Leagues, code: str, season: str, team: str) -> list[float]:
        """The team's ratings as a match of `season` finds them: a copy."""
        line = self.teams.get(team)
        if line is None:
            attack, defence = NEWCOMER if leagues.of(code).last_points or leagues.of(code).table else (0.0, 0.0)
            if not leagues.is_newcomer(code, season, team):
                attack, defence = 0.0, 0.0
            return [attack, defence, attack, defence]
        if season == self.seasons[team]:
            return list(line)
        keeps = self.performance.keeps
        if leagues.is_newcomer(code, season, team):
            return [
                keeps / 2 * value + (1 - keeps / 2) * prior for value, prior in zip(line, NEWCOMER * 2, strict=True)
            ]
        return [keeps * value for value in line]

    def to_json(self) -> dict[str, Any]:
        return {"teams": self.teams, "seasons": self.seasons}

    def restore(self, data: Mapping[str, Any]) -> None:
        self.teams = {team: list(line) for team, line in data["teams"].items()}
        self.seasons = dict(data["seasons"])


def rating_features(
    ratings: Mapping[str, PerformanceRatings], leagues: Leagues, code: str, season: str, pair: Sequence[str]
) -> dict[str, float]:
    """Difference and sum of what both sides should make, by rating."""
    found = {}
    for name, rating in ratings.items():
        made, allowed = rating.expected(leagues, code, season, *pair)
        found[f"{name}_difference"] = made - allowed
        found[f"{name}_sum"] = made + allowed
    return found

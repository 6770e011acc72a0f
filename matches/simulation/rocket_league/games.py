"""A whole invented match: who shot, scored, saved, passed and was blown up, so that both sides' figures agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matches.simulation.rocket_league.moving import Form, Statistics, boosting, driving, standing, turns
from matches.simulation.rocket_league.players import SimulatedPlayer

FULL_TIME = 300.0
TEAM_SHOTS = {1: 8.0, 2: 6.5, 3: 5.5}
"""Of a team in five minutes, by its size."""
SCORED, SAVED, ASSISTED = 0.33, 0.75, 0.6
"""Shares: of shots that go in, of the others that a save is given for, of goals that have an assist."""
CAUGHT = 0.4
"""How likely the last car is to be given a goal that its team concedes, by its share of being last."""
DEMOLITIONS = 0.75
"""Of a player in five minutes."""


@dataclass(frozen=True, kw_only=True)
class SimulatedGame:
    """statistics: by side and player, under ballchasing's names; in a match of one against one, without team-mates."""

    duration: float
    is_overtime: bool
    blue: tuple[Statistics, ...]
    orange: tuple[Statistics, ...]

    @property
    def goals(self) -> tuple[int, int]:
        """Of blue and orange."""
        return tuple(int(sum(each["core_goals"] for each in side)) for side in (self.blue, self.orange))  # type: ignore[return-value]  # two sides


@dataclass
class _Side:
    players: Sequence[SimulatedPlayer]
    forms: list[Form]
    shots: np.ndarray
    goals: np.ndarray
    saves: np.ndarray
    assists: np.ndarray
    demolitions: np.ndarray

    def mean(self, skill: str) -> float:
        return float(np.mean([form[skill] for form in self.forms]))

    def weights(self, skill: str, *, pull_of_one: float = 0.5) -> np.ndarray:
        """Whose turn it is, by a skill: shares that sum to 1."""
        pull = np.exp([pull_of_one * form[skill] for form in self.forms])
        return np.asarray(pull / pull.sum())


def game(blue: Sequence[SimulatedPlayer], orange: Sequence[SimulatedPlayer], rng: np.random.Generator) -> SimulatedGame:
    """A match between two sides of the same size."""
    sides = [_side(players, rng) for players in (blue, orange)]
    duration = FULL_TIME + float(rng.gamma(4, 10))
    for side, other in (sides, sides[::-1]):
        _attack(side, other, duration, rng)
    is_overtime = bool(sides[0].goals.sum() == sides[1].goals.sum())
    if is_overtime:
        _decide(sides[int(rng.integers(2))], rng)
        duration += float(rng.exponential(60))
    for side, other in (sides, sides[::-1]):
        _defend(side, other, rng)
    told = [_told(side, other, duration, rng) for side, other in (sides, sides[::-1])]
    return SimulatedGame(duration=duration, is_overtime=is_overtime, blue=told[0], orange=told[1])


def _side(players: Sequence[SimulatedPlayer], rng: np.random.Generator) -> _Side:
    none = np.zeros(len(players), dtype=int)
    forms: list[Form] = [player.form(rng) for player in players]
    return _Side(players, forms, none.copy(), none.copy(), none.copy(), none.copy(), none.copy())


def _attack(side: _Side, other: _Side, duration: float, rng: np.random.Generator) -> None:
    size, level = len(side.players), side.players[0].level
    usual = TEAM_SHOTS[size] / size * duration / FULL_TIME * np.exp(0.12 * level - 0.1 * other.mean("defending"))
    skill = np.array([form["shooting"] for form in side.forms])
    side.shots = rng.poisson(usual * np.exp(0.3 * skill))
    side.goals = rng.binomial(side.shots, np.clip(SCORED + 0.04 * skill - 0.05 * other.mean("defending"), 0.05, 0.8))
    sense = np.array([form["game_sense"] for form in side.forms])
    side.demolitions = rng.poisson(DEMOLITIONS * duration / FULL_TIME * np.exp(0.3 * level + 0.3 * sense))


def _decide(side: _Side, rng: np.random.Generator) -> None:
    scorer = rng.choice(len(side.players), p=side.weights("shooting"))
    side.goals[scorer] += 1
    side.shots[scorer] += 1


def _defend(side: _Side, other: _Side, rng: np.random.Generator) -> None:
    """Saves of the other side's misses, and assists to the own goals."""
    saved = rng.binomial(int((other.shots - other.goals).sum()), SAVED)
    side.saves = rng.multinomial(saved, side.weights("defending"))
    side.assists = np.zeros(len(side.players), dtype=int)
    for scorer, goals in enumerate(side.goals):
        mates = side.weights("game_sense")
        mates[scorer] = 0
        if mates.sum() > 0:
            side.assists += rng.multinomial(rng.binomial(goals, ASSISTED), mates / mates.sum())


def _told(side: _Side, other: _Side, duration: float, rng: np.random.Generator) -> tuple[Statistics, ...]:
    shared = turns(duration, side.forms, rng) if len(side.players) > 1 else [{}]
    taken = rng.multinomial(int(other.demolitions.sum()), side.weights("game_sense", pull_of_one=-0.3))
    conceded = int(other.goals.sum())
    found = []
    for place, player in enumerate(side.players):
        seconds, form = duration * float(rng.uniform(0.985, 1)), side.forms[place]
        mine: Statistics = {
            "duration": duration,
            **_scoreboard(side, other, place, rng),
            **boosting(seconds, player.level, form, rng),
            **driving(seconds, player.level, form, rng),
            **standing(seconds, form, rng),
            **shared[place],
            "demo_inflicted": float(side.demolitions[place]),
            "demo_taken": float(taken[place]),
        }
        if shared[place]:
            last = shared[place]["positioning_percent_most_back"] / 100 * len(side.players)
            likely = min(0.95, CAUGHT * last * np.exp(-0.2 * form["rotation"]))
            mine["positioning_goals_against_while_last_defender"] = float(rng.binomial(conceded, likely))
        found.append(mine)
    return tuple(found)


def _scoreboard(side: _Side, other: _Side, place: int, rng: np.random.Generator) -> Statistics:
    shots, goals = int(side.shots[place]), int(side.goals[place])
    saves, assists = int(side.saves[place]), int(side.assists[place])
    touches = max(0.0, 90 + 20 * side.forms[place]["game_sense"] + rng.normal(0, 25))
    return {
        "core_shots": float(shots),
        "core_goals": float(goals),
        "core_saves": float(saves),
        "core_assists": float(assists),
        "core_score": 100.0 * goals + 50 * assists + 50 * saves + 10 * shots + touches,
        "core_shots_against": float(other.shots.sum()),
        "core_goals_against": float(other.goals.sum()),
        "core_shooting_percentage": 100.0 * goals / shots if shots else 0.0,
    }

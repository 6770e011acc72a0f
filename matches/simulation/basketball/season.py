"""The league season after season, drawn from its rules and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball import box_scores, minutes
from matches.simulation.basketball.absences import Absences, absences
from matches.simulation.basketball.box_scores import Box, Plan
from matches.simulation.basketball.calendar import Calendar, calendar
from matches.simulation.basketball.people import ROSTER, Floats, Ints, People, founders, next_season
from matches.simulation.basketball.rules import BasketballRules

FORM_KEEPS, ROLE_KEEPS = 0.9, 0.93
"""How much of a drift is left a game later."""

LUCK_SD = 0.004
TIRED = 0.008
"""What a back-to-back takes from the making of shots."""

GAME_GAMMA = {"usage": 45.0, "offensive_rebounds": 20.0, "defensive_rebounds": 20.0, "assists": 16.0}
"""Shape of the gamma by which a player's share differs from game to game."""

CATCHING_UP = 0.005
"""What each point of a lead after three quarters takes from the making of shots in the last: leaders ease off."""

_SHOTS = ("two", "three")
_IN_FORM = ("usage", "assists", "defensive_rebounds")
_MOST_EARLY, _MOST_LATE = (28.3, 1.2), (10.3, 0.5)
"""Mean and spread of the most a coach gives anybody in three quarters, and in the last."""

_OVERTIME = 25
_MOST_OVERTIMES = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedGames:
    """The n games of a season, in order of their tip-offs; side 2g is the home side of game g, 2g + 1 the away side.

    round, team (2n,); player (2n, 13): numbers in `people`; minutes, plus_minus, points and each count of `box`
    (2n, 13). `log_role` (2n, 13) and `plan` are the truth before the game, without its chance; `out`, `known`,
    `resting`, `doubted` (2n, 13) as in `Absences`.
    """

    index: int
    calendar: Calendar
    people: People
    team: Ints
    player: Ints
    log_role: Floats
    plan: Plan
    absent: Absences
    minutes: Floats
    box: Box
    plus_minus: Ints

    def __len__(self) -> int:
        return len(self.calendar.home)

    @property
    def points(self) -> Ints:
        return box_scores.points(self.box)

    @property
    def score(self) -> Ints:
        """(n, 2): points of the home and the away side."""
        return np.asarray(self.points.sum(1).reshape(-1, 2), dtype=np.int64)


@lru_cache(maxsize=2)
def seasons(rules: BasketballRules, count: int) -> tuple[SimulatedGames, ...]:
    """The league's first `count` seasons. More of them leave the earlier ones as they are."""
    return tuple(islice(endless(rules), count))


def endless(rules: BasketballRules) -> Iterator[SimulatedGames]:
    """Season after season, each by generators of its own, so that none depends on how many are asked for."""
    people = founders(rules, _generator(rules, 0, 0))
    index = 0
    while True:
        yield _season(rules, index, people, _generator(rules, index, 1))
        index += 1
        people = next_season(people, _generator(rules, index, 0))


def _generator(rules: BasketballRules, index: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([rules.seed, index, purpose])


def _season(rules: BasketballRules, index: int, people: People, rng: np.random.Generator) -> SimulatedGames:
    games = calendar(rules, index, rng)
    team = np.column_stack([games.home, games.away]).ravel()
    rounds = np.repeat(games.round, 2)
    tired = np.zeros((rules.rounds, rules.teams), dtype=bool)
    tired[rounds, team] = games.back_to_back.ravel()
    gone = _by_side(absences(rules, tired, rng), rounds, team)
    log_role = _log_role(rules, people, rng)[rounds, team]
    log_role = log_role + np.log(minutes.BACK_FROM_INJURY) * gone.back
    plan = _plan(rules, people, rounds=rounds, team=team, tired=games.back_to_back.ravel(), rng=rng)
    played, box, floor = _played(plan, log_role, gone, rng)
    return SimulatedGames(
        index=index,
        calendar=games,
        people=people,
        team=team,
        player=people.roster[team],
        log_role=log_role,
        plan=plan,
        absent=gone,
        minutes=played,
        box=box,
        plus_minus=floor,
    )


def _by_side(found: Absences, rounds: Ints, team: Ints) -> Absences:
    return Absences(**{name: values[rounds, team] for name, values in vars(found).items()})


def _log_role(rules: BasketballRules, people: People, rng: np.random.Generator) -> Floats:
    """(rounds, teams, 13): log of the weights by which coaches share minutes, drifting from game to game."""
    usual = minutes.ROLE + minutes.ROLE_OF_TALENT * people.talent[people.roster]
    drift = _drift(rules.role_sd, ROLE_KEEPS, (rules.rounds, rules.teams, ROSTER), rng)
    return np.asarray(usual + drift, dtype=float)


def _drift(sd: float, keeps: float, shape: tuple[int, int, int], rng: np.random.Generator) -> Floats:
    """Stationary first-order autoregression over the first axis."""
    steps = rng.normal(0, sd, shape)
    walk = np.empty(shape)
    walk[0] = steps[0]
    for number in range(1, shape[0]):
        walk[number] = keeps * walk[number - 1] + np.sqrt(1 - keeps**2) * steps[number]
    return walk


def _plan(
    rules: BasketballRules,
    people: People,
    *,
    rounds: Ints,
    team: Ints,
    tired: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Plan:
    """The truth before the games: skills, form, opponents' defence, where they are played."""
    shape = (rules.rounds, rules.teams, ROSTER)
    form = {name: np.exp(_drift(rules.form_sd, FORM_KEEPS, shape, rng))[rounds, team] for name in _IN_FORM}
    pace, defence = rng.normal(0, rules.pace_sd, rules.teams), rng.normal(0, rules.defence_sd, rules.teams)
    against = box_scores.other_side(team)
    at_home = np.where(np.arange(len(team)) % 2 == 0, 1.0, -1.0)
    making = 1 + rules.home_advantage * at_home - defence[against] - TIRED * tired
    skills = {name: people.of_rosters(name)[team] for name in people.skills}
    skills |= {name: skills[name] * form[name] for name in _IN_FORM}
    shots = box_scores.SHOTS * np.exp(pace[team] + pace[against])
    return _made_more(Plan(shots=shots, **skills), making)


def _made_more(plan: Plan, factor: Floats) -> Plan:
    """The same sides, making `factor` (sides,) times as many of their shots."""
    return replace(plan, **{name: np.clip(getattr(plan, name) * factor[:, None], 0.05, 0.9) for name in _SHOTS})


def _with_chance(plan: Plan, rng: np.random.Generator) -> Plan:
    """The same sides on the day: a common pace, better and worse days of teams and players."""
    n = len(plan.shots)
    luck = 1 + rng.normal(0, LUCK_SD, n)
    pace = np.repeat(rng.normal(1, 0.05, n // 2), 2)
    day = {name: getattr(plan, name) * rng.gamma(k, 1 / k, (n, ROSTER)) for name, k in GAME_GAMMA.items()}
    return _made_more(replace(plan, shots=plan.shots * pace, **day), luck)


def _played(plan: Plan, log_role: Floats, gone: Absences, rng: np.random.Generator) -> tuple[Floats, Box, Ints]:
    """Minutes, box score and plus-minus: three quarters, a last one that the score shapes, overtime if it is even."""
    today = _with_chance(plan, rng)
    role = log_role + rng.normal(0, minutes.GAME_SD, log_role.shape)
    there = ~gone.out
    called = minutes.used(there, rng)
    played = minutes.spread(np.exp(role) * called, minutes=180, most=rng.normal(*_MOST_EARLY, role.shape))
    box = box_scores.draw(today, played, rng)
    lead = _lead(box)
    eased = np.asarray(1 - CATCHING_UP * lead, dtype=float)
    bench = there & (called | (np.abs(lead) > 20)[:, None])
    last = minutes.spread(
        minutes.late_weights(role, np.abs(lead)) * bench, minutes=60, most=rng.normal(*_MOST_LATE, role.shape)
    )
    box = box_scores.added(box, box_scores.draw(_made_more(today, eased), last, rng))
    played = played + last
    for _ in range(_MOST_OVERTIMES):
        even = np.flatnonzero(_lead(box) == 0)
        if not len(even):
            break
        _add_overtime(played, box, today.take(even), sides=even, weights=np.exp(2 * role[even]) * called[even], rng=rng)
    return played.round(1), box, _plus_minus(played, _lead(box), rng)


def _lead(box: Box) -> Ints:
    """(2n,): how far each side is ahead."""
    scored = box_scores.points(box).sum(1)
    return np.asarray(scored - box_scores.other_side(scored), dtype=np.int64)


def _add_overtime(
    played: Floats, box: Box, plan: Plan, *, sides: Ints, weights: Floats, rng: np.random.Generator
) -> None:
    more = minutes.spread(weights, minutes=_OVERTIME, most=5)
    extra = box_scores.draw(plan, more, rng)
    played[sides] += more
    for name, counts in box_scores.added({name: counts[sides] for name, counts in box.items()}, extra).items():
        box[name][sides] = counts


def _plus_minus(played: Floats, lead: Ints, rng: np.random.Generator) -> Ints:
    """The score while a player was on the floor: near his share of the lead; a team's sum is five times its lead."""
    length = played.sum(1, keepdims=True) / 5
    bench = np.clip(length - played, 0, None)
    noise = rng.normal(0, 1, played.shape) * 2.1 * np.sqrt(played * bench / length)
    rough = np.rint(lead[:, None] * played / length + np.where(played > 0, noise, 0)).astype(np.int64)
    wanted = 5 * lead - rough.sum(1)
    most_used = np.argsort(-played, axis=1)[:, : minutes.FEWEST_USED]
    each = wanted[:, None] // minutes.FEWEST_USED + (
        np.arange(minutes.FEWEST_USED) < (wanted % minutes.FEWEST_USED)[:, None]
    )
    np.put_along_axis(rough, most_used, np.take_along_axis(rough, most_used, 1) + each, axis=1)
    return np.asarray(rough, dtype=np.int64)

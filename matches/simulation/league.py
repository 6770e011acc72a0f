"""A league with known strengths, season after season, drawn from its rules and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matches.simulation.calendar import double_round_robin, kickoffs
from matches.simulation.rules import LeagueRules
from matches.simulation.scores import (
    Floats,
    Ints,
    draw_scores,
    outcome_probabilities,
    over_probabilities,
    score_matrices,
)

FIRST_HALF_SHARE = 0.45
MEAN_RATE = 1.35
SAVED_SHOTS, OFF_TARGET, CORNERS = 3.0, 7.5, 5.0
"""A match's mean of shots on target that are no goal, of shots off target, and of corners, for a side of MEAN_RATE."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedSeason:
    """All n matches of a season in order of rounds, whatever the date, and the truth behind them.

    home, away, round: (n,); clubs are counted from 0. rates, goals, half_time, shots, shots_on_target, corners: (n, 2),
    home side first. probabilities: the true (n, 3) of home win, draw, away win; over: the true (n,) of three goals or
    more. attack, defence: (rounds, clubs) at the start of each round, NaN for clubs not in the league.
    """

    year: int
    round: Ints
    home: Ints
    away: Ints
    kickoff: NDArray[np.datetime64]
    rates: Floats
    probabilities: Floats
    over: Floats
    goals: Ints
    half_time: Ints
    shots: Ints
    shots_on_target: Ints
    corners: Ints
    attack: Floats
    defence: Floats

    @property
    def outcomes(self) -> Ints:
        """(n,): 0 home win, 1 draw, 2 away win."""
        return np.asarray(1 - np.sign(self.goals[:, 0] - self.goals[:, 1]), dtype=np.int64)


def seasons(rules: LeagueRules, count: int) -> list[SimulatedSeason]:
    """The league's first `count` seasons. More of them leave the earlier ones as they are."""
    played = []
    for number, season in enumerate(endless(rules), start=1):
        played.append(season)
        if number == count:
            break
    return played


def endless(rules: LeagueRules) -> Iterator[SimulatedSeason]:
    """Season after season, each drawn by a generator of its own, so that none depends on how many are asked for."""
    rng = _generator(rules, 0)
    strengths = np.full((2, rules.clubs), np.nan)
    members = np.arange(rules.teams)
    strengths[:, members] = rng.normal(0, 1, (2, rules.teams)) * [[rules.attack_sd], [rules.defence_sd]]
    index = 0
    while True:
        season, strengths = _season(rules, rules.first_year + index, members, strengths, rng)
        yield season
        index += 1
        rng = _generator(rules, index)
        members, strengths = _summer(rules, season, members, strengths, rng)


def _generator(rules: LeagueRules, index: int) -> np.random.Generator:
    return np.random.default_rng([rules.seed, rules.number, index])


def _season(
    rules: LeagueRules, year: int, members: Ints, strengths: Floats, rng: np.random.Generator
) -> tuple[SimulatedSeason, Floats]:
    """The season, and the strengths after its last round."""
    rounds, home, away = double_round_robin(rules.teams, rng)
    home, away = members[home], members[away]
    steps = rng.normal(0, rules.round_sd, (rules.rounds, *strengths.shape)) if rules.round_sd else 0.0
    walk = strengths + np.cumsum(np.broadcast_to(steps, (rules.rounds, *strengths.shape)), axis=0)
    attack, defence = walk[:, 0], walk[:, 1]
    log_rates = rules.level + np.column_stack(
        [
            rules.home_advantage + attack[rounds, home] - defence[rounds, away],
            attack[rounds, away] - defence[rounds, home],
        ]
    )
    rates = np.exp(log_rates)
    matrices = score_matrices(rates, rules.rho)
    goals = draw_scores(matrices, rng)
    season = SimulatedSeason(
        year=year,
        round=rounds,
        home=home,
        away=away,
        kickoff=kickoffs(rounds, year, rng),
        rates=rates,
        probabilities=outcome_probabilities(matrices),
        over=over_probabilities(matrices, 2.5),
        goals=goals,
        attack=attack,
        defence=defence,
        **_statistics(rates, goals, rng),
    )
    return season, walk[-1]


def _statistics(rates: Floats, goals: Ints, rng: np.random.Generator) -> dict[str, Ints]:
    """What else is counted: every goal was a shot on target, and better sides shoot more."""
    pressure = np.sqrt(rates / MEAN_RATE)
    on_target = goals + rng.poisson(SAVED_SHOTS * pressure)
    return {
        "half_time": rng.binomial(goals, FIRST_HALF_SHARE),
        "shots_on_target": on_target,
        "shots": on_target + rng.poisson(OFF_TARGET * pressure),
        "corners": rng.poisson(CORNERS * pressure),
    }


def _summer(
    rules: LeagueRules, season: SimulatedSeason, members: Ints, strengths: Floats, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Strengths move, the last go down, and clubs waiting below come up as newcomers."""
    moved = rules.season_keeps * strengths
    if rules.season_sd:
        moved = moved + rng.normal(0, rules.season_sd, strengths.shape)
    if not rules.relegated:
        return members, moved
    down = table(season)[-rules.relegated :]
    waiting = np.setdiff1d(np.arange(rules.clubs), members)
    up = rng.choice(waiting, rules.relegated, replace=False)
    moved[:, down] = np.nan
    moved[:, up] = rng.normal(rules.newcomer_mean, rules.newcomer_sd, (2, rules.relegated))
    return np.sort(np.concatenate([np.setdiff1d(members, down), up])), moved


def table(season: SimulatedSeason) -> Ints:
    """Clubs of the season, best first: by points, then goal difference, then goals."""
    clubs = np.unique(season.home)
    points, scored, conceded = np.zeros((3, int(clubs.max()) + 1), dtype=np.int64)
    for side, other, club in ((0, 1, season.home), (1, 0, season.away)):
        mine, theirs = season.goals[:, side], season.goals[:, other]
        np.add.at(points, club, np.where(mine > theirs, 3, np.where(mine == theirs, 1, 0)))
        np.add.at(scored, club, mine)
        np.add.at(conceded, club, theirs)
    order = np.lexsort((scored[clubs], (scored - conceded)[clubs], points[clubs]))
    return np.asarray(clubs[order[::-1]], dtype=np.int64)

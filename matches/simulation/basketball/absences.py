"""Who is out, and who knew: injuries with durations, rest on back-to-backs, doubts that come to nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball.people import ROSTER, SLOT_LEVEL, Ints
from matches.simulation.basketball.rules import BasketballRules

Bools = NDArray[np.bool_]

DURATIONS = (2.0, 8.0, 25.0)
"""Mean games out of a knock, an injury, a long injury."""

KINDS = (0.72, 0.23, 0.05)
MOST_OUT = 5
RESTED = (0.10, 0.03, 0.0)
"""Chance, by level, of a rest on the second of two days."""

DOUBTED = 0.05
"""Chance that somebody who plays was reported as doubtful, questionable or probable."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Absences:
    """By round, team and slot of the roster, (rounds, teams, 13).

    `out`: does not play; `known`: it was known before the team's last game; `resting`: out without an injury;
    `back`: plays again after an injury; `doubted`: plays, but was reported as in doubt.
    """

    out: Bools
    known: Bools
    resting: Bools
    back: Bools
    doubted: Bools


def absences(rules: BasketballRules, back_to_back: Bools, rng: np.random.Generator) -> Absences:
    """Absences of a season in which teams play on two days running where `back_to_back` (rounds, teams) says so."""
    shape = (*back_to_back.shape, ROSTER)
    injured = _injured(rules.injury_rate, shape, rng)
    rest = np.array(RESTED)[SLOT_LEVEL] * back_to_back[:, :, None]
    resting = (rng.random(shape) < rest) & ~injured
    # Somebody must play: past five, whoever happens to come last in a random order is fit after all.
    rank = np.where(injured | resting, rng.random(shape), 2.0).argsort(axis=2).argsort(axis=2)
    out = (injured | resting) & (rank < MOST_OUT)
    injured &= out
    before = np.concatenate([np.zeros((1, *shape[1:]), dtype=bool), injured[:-1]])
    back = before & ~out
    return Absences(
        out=out,
        known=injured & before,
        resting=resting & out,
        back=back,
        doubted=~out & (back | (rng.random(shape) < DOUBTED)),
    )


def _injured(rate: float, shape: tuple[int, int, int], rng: np.random.Generator) -> Bools:
    struck = rng.random(shape) < rate
    kind: Ints = rng.choice(len(KINDS), size=shape, p=KINDS)
    games = rng.geometric(1 / np.array(DURATIONS)[kind])
    left = np.zeros(shape[1:], dtype=np.int64)
    injured = np.zeros(shape, dtype=bool)
    for number in range(shape[0]):
        left = np.where((left == 0) & struck[number], games[number], left)
        injured[number] = left > 0
        left = np.maximum(left - 1, 0)
    return injured

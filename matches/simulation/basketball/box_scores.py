"""Box scores: team totals first, then shared among those on the floor, so that every sum is right by construction."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from matches.simulation.basketball.people import Floats, Ints

SHOTS = 88.3
"""Field goals a team tries in 48 minutes."""

SHOTS_SD = 2.5
LOST_TO_TRIP, LOST_TO_TURNOVER = 0.9, 1.0
"""Shots a team has fewer for each trip to the line, and each turnover, beyond the usual."""

TRIPS = 0.46
"""Trips to the line for each shot and unit of `free_throw_rate`; two free throws each."""

AND_ONE = 0.06
ASSISTED = 0.632
OFFENSIVE_SHARE, DEFENSIVE_SHARE = 0.217, 0.867
"""Of misses, and of those the offence did not get: what is credited to a player, the rest to the team."""

TURNOVERS, STOLEN = 12.9, 0.58
BLOCKED = 0.205
"""Of the two-point shots missed."""

FOULS, MOST_FOULS = 18.7, 6
COUNTED = (
    "field_goals_made",
    "field_goals_attempted",
    "threes_made",
    "threes_attempted",
    "free_throws_made",
    "free_throws_attempted",
    "offensive_rebounds",
    "defensive_rebounds",
    "assists",
    "steals",
    "blocks",
    "turnovers",
    "fouls",
)
Box = dict[str, Ints]
"""Counts (n, 13) by name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What the two sides of each game would do a minute; side 2g is the home side of game g, 2g + 1 the away side.

    `shots` (sides,): field goals tried in 48 minutes. The others (sides, 13): chances of a make (`two`, `three`,
    `free_throw`), shares of shots (`three_share`) and of trips (`free_throw_rate`), and weights a minute.
    """

    shots: Floats
    usage: Floats
    three_share: Floats
    three: Floats
    two: Floats
    free_throw_rate: Floats
    free_throw: Floats
    offensive_rebounds: Floats
    defensive_rebounds: Floats
    assists: Floats
    steals: Floats
    blocks: Floats
    turnovers: Floats
    fouls: Floats

    def take(self, sides: Ints) -> Self:
        """Some of the sides, both of each game."""
        return type(self)(**{field.name: getattr(self, field.name)[sides] for field in fields(self)})


def draw(plan: Plan, minutes: Floats, rng: np.random.Generator) -> Box:
    """What happens in minutes (sides, 13), whose rows have one sum."""
    share = minutes.sum(1) / 240
    turnovers = rng.poisson(TURNOVERS * share)
    box = _shooting(plan, minutes, turnovers - TURNOVERS * share, rng)
    missed = box["field_goals_attempted"] - box["field_goals_made"]
    missed_twos = missed - (box["threes_attempted"] - box["threes_made"])
    missed_free = box["free_throws_attempted"] - box["free_throws_made"]
    loose = missed.sum(1) + rng.binomial(missed_free.sum(1), 0.42)
    offensive = rng.binomial(loose, OFFENSIVE_SHARE)
    totals = {
        "offensive_rebounds": offensive,
        "defensive_rebounds": rng.binomial(other_side(loose - offensive), DEFENSIVE_SHARE),
        "assists": rng.binomial(box["field_goals_made"].sum(1), ASSISTED),
        "turnovers": turnovers,
        "steals": rng.binomial(other_side(turnovers), STOLEN),
        "blocks": rng.binomial(other_side(missed_twos.sum(1)), BLOCKED),
    }
    box |= {name: _shared(total, getattr(plan, name) * minutes, rng) for name, total in totals.items()}
    box["fouls"] = rng.poisson(FOULS / 240 * plan.fouls * minutes)
    return box


def added(one: Box, other: Box) -> Box:
    """Two parts of the same games; nobody has more than six fouls."""
    box = {name: one[name] + other[name] for name in COUNTED}
    box["fouls"] = np.minimum(box["fouls"], MOST_FOULS)
    return box


def points(box: Box) -> Ints:
    """(n, 13): two a field goal, one more for a three, one a free throw."""
    return np.asarray(2 * box["field_goals_made"] + box["threes_made"] + box["free_throws_made"], dtype=np.int64)


def other_side(values: Ints) -> Ints:
    """Values (sides, …), each side having its opponent's."""
    return np.asarray(values.reshape(-1, 2, *values.shape[1:])[:, ::-1].reshape(values.shape), dtype=np.int64)


def _shooting(plan: Plan, minutes: Floats, turnovers: Floats, rng: np.random.Generator) -> Box:
    """Shots and free throws; `turnovers` (sides,) are those beyond the usual."""
    share, weights = minutes.sum(1) / 240, plan.usage * minutes
    usual = (plan.shots * share)[:, None] * weights / weights.sum(1, keepdims=True)
    likely = TRIPS * plan.free_throw_rate * usual
    trips = rng.poisson(likely)
    left = plan.shots * share - LOST_TO_TURNOVER * turnovers - LOST_TO_TRIP * (trips - likely).sum(1)
    total = np.maximum(np.rint(rng.normal(left, SHOTS_SD * np.sqrt(share))), 0).astype(np.int64)
    tried = _shared(total, weights, rng)
    threes = rng.binomial(tried, plan.three_share)
    threes_made = rng.binomial(threes, plan.three)
    twos_made = rng.binomial(tried - threes, plan.two)
    free = 2 * trips + rng.binomial(twos_made, AND_ONE)
    return {
        "field_goals_attempted": tried,
        "field_goals_made": twos_made + threes_made,
        "threes_attempted": threes,
        "threes_made": threes_made,
        "free_throws_attempted": free,
        "free_throws_made": rng.binomial(free, plan.free_throw),
    }


def _shared(total: Ints, weights: Floats, rng: np.random.Generator) -> Ints:
    """Totals (sides,) among players by weights (sides, 13)."""
    return np.asarray(rng.multinomial(total, weights / weights.sum(1, keepdims=True)), dtype=np.int64)

"""The invented players: positions, ages, skills that nobody sees, and rosters that change between seasons."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball.rules import BasketballRules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POSITIONS = ("PG", "SG", "SF", "PF", "C")
ROSTER = 13
SLOT_POSITION = np.array([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 2, 4])
SLOT_LEVEL = np.array([0] * 5 + [1] * 5 + [2] * 3)
"""Starters, second unit, end of the bench."""

_PROFILES = {  # by position: the usual value; the spread between players; its scale
    "usage": ((1.05, 1.05, 0.98, 0.95, 0.88), 0.2, "log"),
    "three_share": ((0.42, 0.48, 0.46, 0.38, 0.17), 0.55, "logit"),
    "three": ((0.362, 0.368, 0.364, 0.355, 0.33), 0.07, "logit"),
    "two": ((0.505, 0.515, 0.54, 0.56, 0.61), 0.09, "logit"),
    "free_throw_rate": ((0.23, 0.22, 0.23, 0.25, 0.33), 0.35, "log"),
    "free_throw": ((0.83, 0.82, 0.79, 0.76, 0.70), 0.35, "logit"),
    "offensive_rebounds": ((0.45, 0.55, 0.95, 1.5, 2.7), 0.35, "log"),
    "defensive_rebounds": ((0.78, 0.78, 1.0, 1.25, 1.75), 0.25, "log"),
    "assists": ((2.2, 1.2, 0.9, 0.8, 0.75), 0.4, "log"),
    "steals": ((1.2, 1.1, 1.0, 0.9, 0.8), 0.28, "log"),
    "blocks": ((0.4, 0.5, 0.8, 1.2, 2.4), 0.45, "log"),
    "turnovers": ((1.25, 1.0, 0.9, 0.9, 1.0), 0.22, "log"),
    "fouls": ((0.85, 0.9, 1.0, 1.1, 1.35), 0.2, "log"),
}
_TALENT = (0.9, 0.0, -0.7)
"""Mean talent by level of the slot; its spread is one half."""

_USAGE_OF_TALENT, _SHOOTING_OF_TALENT, _PASSING_OF_TALENT = 0.3, 0.02, 0.12
PRIME_AGE, RETIRES_AFTER = 27, 37
RETIRED, TRADED = 0.03, 0.06
"""Shares of players between two seasons."""

SEASON_YEARS = 0.35
SEASON_SD = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class People:
    """All players there ever were, (n,) each, and who plays where: `roster` (teams, 13) holds their numbers.

    Slots 0 to 4 of a roster start, 5 to 9 are the second unit, the others seldom play.
    """

    position: Ints
    age: Floats
    talent: Floats
    skills: dict[str, Floats]
    roster: Ints

    def __len__(self) -> int:
        return len(self.position)

    def of_rosters(self, skill: str) -> Floats:
        """A skill, as (teams, 13)."""
        return np.asarray(self.skills[skill][self.roster], dtype=float)


def founders(rules: BasketballRules, rng: np.random.Generator) -> People:
    """Players of the first season."""
    slots = np.tile(np.arange(ROSTER), rules.teams)
    people = _drawn(slots, rng)
    return _in_order(replace(people, roster=np.arange(len(slots)).reshape(rules.teams, ROSTER)))


def next_season(people: People, rng: np.random.Generator) -> People:
    """A season later: all are older and somewhat different, some leave for newcomers, some change teams."""
    aged = _aged(people, rng)
    roster = aged.roster.copy()
    leaving = (rng.random(roster.shape) < RETIRED) | (aged.age[roster] > RETIRES_AFTER)
    newcomers = _drawn(np.flatnonzero(leaving) % ROSTER, rng, age=(19, 24))
    roster[leaving] = len(aged) + np.arange(len(newcomers))
    return _in_order(_traded(replace(_joined(aged, newcomers), roster=roster), rng))


def _drawn(slots: Ints, rng: np.random.Generator, *, age: tuple[int, int] = (20, 36)) -> People:
    position = SLOT_POSITION[slots]
    talent = rng.normal(0, 0.5, len(slots)) + np.array(_TALENT)[SLOT_LEVEL[slots]]
    skills = {}
    for name, (usual, sd, scale) in _PROFILES.items():
        centre, noise = np.array(usual)[position], rng.normal(0, sd, len(slots))
        skills[name] = centre * np.exp(noise) if scale == "log" else _shifted(centre, noise)
    skills["usage"] *= np.exp(_USAGE_OF_TALENT * talent)
    skills["assists"] *= np.exp(_PASSING_OF_TALENT * talent)
    for name in ("two", "three"):
        skills[name] = _shifted(skills[name], _SHOOTING_OF_TALENT * talent)
    return People(
        position=position,
        age=rng.uniform(*age, len(slots)),
        talent=talent,
        skills=skills,
        roster=np.zeros((0, ROSTER), dtype=np.int64),
    )


def _shifted(probability: Floats, by: Floats) -> Floats:
    """Moved on the scale of log odds."""
    return np.asarray(1 / (1 + (1 / probability - 1) * np.exp(-by)), dtype=float)


def _aged(people: People, rng: np.random.Generator) -> People:
    drift = -0.02 * (people.age - PRIME_AGE) / 5
    talent = people.talent + 2 * drift + rng.normal(0, 0.15, len(people))
    skills = {}
    for name, values in people.skills.items():
        moved = rng.normal(0, SEASON_SD, len(people)) + (drift if name in {"usage", "steals", "blocks"} else 0)
        skills[name] = values * np.exp(moved) if _PROFILES[name][2] == "log" else _shifted(values, moved)
    return replace(people, age=people.age + SEASON_YEARS, talent=talent, skills=skills)


def _joined(people: People, newcomers: People) -> People:
    return replace(
        people,
        position=np.concatenate([people.position, newcomers.position]),
        age=np.concatenate([people.age, newcomers.age]),
        talent=np.concatenate([people.talent, newcomers.talent]),
        skills={name: np.concatenate([values, newcomers.skills[name]]) for name, values in people.skills.items()},
    )


def _traded(people: People, rng: np.random.Generator) -> People:
    """Players of one slot change places, so that every team keeps its positions."""
    roster = people.roster.copy()
    teams = len(roster)
    for _ in range(round(TRADED * roster.size / 2)):
        one, other = rng.choice(teams, 2, replace=False)
        slot = int(rng.integers(ROSTER))
        roster[[one, other], slot] = roster[[other, one], slot]
    return replace(people, roster=roster)


def _in_order(people: People) -> People:
    """The better of a team's players of a position starts."""
    roster = people.roster.copy()
    for position in range(len(POSITIONS)):
        slots = np.flatnonzero(position == SLOT_POSITION)
        held = roster[:, slots]
        better_first = np.argsort(-people.talent[held], axis=1, kind="stable")
        roster[:, slots] = np.take_along_axis(held, better_first, axis=1)
    return replace(people, roster=roster)

"""When the simulated basketball league plays: three or four games a week each, back-to-backs, never three in a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball.rules import ROUND_DAYS, BasketballRules
from matches.simulation.calendar import Ints, double_round_robin

TIP_OFFS = ("17:00", "18:00", "18:30", "19:00", "19:30", "20:30")
"""UTC times of day."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """The n games of a season by day and tip-off: `round`, `home`, `away` (n,), `tip_off` (n,) UTC to the second.

    `back_to_back` (n, 2), home side first: whether a side also played the day before.
    """

    round: Ints
    home: Ints
    away: Ints
    tip_off: NDArray[np.datetime64]
    back_to_back: NDArray[np.bool_]


def calendar(rules: BasketballRules, index: int, rng: np.random.Generator) -> Calendar:
    """The calendar of a season counted from 0.

    Each round has two days and every team plays on one of them, so a team has at most one game a day, a quarter of its
    games come the day after another, and three days in a row can't happen.
    """
    laps = [double_round_robin(rules.teams, rng) for _ in range(rules.laps)]
    rounds = np.concatenate([lap[0] + 2 * (rules.teams - 1) * number for number, lap in enumerate(laps)])
    home, away = (np.concatenate([lap[side] for lap in laps]) for side in (1, 2))
    day = rounds * ROUND_DAYS + rng.integers(0, ROUND_DAYS, len(rounds))
    start = np.datetime64(rules.season_start(index), "D")
    times = np.array([np.timedelta64(60 * int(t[:2]) + int(t[3:]), "m") for t in TIP_OFFS])
    tip_off = ((start + day).astype("datetime64[m]") + rng.choice(times, len(day))).astype("datetime64[s]")
    order = np.lexsort((home, tip_off))
    found = Calendar(
        round=rounds[order],
        home=home[order],
        away=away[order],
        tip_off=tip_off[order],
        back_to_back=np.zeros((len(order), 2), dtype=bool),
    )
    _mark_back_to_backs(found, day[order])
    return found


def _mark_back_to_backs(games: Calendar, day: Ints) -> None:
    """Fill `back_to_back`, by the day each team played in the round before."""
    played = np.full((int(games.round.max()) + 1, int(games.home.max()) + 1), -9)
    for side in (games.home, games.away):
        played[games.round, side] = day
    before = np.vstack([np.full((1, played.shape[1]), -9), played[:-1]])
    for column, side in enumerate((games.home, games.away)):
        games.back_to_back[:, column] = day - before[games.round, side] == 1

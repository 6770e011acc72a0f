"""When simulated leagues play: a double round-robin over the whole year, so that any day has a matchday near it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LAST_WEEK = 51
SATURDAY = 5
SLOTS = (  # days from Saturday, UTC time of day
    (-1, "19:45"),
    (0, "12:30"),
    (0, "17:30"),
    (1, "14:00"),
    (1, "16:30"),
)
AFTERNOON = (0, "15:00")


def double_round_robin(teams: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Round, home and away position (n,) of each match: everyone meets everyone once at home and once away.

    By the circle method, one team standing still while the others turn; the second half mirrors the first.
    """
    order = rng.permutation(teams)
    rounds, homes, aways = [], [], []
    for turn in range(teams - 1):
        turned = np.concatenate([order[:1], np.roll(order[1:], turn)])
        first, second = turned[: teams // 2], turned[: teams // 2 - 1 : -1]
        # The standing team changes sides each round, the others by their place in the circle.
        swap = np.arange(teams // 2) % 2 == 1
        swap[0] = turn % 2 == 1
        rounds.append(np.full(teams // 2, turn))
        homes.append(np.where(swap, second, first))
        aways.append(np.where(swap, first, second))
    played, home, away = (np.concatenate(part) for part in (rounds, homes, aways))
    return (
        np.concatenate([played, played + teams - 1]).astype(np.int64),
        np.concatenate([home, away]).astype(np.int64),
        np.concatenate([away, home]).astype(np.int64),
    )


def kickoffs(rounds: Ints, year: int, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """UTC kick-offs (n,) to the second, for matches in order of their rounds, in the season from July of `year`.

    Rounds are spread over 52 week-ends: Saturday afternoon, some of them alone on Friday evening, at Saturday's edges
    and on Sunday.
    """
    saturday = np.datetime64(_first_saturday(year), "D")
    last = max(1, int(rounds.max()))
    times = []
    for played in range(last + 1):
        matches = int((rounds == played).sum())
        week = saturday + np.timedelta64(7 * round(played * LAST_WEEK / last), "D")
        times += [_at(week, slot) for slot in _slots(matches, rng)]
    return np.array(times, dtype="datetime64[s]")


def _first_saturday(year: int) -> date:
    day = date(year, 7, 2)
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


def _slots(matches: int, rng: np.random.Generator) -> list[tuple[int, str]]:
    alone = min(len(SLOTS), matches // 2)
    slots = [*SLOTS[:alone], *[AFTERNOON] * (matches - alone)]
    return [slots[i] for i in rng.permutation(matches)]


def _at(saturday: np.datetime64, slot: tuple[int, str]) -> np.datetime64:
    day = saturday + np.timedelta64(slot[0], "D")
    return np.datetime64(f"{day}T{slot[1]}:00", "s")

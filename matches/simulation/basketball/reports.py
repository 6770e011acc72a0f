"""What is reported of who may not play: what is known for long, on the eve, and on the day of the game."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from matches.simulation.basketball.season import SimulatedGames

EARLY, EVE, DAY = "early", "eve", "day"
OUT, DOUBTFUL, QUESTIONABLE, PROBABLE, AVAILABLE = "out", "doubtful", "questionable", "probable", "available"
_STATUSES = (OUT, DOUBTFUL, QUESTIONABLE, PROBABLE)
_OF_ABSENT = (0.6, 0.25, 0.15, 0.0)
_OF_DOUBTED = (0.0, 0.1, 0.4, 0.5)
"""Chances of what the eve's report says of somebody who will not play, and of a doubtful one who will."""

SURPRISES = 0.5
"""Share of rests that nobody hears of before the day."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Of one player for one game: row and column of the season's arrays, which report it is in, what it says."""

    side: int
    slot: int
    stage: str
    status: str
    reason: str


def reports(games: SimulatedGames, *, seed: int) -> list[Report]:
    """All reports of a season: whoever is or may be out, and on the day what became of each doubt."""
    rng = np.random.default_rng([seed, games.index, 7])
    chance = rng.random(games.absent.out.shape)
    concerned = np.argwhere(games.absent.out | games.absent.doubted)
    return [report for side, slot in concerned.tolist() for report in _of_player(games, side, slot, chance[side, slot])]


def _of_player(games: SimulatedGames, side: int, slot: int, chance: float) -> list[Report]:
    absent = games.absent
    if absent.known[side, slot]:
        return [Report(side=side, slot=slot, stage=EARLY, status=OUT, reason="Injury")]
    out = bool(absent.out[side, slot])
    if absent.resting[side, slot]:
        stage = DAY if chance < SURPRISES else EVE
        return [Report(side=side, slot=slot, stage=stage, status=OUT, reason="Rest")]
    place = bisect(tuple(accumulate(_OF_ABSENT if out else _OF_DOUBTED)), chance)
    status = _STATUSES[min(place, len(_STATUSES) - 1)]
    eve = Report(side=side, slot=slot, stage=EVE, status=status, reason="Injury")
    if status == OUT:
        return [eve]
    return [eve, Report(side=side, slot=slot, stage=DAY, status=OUT if out else AVAILABLE, reason="Injury")]

"""How a prediction turned out: by the player's next matches, and by nothing that was known when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np

from matches.models import Playlist, RankGroup
from mlmodels.problem import Result
from training.errors import NoBenchmark
from training.rocket_league.benchmarks import benchmark
from training.rocket_league.player_matches import matches_since
from training.rocket_league.weakness.labels import CATEGORIES, EVEN
from training.rocket_league.weakness.planting import MOST_MATCHES
from training.rocket_league.weakness.profiles import SCORES
from training.rocket_league.weakness.serving import profile_of

LEAST_MATCHES = 5
BEYOND_NOISE = 2.5
"""Standard errors; of eight categories in which nothing is wrong, one falls so low in 5 % of players:
1 - Φ(2.5)⁸ = 0.049."""


def result(reference: Mapping[str, Any]) -> Result | None:
    """The category that fell short the most in the next matches, if beyond its noise; None with fewer than five.

    A few matches measure a category with a good deal of chance, so that this is a noisy judge of a prediction: in real
    players the weakest of two sets of matches is often not the same.
    """
    rows = matches_since(reference, most=MOST_MATCHES)
    if len(rows) < LEAST_MATCHES:
        return None
    try:
        compared_with = benchmark(Playlist(reference["playlist"]), RankGroup(reference["rank_group"]))
    except NoBenchmark:
        return None
    means = profile_of([row.statistics for row in rows], compared_with)[list(SCORES)].to_numpy()[0]
    return Result(outcome=largest_shortfall(means, len(rows)))


def largest_shortfall(means: np.ndarray, matches: int) -> str:
    """The label of mean scores (8,) over so many matches."""
    shortfalls = np.where(np.isnan(means), -np.inf, -means * sqrt(matches))
    lowest = int(shortfalls.argmax())
    return CATEGORIES[lowest] if shortfalls[lowest] > BEYOND_NOISE else EVEN

"""What a model is told of a player: where they stand in each category, and over how many matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.rocket_league.weakness.labels import CATEGORIES
from training.rocket_league.weakness.planting import MOST_MATCHES

if TYPE_CHECKING:
    import pandas as pd

MATCHES = "matches"
SCORES: tuple[str, ...] = tuple(f"score_{name}" for name in CATEGORIES)
"""Mean score over the matches, in standard deviations of single matches at the rank; NaN: not measured."""
SURPRISES: tuple[str, ...] = tuple(f"surprise_{name}" for name in CATEGORIES)
"""The same in standard errors: how far chance would not reach."""
PROFILE: tuple[str, ...] = (*SCORES, MATCHES)


def profiles(scores: NDArray[np.float64], example: NDArray[np.int_], count: int) -> pd.DataFrame:
    """Profiles (count, 17) of examples whose matches' category scores are (r, 8).

    example: (r,) which example each match belongs to. More than twenty matches count as twenty: beyond that, what a
    benchmark does not know of its own rank weighs as much as chance.
    """
    import pandas as pd

    known = ~np.isnan(scores)
    total = np.zeros((count, len(CATEGORIES)))
    told = np.zeros((count, len(CATEGORIES)))
    np.add.at(total, example, np.where(known, scores, 0.0))
    np.add.at(told, example, known)
    means = np.where(told > 0, total / np.where(told > 0, told, 1), np.nan)
    matches = np.minimum(np.bincount(example, minlength=count), MOST_MATCHES).astype(float)
    surprises = means * np.sqrt(np.minimum(told, MOST_MATCHES))
    return pd.DataFrame(np.column_stack([means, surprises, matches]), columns=[*SCORES, *SURPRISES, MATCHES])

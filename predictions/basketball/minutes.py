"""How long a player will be on the court: a regression learned anew every thirty days on all games before.

Ridge regression (Hoerl & Kennard 1970) on recent minutes, absences and the expected margin. Its sums grow with time, so
that each block of thirty days is forecast by what came before the block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.asked import Asked
from predictions.basketball.history import History

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Inputs = Callable[[Asked], Mapping[str, Floats]]

BLOCK = 30
"""Days between two regressions."""

RIDGE = 50.0
LEAST_ROWS = 2000
"""Player-games before the first regression; until then the moving average stands."""

NEWCOMER = 12.0
"""Minutes where nothing is known of a player."""

RANGE = (1.0, 42.0)
PLACES = 9
"""Decimals of the weights that are kept, so that a last bit of the linear algebra moves nothing."""

RECENT = (
    "minutes_ema",
    "minutes_middle",
    "minutes_slow",
    "minutes_last",
    "minutes_last_3",
    "minutes_last_5",
    "minutes_weighted_10",
    "minutes_median_10",
    "minutes_season_drawn",
    "minutes_most_10",
    "minutes_least_10",
)


def expected_minutes(asked: Asked, known: Mapping[str, Floats], inputs: Inputs) -> Floats:
    """(n,) minutes. known: features of the rows by name; inputs: how the same are had for the rows of the history."""
    history = asked.history
    blocks, weights = history.keep(lambda: _regressions(history, inputs), "minutes")
    design = _design(known)
    place = np.searchsorted(blocks, asked.day // BLOCK, side="right") - 1
    plain = np.where(np.isfinite(known["minutes_ema"]), known["minutes_ema"], NEWCOMER)
    if not len(blocks):
        return np.clip(plain, *RANGE)
    forecast = (design * weights[np.maximum(place, 0)]).sum(1)
    return np.asarray(np.clip(np.where(place >= 0, forecast, plain), *RANGE), dtype=float)


def _design(known: Mapping[str, Floats]) -> Floats:
    """(n, m) inputs of the regression, without NaN."""
    usual = np.where(np.isfinite(known["minutes_slow"]), known["minutes_slow"], NEWCOMER)
    recent = [np.where(np.isfinite(known[name]), known[name], usual) for name in RECENT]
    share, ema = usual / 30, recent[0]
    missed = np.log1p(np.nan_to_num(known["missed_in_a_row"]))
    rested = (np.nan_to_num(known["own_rest"]) > 10).astype(float)
    margin = np.abs(np.nan_to_num(known["market_spread"])) / 10
    more = known["vacated_minutes_more"] / 100
    new = 1 / (1 + known["games_with_team"])
    started = 1 / (1 + known["games_in_season"])
    back_to_back = known["is_back_to_back"]
    others = [
        *(np.ones(len(usual)), missed, missed * ema / 30, rested, rested * ema / 30),
        *(margin, margin * share, back_to_back, back_to_back * share, known["is_playoff"] * share),
        *(more, more * share, more * share**2, new, new * (ema - usual), started, started * (ema - usual)),
        *(known["vacated_long_minutes"] / 100, np.nan_to_num(known["played_share_30_days"]), (ema / 30) ** 2),
        *(np.maximum(ema - 32, 0), np.maximum(10 - ema, 0)),
    ]
    return np.column_stack([*recent, *others])


def _regressions(history: History, inputs: Inputs) -> tuple[Ints, Floats]:
    """Blocks (b,) that have games enough before them, and their weights (b, m)."""
    played = history.played
    asked = Asked(played, np.arange(len(played)))
    design = _design(inputs(asked))
    block = asked.day // BLOCK
    starts = np.unique(block, return_index=True)[1]
    ends = np.append(starts, len(block))[1:]
    squares, products = RIDGE * np.eye(design.shape[1]), np.zeros(design.shape[1])
    found, weights = [], []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        rows = design[start:end]
        squares, products = squares + rows.T @ rows, products + rows.T @ played.minutes[start:end]
        if end >= LEAST_ROWS:
            # What was learned up to this block serves from the next one on.
            found.append(int(block[start]) + 1)
            weights.append(np.round(np.linalg.solve(squares, products), PLACES))
    return np.array(found, dtype=np.int64), np.array(weights).reshape(len(found), design.shape[1])

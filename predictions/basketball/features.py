"""What a model of a statistic reads: one number a name and row, out of games of earlier days only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.asked import Asked
from predictions.basketball.box_scores import BoxScores
from predictions.basketball.form import form, mean_of_last
from predictions.basketball.minutes import expected_minutes
from predictions.basketball.opponents import opponents
from predictions.basketball.props import usual_line
from predictions.basketball.schedule import schedule
from predictions.basketball.team_mates import team_mates

Floats = NDArray[np.float64]


def features(box: BoxScores, rows: Any, *, statistic: str) -> dict[str, Floats]:
    """Of the rows (n,) of a table every feature (n,), by name, in the order of `feature_names.FEATURES`.

    The same for rows that were played and rows that are asked about: a row's own numbers, and those of its day and
    later, are never read. NaN is "not known": a newcomer's form, a game without a bookmaker, a team without an arena.
    Raises KeyError for a statistic that is not known.
    """
    asked = Asked(box, np.asarray(rows, dtype=np.int64))
    found = _from_the_past(asked, statistic)
    found["minutes_expected"] = expected_minutes(asked, found, _inputs)
    found["expected"] = found["minutes_expected"] * found["rate_middle"]
    return found


def _from_the_past(asked: Asked, statistic: str) -> dict[str, Floats]:
    return {
        **form(asked, statistic),
        **schedule(asked),
        **opponents(asked, statistic),
        **team_mates(asked),
    }


def _inputs(asked: Asked) -> dict[str, Floats]:
    """What minutes are forecast from: nothing of it hangs on the statistic."""
    return _from_the_past(asked, "points")


def own_line(box: BoxScores, rows: Any, *, statistic: str) -> Floats:
    """(n,) the usual line of each row's player, where no bookmaker's is known; NaN for a player without a game."""
    asked = Asked(box, np.asarray(rows, dtype=np.int64))
    return np.array([usual_line(mean) for mean in mean_of_last(asked, statistic, games=10).tolist()], dtype=float)

"""What moved a prediction, read off its row in the ledger whenever it was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlmodels.problem import Driver
from predictions.models import Prediction


def drivers_of(prediction: Prediction) -> list[Driver]:
    """In the order they were written: the baseline, the strongest first, the calibration.

    Rows from before forecasts were explained hold words and effect alone: their groups are empty, and their effects are
    on a scale of their own.
    """
    return [_read(row) for row in prediction.drivers]


def is_explained(drivers: Sequence[Driver]) -> bool:
    """Whether their effects sum to the log-odds of what was said."""
    return bool(drivers) and all(driver.group for driver in drivers)


def _read(row: Sequence[Any]) -> Driver:
    words, effect, *more = row
    group, features, without = more or ("", {}, {})
    return Driver(words, float(effect), group, features, without)

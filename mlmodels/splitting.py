"""Splits by time: the past trains, what came after it tunes, the newest tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mlmodels.errors import TooLittleData

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15


@dataclass(frozen=True, kw_only=True)
class TimeSplit:
    """Rows before `validation_from` train, those before `test_from` validate, the rest test (both midnights, UTC)."""

    validation_from: datetime
    test_from: datetime

    def masks(self, times: pd.Series) -> dict[str, np.ndarray]:
        """Boolean arrays (n,) under `train`, `validation`, `test`; disjoint, together all rows."""
        late = (times >= self.test_from).to_numpy()
        middle = (times >= self.validation_from).to_numpy() & ~late
        return {"train": ~(late | middle), "validation": middle, "test": late}

    def to_json(self) -> dict[str, str]:
        return {"validation_from": self.validation_from.isoformat(), "test_from": self.test_from.isoformat()}


def split_by_time(times: pd.Series, *, minimum_rows: int) -> TimeSplit:
    """Oldest 70 % train, next 15 % validation, newest 15 % test; a day is never cut in two.

    times: (n,) timezone-aware, ascending. Raises TooLittleData below `minimum_rows` or where a part would be empty.
    """
    if len(times) < minimum_rows:
        raise TooLittleData(
            f"The selection has {len(times)} finished rows; at least {minimum_rows} are needed: "
            "choose more competitions or seasons, or a longer period."
        )
    days = times.dt.normalize()
    validation_from = days.iloc[int(len(days) * TRAIN_SHARE)]
    test_from = days.iloc[int(len(days) * (TRAIN_SHARE + VALIDATION_SHARE))]
    if not days.iloc[0] < validation_from < test_from:
        raise TooLittleData("The selection covers too few days to be split by time: choose a longer period.")
    return TimeSplit(validation_from=validation_from.to_pydatetime(), test_from=test_from.to_pydatetime())

"""Figures period by period: whether a model is good all along, or was once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

PERIODS = (("month", "M"), ("quarter", "Q"), ("year", "Y"))
MOST = 30
"""With more periods than this, longer ones are taken."""

FEWEST = 10
"""A period with fewer rows is left out: its figure would be chance."""


def by_period(
    compute: Callable[[Floats, Ints], float],
    tables: Mapping[str, Floats],
    outcomes: Ints,
    times: pd.Series,
) -> dict[str, Any]:
    """{"unit": "month", "periods": [{"from": "2024-03-01", "n": 41, name: figure, ...}, ...]}, oldest first.

    tables: probabilities (n, k) by name, all of the same rows; a row in which any of them has a NaN counts for none, so
    that the figures of a period are of the same rows. compute: (probabilities, outcomes) to a figure. times: (n,).
    """
    known = np.logical_and.reduce([~np.isnan(table).any(axis=1) for table in tables.values()])
    when = times.dt.tz_localize(None) if times.dt.tz is not None else times
    unit, starts = _cut(when[known])
    periods = []
    for start in sorted(set(starts)):
        rows = np.flatnonzero(known)[(starts == start).to_numpy()]
        if len(rows) >= FEWEST:
            figures = {name: _defined(compute(table[rows], outcomes[rows])) for name, table in tables.items()}
            periods.append({"from": f"{start:%Y-%m-%d}", "n": len(rows), **figures})
    return {"unit": unit, "periods": periods}


def _defined(figure: float) -> float | None:
    """JSON-able: null where it is not defined."""
    return round(figure, 6) if np.isfinite(figure) else None


def _cut(when: pd.Series) -> tuple[str, pd.Series]:
    """The shortest period that cuts the rows in few enough parts, and when each row's period began."""
    cuts = ((unit, when.dt.to_period(code).dt.start_time) for unit, code in PERIODS)
    return next(((unit, starts) for unit, starts in cuts if starts.nunique() <= MOST), _by_year(when))


def _by_year(when: pd.Series) -> tuple[str, pd.Series]:
    unit, code = PERIODS[-1]
    return unit, when.dt.to_period(code).dt.start_time

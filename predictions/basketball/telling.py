"""What else a forecast of a count says, read off its distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from predictions.basketball.forecasting import at_line, mean, quantile

AROUND = 3
"""Half lines told on either side of the median."""


def markets_told(distribution: Mapping[str, Any]) -> Mapping[str, Any]:
    """{"mean", "median", "interval": [5 %, 95 %], "lines": {"24.5": {"over", "under"}}} as JSON."""
    pmf = distribution["pmf"]
    middle = quantile(pmf, 0.5)
    lines = [count + 0.5 for count in range(max(0, middle - AROUND), middle + AROUND)]
    return {
        "mean": round(mean(pmf), 3),
        "median": middle,
        "interval": [quantile(pmf, 0.05), quantile(pmf, 0.95)],
        "lines": {f"{line:g}": _sides(at_line(pmf, line)) for line in lines},
    }


def _sides(said: Mapping[str, float]) -> dict[str, float]:
    return {"over": round(said["over"], 6), "under": round(said["under"], 6)}

"""Figures period by period, all of a period on the same rows."""

import numpy as np
import pandas as pd
import pytest

from mlmodels.evaluation.metrics import brier
from mlmodels.evaluation.over_time import by_period


def rows(days: int, every: str = "1D") -> tuple[pd.Series, np.ndarray, np.ndarray]:
    times = pd.Series(pd.date_range("2024-01-01", periods=days, freq=every, tz="UTC"))
    outcomes = np.arange(days) % 2
    return times, outcomes, np.tile([0.7, 0.3], (days, 1))


def test_each_month_has_the_figure_of_its_own_rows() -> None:
    times, outcomes, p = rows(60)
    told = by_period(brier, {"model": p}, outcomes, times)
    assert told["unit"] == "month"
    assert [(period["from"], period["n"]) for period in told["periods"]] == [("2024-01-01", 31), ("2024-02-01", 29)]
    assert told["periods"][0]["model"] == pytest.approx(brier(p[:31], outcomes[:31]), abs=1e-6)


@pytest.mark.parametrize(
    ("every", "days", "unit"), [("1D", 300, "month"), ("7D", 300, "quarter"), ("30D", 400, "year")]
)
def test_longer_spans_are_cut_in_longer_periods(every: str, days: int, unit: str) -> None:
    times, outcomes, p = rows(days, every)
    assert by_period(brier, {"model": p}, outcomes, times)["unit"] == unit


def test_a_row_that_a_yardstick_lacks_counts_for_none() -> None:
    times, outcomes, p = rows(31)
    market = np.tile(np.where(np.arange(31)[:, None] < 11, np.nan, 0.5), 2)
    [month] = by_period(brier, {"model": p, "market": market}, outcomes, times)["periods"]
    assert month["n"] == 20
    assert month["model"] == pytest.approx(brier(p[11:], outcomes[11:]), abs=1e-6)
    assert month["market"] == pytest.approx(0.5)


def test_a_figure_that_is_not_defined_in_a_period_is_none() -> None:
    times, outcomes, p = rows(31)
    [month] = by_period(lambda p, y: float("nan"), {"model": p}, outcomes, times)["periods"]
    assert month["model"] is None


def test_a_period_of_few_rows_is_left_out() -> None:
    times, outcomes, p = rows(35)
    assert [period["n"] for period in by_period(brier, {"model": p}, outcomes, times)["periods"]] == [31]

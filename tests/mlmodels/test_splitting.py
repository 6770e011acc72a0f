"""Splits by time: what is later never trains what is earlier, and a day is never cut in two."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.errors import TooLittleData
from mlmodels.splitting import TimeSplit, split_by_time

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def times(days: list[int], hour: int = 15) -> pd.Series:
    return pd.Series(pd.to_datetime([FIRST + timedelta(days=day, hours=hour) for day in days], utc=True))


def sizes(split: TimeSplit, when: pd.Series) -> dict[str, int]:
    return {name: int(mask.sum()) for name, mask in split.masks(when).items()}


def test_of_one_row_a_day_70_train_15_validate_and_15_test() -> None:
    when = times(list(range(100)))
    split = split_by_time(when, minimum_rows=10)
    assert sizes(split, when) == {"train": 70, "validation": 15, "test": 15}
    assert split.validation_from == FIRST + timedelta(days=70)
    assert split.test_from == FIRST + timedelta(days=85)


def test_a_day_on_the_boundary_goes_whole_to_the_later_part() -> None:
    """Row 70 of 100 is in the middle of a day of ten: the whole day validates."""
    when = times([day // 10 for day in range(5, 105)])
    split = split_by_time(when, minimum_rows=10)
    assert sizes(split, when) == {"train": 65, "validation": 20, "test": 15}


def test_the_boundaries_are_midnights_so_that_late_and_early_matches_of_a_day_stay_together() -> None:
    when = pd.Series(sorted([*times(list(range(40)), hour=1), *times(list(range(40)), hour=23)]))
    masks = split_by_time(when, minimum_rows=10).masks(when)
    days = when.dt.normalize()
    parts = [set(days[mask]) for mask in masks.values()]
    assert not parts[0] & parts[1]
    assert not parts[1] & parts[2]


@given(st.lists(st.integers(0, 60), min_size=20, max_size=80))
def test_parts_are_disjoint_complete_and_in_the_order_of_time(days: list[int]) -> None:
    when = times(sorted(days))
    try:
        split = split_by_time(when, minimum_rows=10)
    except TooLittleData:
        return
    masks = split.masks(when)
    assert np.sum([*masks.values()], axis=0).tolist() == [1] * len(when)
    train, validation, test = (when[mask] for mask in masks.values())
    assert train.max() < split.validation_from.replace(tzinfo=UTC) <= validation.min()
    assert validation.max() < split.test_from.replace(tzinfo=UTC) <= test.min()


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_too_few_rows_are_refused_with_both_numbers(rows: int) -> None:
    with pytest.raises(TooLittleData, match=f"has {rows} finished rows; at least 10 are needed"):
        split_by_time(times(list(range(rows))), minimum_rows=10)


@pytest.mark.parametrize(
    "days",
    [[0] * 100, [0] * 90 + [1] * 10, [0] * 60 + [1] * 40, [0] + [1] * 99],
    ids=["one day", "two days", "two days, unevenly", "a first row and a day"],
)
def test_too_few_days_are_refused_in_words(days: list[int]) -> None:
    with pytest.raises(TooLittleData, match="too few days to be split by time"):
        split_by_time(times(days), minimum_rows=10)


def test_it_is_told_as_json() -> None:
    split = split_by_time(times(list(range(100))), minimum_rows=10)
    assert split.to_json() == {
        "validation_from": "2024-03-11T00:00:00+00:00",
        "test_from": "2024-03-26T00:00:00+00:00",
    }

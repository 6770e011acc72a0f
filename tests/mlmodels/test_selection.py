"""What a person chooses: stored as JSON, read back the same, refused in words."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.errors import InvalidSelection
from mlmodels.selection import Selection

names = st.lists(st.text(min_size=1, max_size=5), max_size=4).map(tuple)
days = st.one_of(st.none(), st.dates())


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    first, last = draw(days), draw(days)
    if first and last and first > last:
        first, last = last, first
    return Selection(competitions=draw(names), seasons=draw(names), date_from=first, date_to=last, subjects=draw(names))


@given(selections())
def test_a_selection_comes_back_from_json_with_the_same_hash(selection: Selection) -> None:
    again = Selection.from_json(json.loads(json.dumps(selection.to_json())))
    assert again == selection
    assert again.hash == selection.hash


def test_order_and_repetition_make_no_other_selection() -> None:
    one = Selection(competitions=("SP1", "E0", "E0"), seasons=("2324", "2223"))
    other = Selection(competitions=("E0", "SP1"), seasons=("2223", "2324", "2223"))
    assert one == other
    assert one.hash == other.hash


@pytest.mark.parametrize(
    "other",
    [
        Selection(competitions=("E0",)),
        Selection(seasons=("E0",)),
        Selection(subjects=("E0",)),
        Selection(date_from=date(2024, 1, 1)),
        Selection(date_to=date(2024, 1, 1)),
    ],
    ids=str,
)
def test_whatever_is_chosen_otherwise_has_another_hash(other: Selection) -> None:
    same = [one for one in (Selection(), Selection(date_to=date(2024, 1, 2))) if one.hash == other.hash]
    assert same == []


def test_nothing_chosen_is_everything() -> None:
    assert Selection.from_json({}) == Selection()
    assert Selection.from_json({"competitions": None, "date_from": ""}) == Selection()
    assert str(Selection()) == "all competitions; all seasons"


def test_it_is_told_in_words() -> None:
    chosen = Selection(
        competitions=("SP1", "E0"), seasons=("2122",), date_from=date(2021, 8, 1), date_to=date(2022, 5, 31),
        subjects=("7",),
    )  # fmt: skip
    assert str(chosen) == "E0, SP1; seasons 2122; from 1 August 2021; to 31 May 2022; only 7"


def test_one_day_is_a_period() -> None:
    day = date(2024, 1, 1)
    assert Selection(date_from=day, date_to=day).date_from == day


def test_dates_the_wrong_way_round_are_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidSelection, match=r"\(2024-02-01\) is after the last \(2024-01-01\): swap the two dates"):
        Selection(date_from=date(2024, 2, 1), date_to=date(2024, 1, 1))
    with pytest.raises(InvalidSelection, match="swap the two dates"):
        Selection.from_json({"date_from": "2024-02-01", "date_to": "2024-01-01"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"leagues": ["E0"]}, "Unknown field in the selection: leagues"),
        ({"date_from": "1.2.2024"}, "'1.2.2024' is not a date: write it as 2024-08-31"),
        ({"date_to": "2024-02-30"}, "'2024-02-30' is not a date"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(data: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidSelection, match=words):
        Selection.from_json(data)

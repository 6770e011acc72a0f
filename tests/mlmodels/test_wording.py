"""Selections and figures in words for a person."""

from datetime import date

import pytest

from mlmodels import tables, wording
from mlmodels.problem import Choice
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

TITLES = wording.titles_of(
    {
        "competitions": [
            Choice(code="E0", title="Premier League", rows=1),
            Choice(code="D1", title="Bundesliga", rows=1),
        ],
        "seasons": [Choice(code=f"{y}{y + 1}", title=f"20{y}/{y + 1}", rows=1) for y in (24, 23, 22, 21)],
    }
)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, "every competition, every season"),
        ({"competitions": ("D1", "E0")}, "Premier League and Bundesliga, every season"),
        ({"competitions": ("XX", "E0")}, "Premier League and XX, every season"),
        ({"seasons": ("2223",)}, "every competition, season 2022/23"),
        ({"seasons": ("2122", "2223", "2324")}, "every competition, seasons 2021/22 to 2023/24"),
        ({"seasons": ("2122", "2223", "2425")}, "every competition, seasons 2021/22, 2022/23 and 2024/25"),
        ({"seasons": ("2122", "2223", "9900")}, "every competition, seasons 2021/22, 2022/23 and 9900"),
        ({"date_from": date(2024, 8, 1)}, "every competition, every season, from 1 August 2024"),
        (
            {"date_from": date(2024, 8, 1), "date_to": date(2025, 5, 31)},
            "every competition, every season, from 1 August 2024 to 31 May 2025",
        ),
        (
            {"date_from": date(2024, 8, 1), "date_to": date(2024, 8, 1)},
            "every competition, every season, on 1 August 2024",
        ),
        ({"subjects": ("7",)}, "every competition, every season, only 7"),
    ],
)
def test_a_selection_is_told_by_titles_and_spans(chosen: dict[str, tuple[str, ...]], words: str) -> None:
    assert wording.selection_in_words(Selection(**chosen), TITLES) == words  # type: ignore[arg-type]  # as parametrised


def test_what_nobody_knows_the_titles_of_is_told_by_its_codes() -> None:
    assert wording.selection_in_words(Selection(competitions=("E0",), seasons=("2122",)), {}) == "E0, season 2122"


def test_a_long_list_is_cut_and_counted() -> None:
    assert wording.listed([str(n) for n in range(6)]) == "0, 1, 2, 3, 4 and 5"
    assert wording.listed([str(n) for n in range(7)]) == "0, 1, 2, 3, 4 and 2 more"
    assert wording.listed([]) == ""


def test_the_primary_metric_is_told_against_each_yardstick_on_the_rows_both_know() -> None:
    metrics = {
        "test": {"n": 60, "brier": 0.40},
        "baselines": {
            "train-frequencies": {"n": 60, "brier": 0.45},
            "market-open": {"n": 60, "brier": 0.40},
            "market-close": {"n": 50, "brier": 0.38, "model": {"n": 50, "brier": 0.39}},
        },
    }
    assert tables.verdict(CoinToss(), metrics) == (
        "Brier on the test rows: better than train frequencies by 0.0500; "
        "worse than market close by 0.0100; no different from market open."
    )


@pytest.mark.parametrize("metrics", [{}, [], {"test": {"brier": 0.4}}, {"baselines": {"a": {"brier": "x"}, "b": 3}}])
def test_without_yardsticks_nothing_is_told(metrics: object) -> None:
    assert tables.verdict(CoinToss(), metrics) == ""

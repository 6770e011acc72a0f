"""Weekly strengths know the days before their Monday, and no more."""

import numpy as np
import pytest

from predictions.football.strengths import NOBODY, Variant, WeeklyStrengths, monday
from tests.predictions.football.played import FIRST, result

DAY = FIRST.toordinal()
LONG = Variant(name="long", half_life_days=390.0, goals=1.0, prior_sd=0.25, window_days=60)
SHOTS = Variant(name="shots", half_life_days=390.0, goals=0.0, prior_sd=0.25, window_days=60)
PAIR = [("a", "b", "E0")]
UNKNOWN = (float("nan"), float("nan"))


@pytest.fixture
def strengths() -> WeeklyStrengths:
    """`a` beats `b` 3–0 twice in the first week, though its shots say 1–1."""
    known = WeeklyStrengths([LONG, SHOTS])
    known.add(result("a", "3-0", "b", day=0), (1.0, 1.0))
    known.add(result("b", "0-3", "a", day=3), (1.0, 1.0))
    return known


def rates(strengths: WeeklyStrengths, day: int, variant: str = "long") -> list[float]:
    return [float(rate) for rate in strengths.rates(PAIR, DAY + day)[variant][0]]


def test_every_day_of_a_week_has_the_same_monday() -> None:
    assert {monday(DAY + i) for i in range(7)} == {DAY}
    assert monday(DAY + 7) == DAY + 7
    assert monday(DAY - 1) == DAY - 7


def test_before_the_first_result_rates_are_the_usual_ones() -> None:
    assert rates(WeeklyStrengths([LONG]), 0) == list(NOBODY)


def test_a_week_does_not_know_its_own_results(strengths: WeeklyStrengths) -> None:
    assert rates(strengths, 6) == list(NOBODY)
    home, away = rates(strengths, 7)
    assert home > away


def test_a_result_on_monday_is_not_known_that_week(strengths: WeeklyStrengths) -> None:
    before = rates(strengths, 7)
    strengths.add(result("b", "9-0", "a", day=7), UNKNOWN)
    assert rates(strengths, 13) == before
    assert rates(strengths, 14) != before


def test_a_variant_of_shots_is_fitted_to_shots(strengths: WeeklyStrengths) -> None:
    supremacy = {
        name: np.log(rates(strengths, 7, name)[0] / rates(strengths, 7, name)[1]) for name in ("long", "shots")
    }
    assert supremacy["long"] > supremacy["shots"] + 0.1


def test_where_shots_are_not_known_goals_stand_in() -> None:
    told, untold = WeeklyStrengths([SHOTS]), WeeklyStrengths([SHOTS])
    told.add(result("a", "3-0", "b"), (3.0, 0.0))
    untold.add(result("a", "3-0", "b"), UNKNOWN)
    assert rates(told, 7, "shots") == rates(untold, 7, "shots")


def test_what_was_asked_before_does_not_change_an_answer(strengths: WeeklyStrengths) -> None:
    fresh = WeeklyStrengths([LONG, SHOTS])
    fresh.restore(strengths.to_json())
    for day in (0, 7, 8):
        rates(strengths, day)
    for known in (strengths, fresh):
        known.add(result("a", "1-1", "b", day=8), UNKNOWN)
    assert rates(strengths, 14) == rates(fresh, 14)


def test_results_older_than_the_window_are_neither_read_nor_stored(strengths: WeeklyStrengths) -> None:
    strengths.add(result("a", "1-1", "b", day=80), UNKNOWN)
    lately = WeeklyStrengths([LONG, SHOTS])
    lately.add(result("a", "1-1", "b", day=80), UNKNOWN)
    assert rates(strengths, 84) == rates(lately, 84)
    stored = strengths.to_json()
    assert [pair[3] for pair in stored["pairs"]] == [DAY + 80]
    assert stored["scores"] == [[1.0, 1.0, None, None]]

"""Form by hand: a few matches of two or three teams."""

from math import isnan

import pytest

from predictions.football.form import COMPARED, KEPT, LONG_REST, MEETINGS, Form, mean
from predictions.football.rows import Played
from tests.predictions.football.played import FIRST, result

DAY = FIRST.toordinal()


def form_of(*played: Played) -> Form:
    form = Form()
    for one in played:
        form.add(one)
    return form


@pytest.fixture
def form() -> Form:
    """Of `a`: won 2–0 at home, drew 1–1 away, lost 0–3 at home."""
    return form_of(
        result("a", "2-0", "b", day=0, host={"on_target": 6, "shots": 12}, guest={"on_target": 2, "shots": 7}),
        result("c", "1-1", "a", day=5, host={"on_target": 3, "shots": 9}, guest={"on_target": 4, "shots": 10}),
        result("a", "0-3", "b", day=9, host={"reds": 1}, guest={"reds": 0}),
    )


def test_points_and_goals_are_means_of_the_last_matches(form: Form) -> None:
    found = form.features("a", "b", DAY + 12)
    assert found["home_matches"] == 3
    assert found["home_points_5"] == pytest.approx((3 + 1 + 0) / 3)
    assert found["home_goals_5"] == pytest.approx((2 + 0 - 3) / 3)
    assert found["away_points_10"] == pytest.approx((0 + 3) / 2)
    assert found["away_goals_10"] == pytest.approx((-2 + 3) / 2)
    assert found["points_5_difference"] == pytest.approx(4 / 3 - 3 / 2)


def test_only_matches_on_the_same_ground_count_where_the_ground_matters(form: Form) -> None:
    found = form.features("a", "b", DAY + 12)
    assert found["home_points_on_ground_5"] == pytest.approx((3 + 0) / 2)
    assert found["away_points_on_ground_5"] == pytest.approx((0 + 3) / 2)
    assert form.features("b", "a", DAY + 12)["away_points_on_ground_5"] == 1


def test_shots_that_a_source_does_not_tell_are_left_out_of_the_mean(form: Form) -> None:
    found = form.features("a", "b", DAY + 12)
    assert found["home_on_target_10"] == pytest.approx((4 + 1) / 2)
    assert found["home_shots_10"] == pytest.approx((5 + 1) / 2)
    assert isnan(found["home_expected_goals_10"])


def test_rest_is_counted_in_days_and_a_long_one_is_as_long_as_another(form: Form) -> None:
    assert form.features("a", "c", DAY + 12)["home_rest_days"] == 3
    assert form.features("a", "c", DAY + 12)["away_rest_days"] == 7
    assert form.features("a", "c", DAY + 200)["home_rest_days"] == LONG_REST
    assert form.features("a", "nobody", DAY + 12)["away_rest_days"] == LONG_REST


def test_congestion_counts_matches_of_the_last_two_and_four_weeks(form: Form) -> None:
    on_the_edge = form.features("a", "b", DAY + 14)
    assert (on_the_edge["home_matches_14_days"], on_the_edge["home_matches_28_days"]) == (3, 3)
    a_day_later = form.features("a", "b", DAY + 15)
    assert (a_day_later["home_matches_14_days"], a_day_later["home_matches_28_days"]) == (2, 3)
    assert form.features("a", "b", DAY + 60)["home_matches_28_days"] == 0


@pytest.mark.parametrize(
    ("scores", "streak"),
    [
        (["1-0"], 1),
        (["0-1", "1-0", "2-0"], 2),
        (["1-0", "0-1", "0-2", "1-4"], -3),
        (["1-0", "2-0", "1-1"], 0),
        (["1-1", "2-0"], 1),
        ([], 0),
    ],
)
def test_a_streak_counts_wins_in_a_row_and_defeats_as_a_negative_number(scores: list[str], streak: float) -> None:
    form = form_of(*(result("a", score, "b", day=i) for i, score in enumerate(scores)))
    assert form.features("a", "b", DAY + 30)["home_streak"] == streak
    assert form.features("a", "b", DAY + 30)["away_streak"] == -streak


def test_meetings_are_seen_from_the_side_that_is_at_home_now() -> None:
    form = form_of(result("a", "3-0", "b"), result("b", "2-1", "a", day=100), result("a", "5-0", "c", day=101))
    assert form.features("a", "b", DAY + 200)["meetings"] == 2
    assert form.features("a", "b", DAY + 200)["meetings_goals"] == pytest.approx((3 - 1) / 2)
    assert form.features("b", "a", DAY + 200)["meetings_goals"] == pytest.approx((-3 + 1) / 2)
    assert isnan(form.features("b", "c", DAY + 200)["meetings_goals"])


def test_only_the_last_meetings_count() -> None:
    old = [result("a", "9-0", "b", day=i) for i in range(4)]
    form = form_of(*old, *(result("a", "1-0", "b", day=10 + i) for i in range(MEETINGS)))
    assert form.features("a", "b", DAY + 30)["meetings_goals"] == 1


def test_a_red_card_of_the_last_match_counts_and_an_unknown_one_does_not(form: Form) -> None:
    assert form.features("a", "c", DAY + 12)["home_reds_last"] == 1
    assert form.features("a", "c", DAY + 12)["away_reds_last"] == 0


def test_of_a_team_without_matches_nothing_is_claimed() -> None:
    found = Form().features("a", "b", DAY)
    assert found["home_matches"] == found["away_matches"] == found["meetings"] == 0
    assert isnan(found["home_points_5"])
    assert all(f"{name}_difference" in found for name in COMPARED)


def test_matches_of_more_than_a_year_ago_are_not_known_any_more(form: Form) -> None:
    assert form.matches_known("a", DAY + 12) == 3
    assert form.matches_known("a", DAY + 402) == 2
    assert form.features("a", "b", DAY + 402)["home_matches"] == 2
    assert form.matches_known("nobody", DAY) == 0


def test_no_more_than_the_last_matches_are_kept() -> None:
    form = form_of(*(result("a", "1-0", f"t{i}", day=i) for i in range(KEPT + 5)))
    assert len(form.outings["a"]) == KEPT
    assert form.outings["a"][0].day == DAY + 5


def test_a_mean_is_of_what_is_known() -> None:
    assert mean([1.0, float("nan"), 3.0]) == 2.0
    assert isnan(mean([float("nan")]))
    assert isnan(mean([]))

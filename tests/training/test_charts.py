"""Where the coach's charts put their lines and dots."""

import math

import pytest

from training.charts.bars import bars
from training.charts.radar import CENTRE_X, CENTRE_Y, RADIUS, Standing, radar
from training.charts.trend import HEIGHT, trend_chart


def standing(title: str, score: float) -> Standing:
    return Standing(title=title, told="", score=score, low=score - 0.5, high=score + 0.5)


def test_the_average_lies_half_way_out_and_two_deviations_at_the_rim() -> None:
    drawn = radar([standing("a", 0), standing("b", 2), standing("c", -2), standing("d", 9)])
    assert drawn is not None
    top, right, bottom, left = drawn.spokes
    assert (top.dot_x, top.dot_y) == pytest.approx((CENTRE_X, CENTRE_Y - RADIUS / 2))
    assert (right.dot_x, right.dot_y) == pytest.approx((CENTRE_X + RADIUS, CENTRE_Y))
    assert (bottom.dot_x, bottom.dot_y) == pytest.approx((CENTRE_X, CENTRE_Y))
    assert left.dot_x == pytest.approx(CENTRE_X - RADIUS), "what is farther out is drawn at the rim"


def test_the_weakest_is_marked_and_names_stand_outside() -> None:
    drawn = radar([standing("a", 0), standing("b", 1), standing("c", -1)], weakest="c")
    assert drawn is not None
    assert [spoke.is_weakest for spoke in drawn.spokes] == [False, False, True]
    assert [spoke.anchor for spoke in drawn.spokes] == ["middle", "start", "end"]


def test_two_categories_make_no_radar() -> None:
    assert radar([standing("a", 0), standing("b", 1)]) is None


def test_a_line_needs_eight_matches() -> None:
    assert trend_chart([0.1] * 7).line is None
    assert trend_chart([0.1 * n for n in range(8)]).line is not None


def test_the_line_goes_through_points_that_lie_on_one() -> None:
    chart = trend_chart([-1 + 0.2 * n for n in range(11)])
    assert chart.line is not None
    assert chart.line == pytest.approx((*chart.dots[0], *chart.dots[-1]), abs=0.02)
    assert chart.average_y == HEIGHT / 2


def test_a_match_that_tells_nothing_has_no_dot_but_keeps_its_place() -> None:
    chart = trend_chart([0.0, math.nan, 0.0])
    assert [x for x, _ in chart.dots] == [8, 272]


def test_bars_stand_on_the_ground_and_reach_their_value() -> None:
    drawn = bars([("a", 0), ("b", 30), ("c", 60)])
    nothing, half, whole = drawn.bars
    assert nothing.height == 0
    assert whole.height == pytest.approx(2 * half.height, abs=0.2)
    assert [value for _, value in drawn.ticks] == [0, 20, 40, 60]


def test_no_practice_still_has_an_axis() -> None:
    assert bars([("a", 0)]).ticks[0][1] == 0

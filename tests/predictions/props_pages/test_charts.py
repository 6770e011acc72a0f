"""The charts of player props: bars where they belong."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.distribution import distribution_chart
from predictions.charts.rolling import Outing, rolling_chart

WEIGHTS = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=80)


@given(WEIGHTS, st.integers(0, 100).map(lambda twice: twice / 2))
def test_every_bar_lies_in_the_plot_and_on_its_side_of_the_line(weights: list[float], line: float) -> None:
    pmf = [weight / sum(weights) for weight in weights]
    chart = distribution_chart(pmf, line=line, mean=1.0)
    assert chart is not None
    assert chart.left <= chart.line_x <= chart.right
    for bar in chart.bars:
        assert chart.left - 0.01 <= bar.x <= bar.x + bar.width <= chart.right + 0.01
        assert chart.top - 0.01 <= bar.y <= chart.bottom
        assert bar.y + bar.height == pytest.approx(chart.bottom, abs=0.02)
        centre = bar.x + bar.width / 2
        assert (bar.side == "over") == (centre > chart.line_x + 0.02)
        assert (bar.side == "push") == (bar.count == line)


def test_bars_are_as_high_as_their_probabilities() -> None:
    chart = distribution_chart([0.2, 0.4, 0.4], line=1.5, mean=1.2)
    assert chart is not None
    assert chart.bars[1].height == pytest.approx(2 * chart.bars[0].height, abs=0.02)
    assert [bar.at_least for bar in chart.bars] == pytest.approx([1.0, 0.8, 0.4])


def test_long_tails_of_next_to_nothing_are_not_drawn() -> None:
    chart = distribution_chart([0.5, 0.4998, *[0.0001] * 2, 0.0], line=0.5, mean=0.5)
    assert chart is not None
    assert [bar.count for bar in chart.bars] == [0, 1]


def test_nothing_is_drawn_of_nothing() -> None:
    assert distribution_chart([], line=0.5, mean=0) is None
    assert rolling_chart([], line=None) is None


def outing(day: int, count: int, minutes: float = 30, mean: float | None = None) -> Outing:
    return Outing(date=date(2026, 1, 1) + timedelta(days=day), opponent="LAL", count=count, minutes=minutes, mean=mean)


def test_games_are_bars_beside_each_other_against_the_line() -> None:
    chart = rolling_chart([outing(0, 10), outing(1, 20), outing(2, 15, mean=15.0), outing(3, 0, mean=11.3)], line=15)
    assert chart is not None
    assert chart.line_y is not None
    assert [bar.side for bar in chart.bars] == ["under", "over", "push", "under"]
    assert chart.over == 1
    assert chart.bars[1].height == pytest.approx(2 * chart.bars[0].height, abs=0.02)
    assert chart.bars[2].y == pytest.approx(chart.line_y, abs=0.02)
    assert chart.bars[3].height > 0, "a game of nothing can still be seen"
    edges = [(bar.x, bar.x + bar.width) for bar in chart.bars]
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(edges))
    assert chart.mean.count("L") == 1, "the mean begins where enough games came before"


def test_without_a_line_no_side_is_taken_and_overtime_stays_in_the_plot() -> None:
    chart = rolling_chart([outing(0, 40, minutes=58)], line=None)
    assert chart is not None
    assert chart.line_y is None
    assert chart.bars[0].side == ""
    assert chart.bars[0].minutes_y >= chart.minutes_top
    assert chart.mean == ""

"""What the page of a replay is made of: arenas, charts and figures in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.models import ReplayPlayer
from training.reading.dot_and_band import WIDTH, Spread, dot_and_band
from training.reading.replay_arena import arena_title, field_kind
from training.reading.replay_rank import _range, written
from training.reading.replay_teams import Figure, compared
from training.reading.replay_teams import written as figure_written

SPREAD = Spread(lowest=10, low=20, middle=25, high=30, highest=50)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("stadium_p", "DFH Stadium"),
        ("Park_Night_P", "Beckwith Park (Midnight)"),
        ("new_arena_p", "New Arena"),
        ("", ""),
    ],
)
def test_arenas_are_called_as_players_do(code: str, title: str) -> None:
    assert arena_title(code) == title


@pytest.mark.parametrize(
    ("code", "kind"),
    [("Stadium_P", "standard"), ("", "standard"), ("labs_cosmic_v4_p", "other"), ("ShatterShot_P", "other")],
)
def test_only_the_usual_shape_is_drawn_with_pads(code: str, kind: str) -> None:
    assert field_kind(code) == kind


def test_the_dot_stands_where_the_value_lies() -> None:
    chart = dot_and_band(25, SPREAD)
    assert chart.dot_x == chart.middle_x
    assert chart.wide == (9.0, WIDTH - 18.0)
    assert chart.narrow == pytest.approx((64.5, 55.5))


def test_a_value_beyond_the_band_has_room() -> None:
    chart = dot_and_band(90, SPREAD)
    assert chart.dot_x == WIDTH - 9
    assert sum(chart.wide) == pytest.approx(120)


@given(st.integers(-1000, 1000), st.lists(st.integers(-1000, 1000), min_size=5, max_size=5).map(sorted))
def test_everything_stays_in_the_box(value: int, quantiles: list[int]) -> None:
    lowest, low, middle, high, highest = quantiles
    chart = dot_and_band(value, Spread(lowest=lowest, low=low, middle=middle, high=high, highest=highest))
    for x in (chart.dot_x, chart.middle_x, chart.wide[0], chart.narrow[0], sum(chart.wide), sum(chart.narrow)):
        assert 0 <= x <= WIDTH


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (52.14, "%", "52.1\u00a0%"),
        (1431.7, "uu/s", "1,432\u00a0uu/s"),
        (-0.251, "ratio", "−0.25"),
        (13.82, "per min", "13.8\u00a0per min"),
    ],
)
def test_figures_have_as_many_decimals_as_make_sense(value: float, unit: str, words: str) -> None:
    assert written(value, unit) == words


def test_both_ends_of_a_range_have_the_same_decimals() -> None:
    spread = Spread(lowest=0, low=6.934, middle=14, high=25.71, highest=60)
    assert _range(spread, "uu") == "6.9 to 25.7\u00a0uu"


def test_a_figure_that_is_not_known_is_a_dash() -> None:
    assert figure_written({}, Figure(name="core_score", title="Score")) == "–"


def test_the_largest_of_a_row_is_marked_unless_all_are_alike() -> None:
    speeds = [ReplayPlayer(statistics={"movement_avg_speed": v, "demo_taken": 1}) for v in (1400.0, 1500.0, 1300.0)]
    (movement,) = compared(speeds)
    speed, demolished = movement.rows
    assert [is_most for _, is_most in speed.cells] == [False, True, False]
    assert not any(is_most for _, is_most in demolished.cells)

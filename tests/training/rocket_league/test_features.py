from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.rocket_league.ranked_rows import rows
from training.models import Category
from training.rocket_league.features import BY_NAME, FEATURES, feature_table, features_of
from training.rocket_league.features_columns import THIRDS, Columns

ONE = rows(1)[0]


def told(name: str, **changed: float | None) -> float:
    return float(feature_table([{**ONE, **changed}])[name].iloc[0])  # type: ignore[dict-item]


def test_there_are_sixty_and_more_in_eight_categories() -> None:
    assert len(FEATURES) >= 60
    assert len(BY_NAME) == len(FEATURES)
    for category in Category:
        assert len(features_of(category)) >= 3


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_each_is_made_of_its_sources_alone_and_lies_within_its_bounds(feature: Any) -> None:
    table = rows(20)
    found = feature.compute(Columns(table))
    needed = {*feature.sources, *THIRDS, "duration"}
    alone = feature.compute(Columns([{k: v for k, v in row.items() if k in needed} for row in table]))
    np.testing.assert_array_equal(found, alone)
    assert not np.isnan(found).any()
    assert ((found >= feature.bounds[0]) & (found <= feature.bounds[1])).all()
    assert found.std() > 0


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_each_says_what_it_is_and_which_way_is_better(feature: Any) -> None:
    assert feature.direction in {-1, 0, 1}
    assert feature.unit
    assert feature.description.endswith(".")
    assert ("context" in feature.description) == (feature.direction == 0)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_none_can_be_told_of_nothing(feature: Any) -> None:
    assert np.isnan(feature_table([{}])[feature.name]).all()


def test_rates_are_of_the_players_own_time() -> None:
    own = {"positioning_time_defensive_third": 60, "positioning_time_neutral_third": 60}
    assert told("shots", **own, positioning_time_offensive_third=30, core_shots=2) == pytest.approx(4)
    assert np.isnan(told("shots", **own, positioning_time_offensive_third=None, duration=59))
    assert told("shots", **own, positioning_time_offensive_third=None, duration=600, core_shots=2) == pytest.approx(1)


def test_one_goal_of_one_shot_is_not_the_best_finishing() -> None:
    once, often = told("finishing", core_goals=1, core_shots=1), told("finishing", core_goals=8, core_shots=8)
    assert 100 / 3 < once < often < 100
    assert once == pytest.approx(100 * 3 / 7)


def test_being_first_and_last_as_often_is_balanced() -> None:
    assert told("back_forward_imbalance", positioning_time_most_back=90, positioning_time_most_forward=90) == 0
    assert told("back_forward_imbalance", positioning_time_most_back=30, positioning_time_most_forward=90) == 50
    even = told("depth_evenness", positioning_time_most_back=110, positioning_time_most_forward=110)
    assert even == pytest.approx(1)
    pair = told("depth_evenness", positioning_time_most_back=165, positioning_time_most_forward=165)
    assert pair == pytest.approx(1)


def test_no_goal_as_the_last_car_is_nought_and_alone_it_is_unknown() -> None:
    caught = {"positioning_goals_against_while_last_defender": None}
    assert told("caught_as_last", **caught) == 0
    assert np.isnan(told("caught_as_last", **caught, positioning_time_most_back=None))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ONE)), st.floats(0, 1e6, allow_nan=False)))
def test_whatever_is_counted_each_is_within_its_bounds_or_unknown(changed: dict[str, float]) -> None:
    table = feature_table([{**ONE, **changed}])
    for feature in FEATURES:
        value = table[feature.name].iloc[0]
        assert np.isnan(value) or feature.bounds[0] <= value <= feature.bounds[1]

"""Football's features in the words of people."""

import pytest

from predictions.football.algorithms import FEATURES, MARKET
from predictions.football.explaining import WORDS, _in_words, group_of


@pytest.mark.parametrize("feature", [*FEATURES, *MARKET])
def test_every_feature_is_told_in_a_group_that_has_words(feature: str) -> None:
    assert group_of(feature) in WORDS


@pytest.mark.parametrize(
    ("feature", "group"),
    [
        ("elo_difference", "strength"),
        ("long_home_rate", "strength"),
        ("goals_difference", "strength"),
        ("goals_5_difference", "form"),
        ("short_supremacy", "form"),
        ("away_points_on_ground_5", "form"),
        ("home_matches", "newcomers"),
        ("home_matches_14_days", "rest"),
        ("reds_last_difference", "cards"),
        ("meetings_goals", "meetings"),
        ("table_goals_difference", "table"),
        ("base_draw_logit", "competition"),
        ("given_probabilities", "market"),
        ("home_attack", "home_attack"),
        ("moon_phase", "moon_phase"),
    ],
)
def test_what_means_the_same_is_one_group(feature: str, group: str) -> None:
    assert group_of(feature) == group


def test_words_say_whom_a_group_speaks_for() -> None:
    assert _in_words("form", 0.2) == "Form of the last matches: for the home side"
    assert _in_words("form", -0.2) == "Form of the last matches: for the away side"
    assert _in_words("form", 0.0001) == "Form of the last matches: even"
    assert _in_words("moon_phase", 0.2) == "Moon phase: for the home side"
    assert _in_words("baseline", 0.4) == "An average match here, home advantage included"

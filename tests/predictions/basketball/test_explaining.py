"""Every feature of a player is told in a group that has words."""

from predictions.basketball.explaining import WORDS, feature_in_words, group_of
from predictions.basketball.feature_names import FEATURES


def test_every_feature_has_a_group_with_words() -> None:
    assert {group_of(name) for name in (*FEATURES, "line")} <= set(WORDS)


def test_features_have_names_for_people() -> None:
    assert feature_in_words("points_a_minute") == "Points a minute"
    assert feature_in_words("own_rest") == "Days since he last played"

"""What football's features are called when they are told to people, in groups of those that mean the same."""

from __future__ import annotations

from typing import Any

from mlmodels.explaining import BASELINE, CALIBRATION, drivers_of
from mlmodels.problem import Driver
from predictions.football.markets import LABELS

WORDS = {
    BASELINE: "An average match here, home advantage included",
    "strength": "Strength over the last years",
    "home_attack": "Attack of the home side",
    "home_defence": "Defence of the home side",
    "away_attack": "Attack of the away side",
    "away_defence": "Defence of the away side",
    "home_rating": "Rating of the home side",
    "away_rating": "Rating of the away side",
    "form": "Form of the last matches",
    "table": "League table, this season and last",
    "rest": "Rest and busy weeks",
    "cards": "Red cards in the last match",
    "meetings": "Earlier meetings of the two",
    "newcomers": "Newcomers, and how many matches are known",
    "competition": "What is usual in this competition",
    "market": "Opening prices of the market",
    CALIBRATION: "Calibration",
}
"""By group, in no order: "the home side" and "the away side" are replaced by the teams' names where they are known."""

_BY_NAME = {
    "strength": ("elo_difference", "pi_difference"),
    "form": ("streak", "points_on_ground_5"),
    "table": ("last_points_difference", "table_points_difference", "table_goals_difference", "season_progress"),
    "rest": ("rest_days", "matches_14_days", "matches_28_days"),
    "cards": ("reds_last",),
    "meetings": ("meetings", "meetings_goals"),
    "newcomers": ("newcomer", "matches"),
    "competition": ("base_supremacy", "base_draw_logit", "base_home", "base_draw", "base_away"),
    "market": ("given_probabilities", "market_open_home", "market_open_draw", "market_open_away"),
}
_GROUP_BY_NAME = {name: group for group, names in _BY_NAME.items() for name in names}
_LAST_MATCHES = ("_5", "_10")
_SIDED = ("home_", "away_")
_ENDINGS = ("_difference", "_sum")
_RATED = ("goals", "on_target", "shots", "corners")
_FITTED = ("long_", "shots_", "short_")

EVEN = 0.0005
"""An effect on the log-odds below this is told as none."""


def drivers(estimator: Any, read: Any) -> list[tuple[Driver, ...]]:
    """Of each row that the estimator reads, what speaks for the hosts (positive) or the guests."""
    return drivers_of(estimator, read, labels=LABELS, group_of=group_of, words=_in_words)


def group_of(feature: str) -> str:
    """The group a feature is told in; a feature that nobody grouped is a group of its own."""
    if feature in WORDS:
        return feature
    if feature in _GROUP_BY_NAME:
        return _GROUP_BY_NAME[feature]
    plain = _without_side(feature)
    if plain in _GROUP_BY_NAME:
        return _GROUP_BY_NAME[plain]
    if plain.endswith(_LAST_MATCHES):
        return "form"
    if plain in _RATED or feature.startswith(_FITTED):
        return "form" if feature.startswith("short_") else "strength"
    return feature


def _without_side(feature: str) -> str:
    """`points_5` of `home_points_5` and of `points_5_difference`."""
    for side in _SIDED:
        feature = feature.removeprefix(side)
    for ending in _ENDINGS:
        feature = feature.removesuffix(ending)
    return feature


def _in_words(group: str, effect: float) -> str:
    title = WORDS.get(group, group.replace("_", " ").capitalize())
    if group == BASELINE:
        return title
    favours = "even" if abs(effect) < EVEN else "for the home side" if effect > 0 else "for the away side"
    return f"{title}: {favours}"

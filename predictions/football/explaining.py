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


_STEMS = {
    "long": "goals of the last years",
    "shots": "shots",
    "short": "goals and shots of the last months",
    "goals": "goals",
    "on_target": "shots on target",
    "corners": "corners",
    "elo": "Elo rating",
    "pi": "pi-rating",
    "base": "usual share",
    "last_points": "points a match last season",
    "table_points": "points a match this season",
    "table_goals": "goal difference a match this season",
    "newcomer": "new in the competition",
    "matches": "matches known of the last 400 days",
    "points_5": "points a match, last 5",
    "points_10": "points a match, last 10",
    "goals_5": "goal difference, last 5",
    "goals_10": "goal difference, last 10",
    "on_target_5": "shots on target less allowed, last 5",
    "on_target_10": "shots on target less allowed, last 10",
    "shots_10": "shots less allowed, last 10",
    "expected_goals_10": "expected goals less allowed, last 10",
    "points_on_ground_5": "points a match, last 5 at home or away",
    "reds_last": "red cards in the last match",
    "rest_days": "days of rest",
    "matches_14_days": "matches in 14 days",
    "matches_28_days": "matches in 28 days",
    "streak": "wins or defeats in a row",
    "meetings": "meetings known",
    "meetings_goals": "goal difference when the two met",
    "season_progress": "how far the season has come",
    "given_probabilities": "probabilities behind the prices",
}
_FORMS = (
    ("{}_home_rate", "expected goals of hosts by {}"),
    ("{}_away_rate", "expected goals of guests by {}"),
    ("{}_supremacy", "hosts ahead by {}"),
    ("{}_total", "goals expected in all by {}"),
    ("{}_difference", "{}: hosts less guests"),
    ("{}_sum", "{}: both sides"),
    ("home_{}", "{}: hosts"),
    ("away_{}", "{}: guests"),
    ("{}", "{}"),
)
_FEATURE_WORDS = {
    name.format(stem): words.format(said) for name, words in reversed(_FORMS) for stem, said in _STEMS.items()
} | {
    "base_supremacy": "hosts' wins against guests' in this competition",
    "base_draw_logit": "draws in this competition",
    "home_attack": "attack: hosts",
    "home_defence": "defence: hosts",
    "away_attack": "attack: guests",
    "away_defence": "defence: guests",
    "home_rating": "rating: hosts",
    "away_rating": "rating: guests",
}


def feature_in_words(name: str) -> str:
    """A feature as people call it; its own name, spaced, where nobody named it."""
    words = _FEATURE_WORDS.get(name, name.replace("_", " "))
    return words[0].upper() + words[1:]

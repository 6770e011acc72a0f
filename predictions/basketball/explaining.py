"""What the features of player props are called when they are told to people, in groups of those that mean the same."""

from __future__ import annotations

from typing import Any

from mlmodels.explaining import BASELINE, CALIBRATION, drivers_of
from mlmodels.problem import Driver
from predictions.basketball.props import LABELS

WORDS = {
    BASELINE: "An average player at this line",
    "line": "The line itself",
    "form": "What he counted lately",
    "usual": "What he usually counts",
    "minutes": "Minutes he can expect",
    "volumes": "How often he shoots, passes and rebounds",
    "opponent": "The opponent and its defence",
    "team": "His team and its pace",
    "team_mates": "Team-mates who are missing",
    "schedule": "Rest, travel and the ground",
    "season": "How much of him is known",
    "market": "What bookmakers expect of the game",
    CALIBRATION: "Calibration",
}

_STARTS = (
    ("minutes_", "minutes"),
    ("vacated_", "team_mates"),
    ("opponent_", "opponent"),
    ("allowed", "opponent"),
    ("against_", "opponent"),
    ("market_", "market"),
    ("own_rest", "schedule"),
    ("own_", "team"),
    ("last", "form"),
    ("season_", "usual"),
    ("rate_", "usual"),
    ("games_in_7_days", "schedule"),
    ("games", "season"),
    ("played_", "minutes"),
    ("missed_", "minutes"),
)
_BY_NAME = {
    "line": "line",
    "form": (
        "ema",
        "slope_10",
        "weighted_10",
        "momentum",
        "spread_10",
        "spread_20",
        "least_10",
        "most_10",
        "median_10",
    ),
    "usual": ("expected", "middle", "slow", "career_mean"),
    "schedule": (
        "is_home",
        "is_playoff",
        "rest",
        "is_back_to_back",
        "rest_advantage",
        "travel",
        "time_zones",
        "altitude",
    ),
    "minutes": ("usage",),
    "team": ("pace",),
    "volumes": ("role",),
    "team_mates": ("team_mates_played",),
}
_GROUPS = {name: group for group, names in _BY_NAME.items() for name in ((names,) if isinstance(names, str) else names)}
_VOLUME_ENDINGS = ("_a_minute", "_share")
EVEN = 0.0005


def drivers(estimator: Any, read: Any) -> list[tuple[Driver, ...]]:
    """Of each row that the estimator reads, what speaks for over (positive) or under."""
    return drivers_of(estimator, read, labels=LABELS, group_of=group_of, words=_in_words)


def group_of(feature: str) -> str:
    """The group a feature is told in."""
    if feature in _GROUPS:
        return _GROUPS[feature]
    for start, group in _STARTS:
        if feature.startswith(start):
            return group
    return "volumes" if feature.endswith(_VOLUME_ENDINGS) else feature


def _in_words(group: str, effect: float) -> str:
    title = WORDS.get(group, group.replace("_", " ").capitalize())
    if group == BASELINE:
        return title
    return f"{title}: {'even' if abs(effect) < EVEN else 'for over' if effect > 0 else 'for under'}"


_NAMED = {
    "ema": "Moving average, the last games weighing most",
    "middle": "Moving average of about ten games",
    "slow": "Moving average of about thirty games",
    "own_rest": "Days since he last played",
    "rest": "Days of rest of his team",
    "line_is_market": "Line set by bookmakers",
}


def feature_in_words(name: str) -> str:
    """A feature as people call it."""
    if name in _NAMED:
        return _NAMED[name]
    words = name.replace("_a_minute", " a minute").replace("_", " ")
    return words[0].upper() + words[1:]

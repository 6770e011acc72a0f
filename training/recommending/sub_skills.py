"""What of a category a pack trains, and the features in which that would show.

A drill names its feature itself. A sub-skill without features trains something that no statistic of a replay shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from training.models import Category

SHOWS_IN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    Category.MECHANICAL: {
        "catches": (),
        "dribbling": (),
        "flicks": (),
        "half flips": ("slow_share", "average_speed"),
        "powerslides": ("powerslides", "powerslides_a_ground_minute", "powerslide_length"),
        "recoveries": ("slow_share", "average_speed", "powerslides"),
        "speed flips": ("supersonic_share", "supersonic_of_fast"),
    },
    Category.AERIAL_ABILITY: {
        "aerial control": ("high_of_air", "high_air_share"),
        "air dribbles": ("high_of_air", "high_air_share"),
        "basic aerials": ("high_air_share", "ground_share"),
        "ceiling shots": ("high_of_air",),
        "double taps": ("high_air_share",),
        "fast aerials": ("high_air_share", "high_air_for_boost"),
        "flip resets": ("high_of_air",),
        "redirects": ("high_air_share",),
    },
    Category.SHOOTING: {
        "first touch shots": ("shots_in_attack", "finishing"),
        "ground shots": ("shots", "finishing"),
        "hook shots": ("shots",),
        "long shots": ("shots",),
        "power shots": ("finishing", "goals"),
        "wall shots": ("shots_in_attack",),
    },
    Category.DEFENDING: {
        "backboard defence": ("saves_in_defence", "conceded_of_shots"),
        "clears": ("shots_against", "goals_against"),
        "saves": ("saves_of_shots", "saves", "conceded_of_shots"),
    },
    Category.POSITIONING: {"shadow defence": ("behind_ball_share", "distance_to_ball_without_possession")},
    Category.GAME_SENSE: {"awkward reads": (), "corner reads": (), "wall reads": ()},
}


def features_trained(category: str, sub_skill: str, moves: str = "") -> tuple[str, ...]:
    """Features that an item should move: of a drill what it names, of a pack those its sub-skill shows in."""
    return (moves,) if moves else SHOWS_IN.get(category, {}).get(sub_skill, ())

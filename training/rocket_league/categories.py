"""The eight categories, and what each means where there are no team-mates."""

from __future__ import annotations

from matches.models import Playlist
from training.models import Category

DUELS = frozenset({Playlist.RANKED_DUELS, Playlist.UNRANKED_DUELS})
NOT_MEASURED = "not measured in duels"
MEANINGS: dict[Category, str] = {
    Category.MECHANICAL: "Speed, and keeping it through turns and landings.",
    Category.POSITIONING: "Being near enough to the ball, and on the right side of it.",
    Category.GAME_SENSE: "Reading the play: passes, boost and cars taken from the opponents, giving room in time.",
    Category.BOOST_MANAGEMENT: "Having boost when it is needed, and wasting none of it.",
    Category.ROTATION: "Taking turns: at the ball, in between, and as the last car back.",
    Category.AERIAL_ABILITY: "Playing the ball in the air.",
    Category.SHOOTING: "Making chances and taking them.",
    Category.DEFENDING: "Keeping the ball out of the own goal.",
}


def has_team(playlist: str) -> bool:
    """Whether one plays with others in a playlist."""
    return playlist not in DUELS

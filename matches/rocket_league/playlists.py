"""Which playlist a replay is of: from the playlist's number, the kind of match and the map, as a replay tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OTHER = "other"

BY_NUMBER: Mapping[int, str] = {
    1: "unranked-duels",
    2: "unranked-doubles",
    3: "unranked-standard",
    4: "unranked-chaos",
    6: "private",
    7: "season",
    8: "offline",
    10: "ranked-duels",
    11: "ranked-doubles",
    13: "ranked-standard",
    15: "ranked-snowday",
    17: "ranked-hoops",
    18: "ranked-rumble",
    22: "tournament",
    23: "ranked-dropshot",
    24: "offline",
    27: "ranked-hoops",
    28: "ranked-rumble",
    29: "ranked-dropshot",
    30: "ranked-snowday",
    34: "tournament",
}
"""The game's own numbers of playlists; casual hoops counts as hoops. Others are modes such as heatseeker."""

UNRANKED = {1: "unranked-duels", 2: "unranked-doubles", 3: "unranked-standard", 4: "unranked-chaos"}

MAPS_OF_MODES = {"hoopsstadium": "ranked-hoops", "hoopsstreet": "ranked-hoops", "shattershot": "ranked-dropshot"}
"""Maps that no other mode is played on, by the beginning of their code."""

CLASSES_OF_MODES = {
    "hoops": "ranked-hoops",
    "rumble": "ranked-rumble",
    "breakout": "ranked-dropshot",
    "hockey": "ranked-snowday",
}
"""What the class of a match, or the object that stands for the mode, has in its name."""


def playlist_of(game_type: Mapping[str, Any], headers: Mapping[str, Any]) -> str:
    """A value of Playlist. Older replays have no number: casual by team size, private and offline by kind of match."""
    number = game_type.get("playlist_id")
    if number is None:
        named = _by_kind(str(headers.get("MatchType") or ""), int(headers.get("TeamSize") or 0))
    else:
        named = BY_NUMBER.get(int(number), OTHER)
    return _by_mode(game_type, headers) or named


def _by_kind(kind: str, team_size: int) -> str:
    kinds = {"Private": "private", "Season": "season", "Offline": "offline", "Tournament": "tournament"}
    return kinds.get(kind) or (UNRANKED.get(team_size, OTHER) if kind == "Online" else OTHER)


def _by_mode(game_type: Mapping[str, Any], headers: Mapping[str, Any]) -> str | None:
    """Modes that aren't soccar, where map or class give them away: private hoops is hoops, not soccar."""
    code = str(headers.get("MapName", "")).lower()
    by_map = next((mode for begin, mode in MAPS_OF_MODES.items() if code.startswith(begin)), None)
    told = str(game_type.get("match_type_class") or "").lower()
    return by_map or next((mode for part, mode in CLASSES_OF_MODES.items() if part in told), None)

"""What a recording says of each player, under ballchasing's names.

Percentages are 0..100, boost 0..100, lengths uu, speeds uu/s, times seconds. What has no meaning in a match is left
out: places among team-mates where there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matches.rocket_league.recording import Recording
from matches.rocket_league.statistics import core, movement

SHORT_SHARE = 0.25
"""Of the match's duration; who was there for less is not measured."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One player's part in a match, ready to be kept."""

    side: str
    platform: str
    platform_id: str
    name: str
    is_bot: bool
    is_short: bool
    seconds: float
    won: bool | None
    statistics: dict[str, float]


def statistics_of(recording: Recording) -> tuple[Part, ...]:
    """Everybody's part, in the order of the recording's players."""
    return tuple(_part(recording, place) for place in range(len(recording.tracks.players)))


def _part(recording: Recording, place: int) -> Part:
    player = recording.tracks.players[place]
    seconds = float(recording.steps[presence(recording, place)].sum())
    counted = {"duration": round(recording.duration)} | core.of(recording, place) | movement.of(recording, place)
    won = None if recording.won_by is None else recording.won_by == player.side
    return Part(
        side=player.side,
        platform=player.platform,
        platform_id=player.platform_id,
        name=player.name,
        is_bot=player.is_bot,
        is_short=seconds < SHORT_SHARE * recording.duration,
        seconds=round(seconds, 2),
        won=won,
        statistics={name: round(float(value), 4) for name, value in counted.items()},
    )


def presence(recording: Recording, place: int) -> np.ndarray:
    """(n,) bool: from the first frame of their first car to the last of their last one."""
    frames = np.flatnonzero(~np.isnan(recording.tracks.players[place].position[:, 0]))
    present = np.zeros(len(recording.steps), dtype=bool)
    if frames.size:
        present[frames[0] : frames[-1] + 1] = True
    return present

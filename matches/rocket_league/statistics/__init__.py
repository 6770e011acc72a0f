"""What a recording says of each player, under ballchasing's names.

Percentages are 0..100, boost 0..100, lengths uu, speeds uu/s, times seconds. What has no meaning in a match is left
out: places among team-mates where there are none.

The rules were found by comparing with ballchasing's figures of the same replays: docs/replays.md tells them, and how
near they come.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite

from matches.rocket_league.recording import Recording
from matches.rocket_league.statistics import boost, core, demolitions, movement, positioning
from matches.rocket_league.statistics.presence import seconds_present

SHORT_SHARE = 0.25
"""Of the match's duration; who was there for less is not measured."""

GROUPS = (core.of, boost.of, movement.of, positioning.of, demolitions.of)


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
    seconds = seconds_present(recording, place)
    counted: dict[str, float] = {"duration": floor(recording.duration)}
    for group in GROUPS:
        counted |= group(recording, place)
    return Part(
        side=player.side,
        platform=player.platform,
        platform_id=player.platform_id,
        name=player.name,
        is_bot=player.is_bot,
        is_short=seconds < SHORT_SHARE * recording.duration,
        seconds=round(seconds, 2),
        won=None if recording.won_by is None else recording.won_by == player.side,
        statistics={name: round(float(value), 4) for name, value in counted.items() if isfinite(value)},
    )

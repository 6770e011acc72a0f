"""A replay in memory: the tracks of a match, and what else statistics are counted from. Knows no parser, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from matches.rocket_league.tracks import BLUE, ORANGE

if TYPE_CHECKING:
    from matches.rocket_league.tracks import Tracks


@dataclass(frozen=True, kw_only=True)
class ScoreLine:
    """A player's line on the scoreboard; `score` is None where the recording ended after they had left."""

    goals: int = 0
    assists: int = 0
    saves: int = 0
    shots: int = 0
    score: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Pickups:
    """Boost pads that were driven over, in order of time: k of them, all arrays (k,)."""

    frame: np.ndarray
    player: np.ndarray
    """Place among the tracks' players."""
    pad: np.ndarray
    """Which pad: place among the map's."""
    is_big: np.ndarray
    y: np.ndarray
    """Where the pad is along the pitch, uu: blue defends -y."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """What one replay file tells. Frames are those of `tracks`, players in the same order everywhere."""

    guid: str
    played_at: datetime | None
    playlist: str
    team_size: int
    map_code: str
    is_overtime: bool
    score: tuple[int, int]
    """Goals of blue and of orange, as the scoreboard says at the end."""
    winner: str | None
    """blue or orange as the file names it; None where it does not, or nobody won."""
    tracks: Tracks
    steps: np.ndarray
    """(n,) seconds that each frame stands for: until the next one, 0 before a goal's replay that was not recorded."""
    is_countdown: np.ndarray
    """(n,) bool: the three seconds before a kick-off, with the cars held."""
    is_waiting: np.ndarray
    """(n,) bool: from the cars being put in place for a kick-off until it begins; the countdown is the end of it."""
    last_touch: np.ndarray
    """(n,) the side that touched the ball last: 0 blue, 1 orange, -1 nobody yet."""
    sliding: tuple[np.ndarray, ...]
    """Per player (n,) bool: the powerslide button is held."""
    lines: tuple[ScoreLine, ...]
    pickups: Pickups

    @property
    def duration(self) -> float:
        """Seconds recorded, countdowns and celebrations too, the replays of goals not: ballchasing's duration."""
        return float(self.steps.sum())

    def goals_of(self, side: str) -> int:
        return self.score[0 if side == BLUE else 1]

    @property
    def won_by(self) -> str | None:
        """The side that won; None for a draw."""
        if self.winner:
            return self.winner
        blue, orange = self.score
        return None if blue == orange else BLUE if blue > orange else ORANGE

    def touched_last(self, side: str) -> np.ndarray:
        """(n,) bool: the ball is a side's, by having touched it last."""
        return np.asarray(self.last_touch == (0 if side == BLUE else 1))

    def places(self, side: str) -> list[int]:
        """Players of a side, as places among all."""
        return [place for place, player in enumerate(self.tracks.players) if player.side == side]

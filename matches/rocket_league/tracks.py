"""Where everything was, frame by frame: what statistics are counted from and the viewer draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

BLUE, ORANGE = "blue", "orange"


@dataclass(frozen=True, kw_only=True, eq=False)
class PlayerTrack:
    """One player over the n frames of a match; NaN where they have no car (demolished, not joined, gone)."""

    name: str
    side: str
    platform: str
    platform_id: str
    is_bot: bool
    position: np.ndarray
    """(n, 3) uu."""
    velocity: np.ndarray
    """(n, 3) uu/s."""
    rotation: np.ndarray
    """(n, 4) unit quaternion x, y, z, w."""
    boost: np.ndarray
    """(n,) 0..100."""
    is_boosting: np.ndarray
    """(n,) bool."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A goal at a frame, by a side; `scorer` is the place among the tracks' players, None where nobody is named."""

    frame: int
    side: str
    scorer: int | None


@dataclass(frozen=True, kw_only=True)
class Demolition:
    """A car blown up at a frame; places among the tracks' players."""

    frame: int
    attacker: int
    victim: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracks:
    """A match of n frames. Blue attacks +y. Lengths in unreal units (uu, about a centimetre), times in seconds."""

    times: np.ndarray
    """(n,) seconds since the recording began, ascending."""
    clock: np.ndarray
    """(n,) seconds that the match's clock shows; counts up in overtime."""
    is_live: np.ndarray
    """(n,) bool: the ball is in play; neither a countdown nor the celebration of a goal."""
    ball: np.ndarray
    """(n, 3) uu; NaN where there is none."""
    ball_velocity: np.ndarray
    """(n, 3) uu/s."""
    players: tuple[PlayerTrack, ...]
    goals: tuple[Goal, ...]
    demolitions: tuple[Demolition, ...]

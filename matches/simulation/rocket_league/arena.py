"""The arena of invented matches: its size, where cars begin and where boost lies. Lengths in uu; blue attacks +y."""

from __future__ import annotations

import math
from collections import defaultdict

RATE = 10
"""Steps a second of an invented match: as many as the viewer shows."""

STEP = 1 / RATE
GRAVITY = 650.0
"""uu/s²."""

HALF_WIDTH, HALF_LENGTH, CEILING = 4096.0, 5120.0, 2044.0
CORNER = 8064.0
"""Walls across the corners: |x| + |y| is no more than this."""

GOAL_HALF_WIDTH, GOAL_HEIGHT, GOAL_DEPTH = 893.0, 642.0, 880.0

KICK_OFF_SPOTS = ((-2048.0, -2560.0), (2048.0, -2560.0), (-256.0, -3840.0), (256.0, -3840.0), (0.0, -4608.0))
"""Blue's; orange's lie opposite, through the centre. Cars face the ball."""

RESPAWN_SPOTS = ((-2304.0, -4608.0), (-2688.0, -4608.0), (2304.0, -4608.0), (2688.0, -4608.0))
"""Blue's, facing up the pitch: where a car comes back that was blown up."""

BIG_PADS = tuple((x * a, y) for x, y in ((3584.0, 0.0), (3072.0, 4096.0), (3072.0, -4096.0)) for a in (1, -1))
_HALF_OF_SMALL_PADS = (
    *((0.0, 4240.0), (1792.0, 4184.0), (-1792.0, 4184.0), (940.0, 3308.0), (-940.0, 3308.0), (0.0, 2816.0)),
    *((3584.0, 2484.0), (-3584.0, 2484.0), (1788.0, 2300.0), (-1788.0, 2300.0)),
    *((2048.0, 1036.0), (-2048.0, 1036.0), (0.0, 1024.0)),
)
SMALL_PADS = (*((x, y * a) for a in (1, -1) for x, y in _HALF_OF_SMALL_PADS), (1024.0, 0.0), (-1024.0, 0.0))

_BIG_REACH, _SMALL_REACH = 208.0, 160.0
_BIG_REST, _SMALL_REST = 10 * RATE, 4 * RATE
_BIG_BOOST, _SMALL_BOOST = 100.0, 12.0
_CELL = 256.0
"""Pads are looked up by squares of this side, so that a step need not look at all of them."""


def within(value: float, lowest: float, highest: float) -> float:
    return lowest if value < lowest else highest if value > highest else value


class Pads:
    """Which boost pads are full."""

    def __init__(self) -> None:
        self._pads = [(x, y, True) for x, y in BIG_PADS] + [(x, y, False) for x, y in SMALL_PADS]
        self._full_from = [0] * len(self._pads)
        self._near: dict[tuple[int, int], list[int]] = defaultdict(list)
        for place, (x, y, _) in enumerate(self._pads):
            for right in (-1, 0, 1):
                for up in (-1, 0, 1):
                    self._near[int(x // _CELL) + right, int(y // _CELL) + up].append(place)

    def boost_at(self, x: float, y: float, frame: int) -> float:
        """What a car takes here: 100, 12 or nothing. A pad that was taken is empty for ten or four seconds."""
        for place in self._near.get((int(x // _CELL), int(y // _CELL)), ()):
            pad_x, pad_y, is_big = self._pads[place]
            reach = _BIG_REACH if is_big else _SMALL_REACH
            if self._full_from[place] <= frame and math.hypot(x - pad_x, y - pad_y) < reach:
                self._full_from[place] = frame + (_BIG_REST if is_big else _SMALL_REST)
                return _BIG_BOOST if is_big else _SMALL_BOOST
        return 0.0

    def fill(self) -> None:
        """As at every kick-off."""
        self._full_from = [0] * len(self._pads)

"""A car of an invented match: it turns, speeds up, boosts, jumps, and takes boost from pads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from matches.simulation.rocket_league.arena import CORNER, GRAVITY, HALF_LENGTH, HALF_WIDTH, STEP, Pads, within

RESTING_HEIGHT = 17.0
FASTEST, FASTEST_WITHOUT_BOOST = 2300.0, 1410.0
"""uu/s."""

THROTTLE, BOOST, BRAKE, COAST = 1600.0, 992.0, 3500.0, 500.0
"""uu/s²; the throttle's falls to nothing at the fastest speed without boost."""

BOOST_USED = 33.3
"""Of 100, a second."""

START_BOOST = 100 / 3
SHARPEST = 2.6
"""rad/s, at any speed."""

HIGHEST_JUMP = 1050.0
"""uu/s upwards, of a double jump with boost."""

_EDGE = 70.0
_STRAIGHT = 0.4
"""Radians between nose and target within which boost is used."""

_SLOWEST_TURN = 450.0


class Role(Enum):
    CHASE = "goes for the ball"
    SUPPORT = "follows behind for a pass or a rebound"
    LAST = "stays between ball and goal"


@dataclass(slots=True)
class Car:
    """Position in uu, yaw in radians (0 towards +x), speeds in uu/s, boost 0..100. `forward`: 1 blue, -1 orange."""

    place: int
    forward: int
    x: float = 0.0
    y: float = 0.0
    z: float = RESTING_HEIGHT
    yaw: float = 0.0
    speed: float = 0.0
    rise: float = 0.0
    boost: float = START_BOOST
    is_boosting: bool = False
    role: Role = Role.LAST
    rests_until: int = 0
    """Frame: having touched the ball, they let others go first."""
    gone_until: int = 0
    """Frame: blown up until then."""

    def put(self, spot: tuple[float, float], *, yaw: float) -> None:
        """Stand at one of blue's spots, or opposite it, with a third of a tank."""
        self.x, self.y, self.z = spot[0] * self.forward, spot[1] * self.forward, RESTING_HEIGHT
        self.yaw = yaw if self.forward > 0 else yaw + math.pi
        self.speed = self.rise = 0.0
        self.boost, self.is_boosting = START_BOOST, False

    def distance(self, x: float, y: float) -> float:
        return math.hypot(x - self.x, y - self.y)

    def drive(self, x: float, y: float, wanted: float) -> None:
        """One step towards a place, at the speed wanted as far as turning and boost allow."""
        off = math.remainder(math.atan2(y - self.y, x - self.x) - self.yaw, math.tau)
        if self.z <= RESTING_HEIGHT:
            self._turn(off)
            self._speed_up(min(wanted, _fastest_round(off, self.distance(x, y))), is_straight=abs(off) < _STRAIGHT)
        else:
            self.is_boosting = self.boost > 0 and self.rise > 0
            self._burn()
        self.x += self.speed * math.cos(self.yaw) * STEP
        self.y += self.speed * math.sin(self.yaw) * STEP
        self._fall()
        self._stay_inside()

    def jump(self, *, to: float, seconds: float) -> None:
        """Off the ground so as to be at a height after so long."""
        self.rise = within((to - self.z) / seconds + GRAVITY * seconds / 2, 0.0, HIGHEST_JUMP)
        self.speed = min(self.speed, math.sqrt(FASTEST**2 - self.rise**2))

    def collect(self, pads: Pads, frame: int) -> None:
        if self.boost < 100 and self.z < 150:
            self.boost = min(100.0, self.boost + pads.boost_at(self.x, self.y, frame))

    def _turn(self, off: float) -> None:
        sharpest = min(SHARPEST, 0.3 + 0.0045 * self.speed) * STEP
        self.yaw = math.remainder(self.yaw + within(off, -sharpest, sharpest), math.tau)

    def _speed_up(self, wanted: float, *, is_straight: bool) -> None:
        self.is_boosting = is_straight and self.boost > 0 and self.speed + 50 < wanted > FASTEST_WITHOUT_BOOST
        self._burn()
        if self.speed > wanted:
            self.speed = max(wanted, self.speed - (BRAKE if wanted < FASTEST_WITHOUT_BOOST else COAST) * STEP)
            return
        push = THROTTLE * max(0.0, 1 - self.speed / (FASTEST_WITHOUT_BOOST * 1.04)) + BOOST * self.is_boosting
        self.speed = min(wanted, FASTEST, self.speed + push * STEP)

    def _burn(self) -> None:
        if self.is_boosting:
            self.boost = max(0.0, self.boost - BOOST_USED * STEP)

    def _fall(self) -> None:
        if self.z <= RESTING_HEIGHT and self.rise <= 0:
            return
        self.z += self.rise * STEP - GRAVITY * STEP**2 / 2
        self.rise -= GRAVITY * STEP
        if self.z <= RESTING_HEIGHT:
            self.z, self.rise = RESTING_HEIGHT, 0.0

    def _stay_inside(self) -> None:
        x = within(self.x, _EDGE - HALF_WIDTH, HALF_WIDTH - _EDGE)
        y = within(self.y, _EDGE - HALF_LENGTH, HALF_LENGTH - _EDGE)
        beyond = abs(x) + abs(y) - (CORNER - 2 * _EDGE)
        if beyond > 0:
            x -= math.copysign(beyond / 2, x)
            y -= math.copysign(beyond / 2, y)
        if (x, y) != (self.x, self.y):
            self.x, self.y = x, y
            self.speed *= 0.9


def _fastest_round(off: float, away: float) -> float:
    """uu/s at which a target so far away and so many radians to the side is not inside the turning circle."""
    if abs(off) < 0.1:
        return FASTEST
    across = abs(math.sin(off)) if abs(off) < math.pi / 2 else 1.0
    return max(_SLOWEST_TURN, 0.9 * away * SHARPEST / (2 * across))

"""The ball of an invented match: gravity, drag, bounces, and how hard to hit it to arrive somewhere."""

from __future__ import annotations

from dataclasses import dataclass

from matches.simulation.rocket_league.arena import (
    CEILING,
    CORNER,
    GOAL_DEPTH,
    GRAVITY,
    HALF_LENGTH,
    HALF_WIDTH,
    STEP,
    within,
)

RADIUS = 92.75
FASTEST = 6000.0
"""uu/s."""

KEPT = 1 - 0.03 * STEP
"""Of the velocity, after a step's drag."""

BOUNCE, ROLL = 0.6, 0.985
"""Of the velocity into a surface, after it; of the velocity along the floor, after a step on it."""

_RESTS_BELOW = 90.0


@dataclass(slots=True)
class Ball:
    """Position in uu, velocity in uu/s. `is_shot`: on its way into a goal, where nothing stops it."""

    x: float = 0.0
    y: float = 0.0
    z: float = RADIUS
    vx: float = 0.0
    vy: float = 0.0
    vz: float = 0.0
    is_shot: bool = False

    def roll(self) -> None:
        """One step on."""
        self.vx *= KEPT
        self.vy *= KEPT
        self.vz = self.vz * KEPT - GRAVITY * STEP
        self.x += self.vx * STEP
        self.y += self.vy * STEP
        self.z += self.vz * STEP
        self._stay_above_floor()
        if self.is_shot:
            self._stay_in_net()
        else:
            self._stay_inside()

    def hit(self, to: tuple[float, float, float], *, steps: int, fastest: float = FASTEST) -> None:
        """Leave for a place so that the ball is there after so many steps, if nothing is in its way.

        The velocity is what solves the steps of `roll`; a faster one than `fastest` is cut down, and falls short.
        """
        way = STEP * KEPT * (1 - KEPT**steps) / (1 - KEPT)
        fall = GRAVITY * STEP**2 / (1 - KEPT) * (steps - KEPT * (1 - KEPT**steps) / (1 - KEPT))
        velocity = ((to[0] - self.x) / way, (to[1] - self.y) / way, (to[2] - self.z + fall) / way)
        speed = sum(part**2 for part in velocity) ** 0.5
        share = min(1.0, fastest / max(speed, 1.0))
        self.vx, self.vy, self.vz = (part * share for part in velocity)

    def ahead(self, seconds: float) -> tuple[float, float, float]:
        """About where it will be, if nobody touches it."""
        edge_x, edge_y = HALF_WIDTH - RADIUS, HALF_LENGTH - RADIUS
        return (
            within(self.x + self.vx * seconds, -edge_x, edge_x),
            within(self.y + self.vy * seconds, -edge_y, edge_y),
            max(RADIUS, self.z + self.vz * seconds - GRAVITY * seconds**2 / 2),
        )

    def _stay_above_floor(self) -> None:
        if self.z <= RADIUS:
            self.z = RADIUS + (RADIUS - self.z) * BOUNCE
            self.vz = -self.vz * BOUNCE
            self.vx *= ROLL
            self.vy *= ROLL
            if self.vz < _RESTS_BELOW:
                self.z, self.vz = RADIUS, 0.0
        elif self.z > CEILING - RADIUS:
            self.z, self.vz = CEILING - RADIUS, -abs(self.vz) * BOUNCE

    def _stay_in_net(self) -> None:
        edge = HALF_LENGTH + GOAL_DEPTH - RADIUS
        if abs(self.y) > edge:
            self.y = within(self.y, -edge, edge)
            self.vx = self.vy = 0.0

    def _stay_inside(self) -> None:
        edge_x, edge_y = HALF_WIDTH - RADIUS, HALF_LENGTH - RADIUS
        if abs(self.x) > edge_x:
            self.x = within(self.x, -edge_x, edge_x)
            self.vx *= -BOUNCE
        if abs(self.y) > edge_y:
            self.y = within(self.y, -edge_y, edge_y)
            self.vy *= -BOUNCE
        beyond = abs(self.x) + abs(self.y) - (CORNER - RADIUS * 2**0.5)
        if beyond > 0:
            self._leave_corner(beyond)

    def _leave_corner(self, beyond: float) -> None:
        """Back out of the wall across a corner, whose normal lies half-way between the axes."""
        side_x, side_y = (1 if self.x > 0 else -1), (1 if self.y > 0 else -1)
        self.x -= side_x * beyond / 2
        self.y -= side_y * beyond / 2
        into = (self.vx * side_x + self.vy * side_y) / 2
        if into > 0:
            self.vx -= side_x * into * (1 + BOUNCE)
            self.vy -= side_y * into * (1 + BOUNCE)

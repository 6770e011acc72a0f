"""An invented match, played step by step: cars and ball move by simple rules, goals and demolitions as scheduled."""

from __future__ import annotations

import math

import numpy as np

from matches.rocket_league.tracks import Demolition
from matches.simulation.rocket_league import tactics
from matches.simulation.rocket_league.arena import KICK_OFF_SPOTS, RATE, RESPAWN_SPOTS, Pads
from matches.simulation.rocket_league.ball import Ball
from matches.simulation.rocket_league.cars import FASTEST, Car, Role
from matches.simulation.rocket_league.schedule import Hunt, Period, Schedule

CATCH = 230.0
"""uu at which a hunter blows up the car it follows."""

RESPAWN = 3 * RATE
RESTS = round(1.6 * RATE)
BETWEEN_TOUCHES = 4
RUN_UP, LONGEST_RUN_UP = 6 * RATE, 9 * RATE
"""Steps before a goal: when its scorer should be at the ball, and goes for it at the earliest."""

LAST_CHANCE = 8
"""Steps before the last period's end in which demolitions that are due are made up for."""

SPEED_OF_RUN_UP = 60.0
"""uu a step that a scorer may be expected to come nearer to the ball."""

PASSES_UNTIL = 5 * RATE
STAYS_UP = 12 * RATE
"""Steps before a goal in which its scorer is not blown up."""

THINKS_EVERY = 3
GONE = (math.nan,) * 6 + (0.0,)
NO_BALL = (math.nan,) * 6
SEEN_AFTER_GOAL = 2
"""Steps that the ball is still seen for in the net."""


class Playing:
    """Plays a schedule; afterwards `cars_seen` and `balls_seen` have a row for each frame.

    A car's row: x, y, z, yaw, speed along the yaw, rise, boost (negative while it burns: -1 - boost).
    """

    def __init__(self, plan: Schedule, rng: np.random.Generator) -> None:
        self.plan = plan
        self.rng = rng
        self.frame = 0
        self.ball = Ball()
        self.pads = Pads()
        self.cars = [Car(place, 1 if place < plan.size else -1) for place in range(2 * plan.size)]
        self.teams = (self.cars[: plan.size], self.cars[plan.size :])
        self.pending = list(plan.hunts)
        self.demolitions: list[Demolition] = []
        self.first_touches: list[int] = []
        """Of each period; its end, if nobody touched the ball."""
        self.forced = 0
        """Goals and demolitions that had to happen with the car too far away to be seen to do it."""
        self.cars_seen: list[list[tuple[float, ...]]] = []
        self.balls_seen: list[tuple[float, ...]] = []
        self._touched_at = -BETWEEN_TOUCHES
        self._is_kick_off = True
        self._is_run_up = False

    def play(self) -> None:
        for period in self.plan.periods:
            self._line_up()
            while self.frame < period.live:
                self._remember()
            while self.frame < period.end:
                self._step(period)
                self._remember()
            if self._is_kick_off:
                self.first_touches.append(period.end)
            self._celebrate(period)

    def _line_up(self) -> None:
        spots = [KICK_OFF_SPOTS[n] for n in self.rng.choice(len(KICK_OFF_SPOTS), size=self.plan.size, replace=False)]
        for team in self.teams:
            for car, spot in zip(team, spots, strict=True):
                car.put(spot, yaw=math.atan2(-spot[1], -spot[0]))
                car.gone_until = car.rests_until = 0
        self.ball = Ball()
        self.pads.fill()
        self._is_kick_off = True
        self._is_run_up = False

    def _step(self, period: Period) -> None:
        self.ball.roll()
        scorer = self._scorer(period)
        if self.frame % THINKS_EVERY == 0 or self.frame == period.live:
            for team in self.teams:
                tactics.share_roles(team, self.ball, self.frame)
        hunts = self._hunts(period)
        for car in self.cars:
            if car.gone_until > self.frame:
                continue
            if 0 < car.gone_until == self.frame:
                self._respawn(car)
            self._drive(car, scorer, hunts.get(car.place))
            car.collect(self.pads, self.frame)
        self._demolish(hunts, is_last_chance=self._is_last_chance(period))
        self._touch(period, scorer)

    def _scorer(self, period: Period) -> Car | None:
        """Who is about to score."""
        if period.scorer is None or self._is_kick_off:
            return None
        scorer, left = self.cars[period.scorer], period.end - self.frame
        needed = RUN_UP + scorer.distance(self.ball.x, self.ball.y) / SPEED_OF_RUN_UP
        self._is_run_up = self._is_run_up or left <= min(needed, LONGEST_RUN_UP)
        return scorer if self._is_run_up else None

    # ---- Driving ----

    def _drive(self, car: Car, scorer: Car | None, prey: Car | None) -> None:
        car.drive(*self._destination(car, scorer, prey))
        if car.role is Role.CHASE and prey is None and self._may_touch(car, scorer):
            tactics.leap(car, self.ball)

    def _destination(self, car: Car, scorer: Car | None, prey: Car | None) -> tactics.Target:
        if car is scorer and not self.ball.is_shot:
            car.role = Role.CHASE
            return tactics.run_up(car, self.ball)
        if prey is not None:
            ahead = min(0.8, car.distance(prey.x, prey.y) / FASTEST) * prey.speed
            return prey.x + ahead * math.cos(prey.yaw), prey.y + ahead * math.sin(prey.yaw), FASTEST
        if self._is_kick_off and car.role is Role.CHASE:
            return 0.0, 0.0, FASTEST
        if scorer is not None and car.role is Role.CHASE:
            is_mate = car.forward == scorer.forward
            return tactics.support(car, self.ball) if is_mate else tactics.block(car, self.ball)
        return tactics.destination(car, self.ball)

    def _respawn(self, car: Car) -> None:
        car.put(RESPAWN_SPOTS[int(self.rng.integers(len(RESPAWN_SPOTS)))], yaw=math.pi / 2)
        car.gone_until = 0

    # ---- The ball ----

    def _may_touch(self, car: Car, scorer: Car | None) -> bool:
        return scorer is None or car is scorer or car.forward == scorer.forward

    def _touch(self, period: Period, scorer: Car | None) -> None:
        left = period.end - self.frame
        if self.ball.is_shot:
            return
        if scorer is not None and left <= tactics.steps_at_least(self.ball, scorer.forward):
            self.forced += not tactics.touches(scorer, self.ball)
            tactics.shoot(scorer, self.ball, left, self.rng)
            return
        if self.frame < self._touched_at + BETWEEN_TOUCHES:
            return
        near = [c for c in self.cars if c.gone_until <= self.frame and self._may_touch(c, scorer)]
        near = [car for car in near if tactics.touches(car, self.ball)]
        if scorer is not None and scorer in near:
            self._hit(scorer, scorer, left)
        elif near:
            self._hit(tactics.nearest(near, self.ball.x, self.ball.y), scorer, left)

    def _hit(self, car: Car, scorer: Car | None, left: int) -> None:
        if self._is_kick_off:
            self._is_kick_off = False
            self.first_touches.append(self.frame)
            tactics.kick_off(car, self.ball, self.rng)
            tactics.keep_out(self.ball)
        elif scorer is None:
            tactics.play_on(car, self.ball, self.rng)
            tactics.keep_out(self.ball)
        elif car is not scorer:
            if left < PASSES_UNTIL:
                return
            tactics.cross(car, scorer, self.ball)
        elif left <= tactics.steps_to_score(self.ball, car.forward):
            tactics.shoot(car, self.ball, left, self.rng)
        else:
            tactics.dribble(car, self.ball, left)
        self._touched_at = self.frame
        car.rests_until = self.frame + RESTS

    # ---- Demolitions ----

    def _hunts(self, period: Period) -> dict[int, Car]:
        """Who goes for whom: each attacker's earliest demolition that is due."""
        found: dict[int, Car] = {}
        for hunt in self.pending:
            if hunt.frame > self.frame:
                break
            if hunt.attacker not in found and self._is_open(hunt, period):
                found[hunt.attacker] = self.cars[hunt.victim]
        return found

    def _is_open(self, hunt: Hunt, period: Period) -> bool:
        if self._is_kick_off or max(self.cars[n].gone_until for n in (hunt.attacker, hunt.victim)) > self.frame:
            return False
        is_goal_near = self.frame > period.end - STAYS_UP
        return not (is_goal_near and period.scorer in (hunt.attacker, hunt.victim))

    def _is_last_chance(self, period: Period) -> bool:
        """Late in the last period, or in a short one that is the last: what is due happens now."""
        return period is self.plan.periods[-1] and self.frame >= period.end - LAST_CHANCE

    def _demolish(self, hunts: dict[int, Car], *, is_last_chance: bool) -> None:
        for attacker, victim in hunts.items():
            if self.cars[attacker].distance(victim.x, victim.y) < CATCH and victim.gone_until <= self.frame:
                self._blow_up(attacker, victim)
        if is_last_chance and self.pending:
            self._catch_up()

    def _catch_up(self) -> None:
        for hunt in self.pending[:]:
            victim = self.cars[hunt.victim]
            if victim.gone_until <= self.frame:
                self.forced += 1
                self._blow_up(hunt.attacker, victim)

    def _blow_up(self, attacker: int, victim: Car) -> None:
        done = next(h for h in self.pending if (h.attacker, h.victim) == (attacker, victim.place))
        self.pending.remove(done)
        victim.gone_until = self.frame + RESPAWN
        self.demolitions.append(Demolition(frame=self.frame, attacker=attacker, victim=victim.place))

    # ---- After a goal, and what is seen ----

    def _celebrate(self, period: Period) -> None:
        """Cars roll out in wide turns until the next kick-off; the ball is gone soon after a goal."""
        while self.frame < period.until:
            self.ball.roll()
            for car in self.cars:
                bend = car.yaw + (0.8 if car.place % 2 else -0.8)
                car.drive(car.x + 900 * math.cos(bend), car.y + 900 * math.sin(bend), 900.0)
            has_ball = period.scorer is None or self.frame < period.end + SEEN_AFTER_GOAL
            self._remember(has_ball=has_ball)

    def _remember(self, *, has_ball: bool = True) -> None:
        ball = self.ball
        self.balls_seen.append((ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz) if has_ball else NO_BALL)
        self.cars_seen.append([GONE if car.gone_until > self.frame else _seen(car) for car in self.cars])
        self.frame += 1


def _seen(car: Car) -> tuple[float, ...]:
    boost = -1 - car.boost if car.is_boosting else car.boost
    return car.x, car.y, car.z, car.yaw, car.speed, car.rise, boost

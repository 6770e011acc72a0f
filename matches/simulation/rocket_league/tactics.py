"""Where the cars of an invented match go, and where they hit the ball: simple rules, enough to look like a match.

The nearest of a team who is on the right side of the ball goes for it; the next follows; the last stays back. Whoever
has touched it goes home by a boost pad, which makes the team rotate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from matches.simulation.rocket_league.arena import BIG_PADS, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH, STEP, within
from matches.simulation.rocket_league.ball import RADIUS, Ball
from matches.simulation.rocket_league.cars import FASTEST, FASTEST_WITHOUT_BOOST, RESTING_HEIGHT, Car, Role

Target = tuple[float, float, float]
"""x, y and the speed wanted."""

REACH, REACH_UPWARDS = 205.0, 190.0
"""uu between the middles of car and ball at which they touch; a step at full speed is as long."""

EMPTY = 35.0
"""Of boost: with less, whoever isn't needed looks for a pad."""

BEFORE_GOAL, STEPS_OF_SHOT = 2300.0, 18
"""uu from the goal, and steps before a goal, from where and when it is best shot."""

_WRONG_SIDE, _TIRED = 1800.0, 3000.0
"""uu by which a car counts as farther away: in front of the ball; having just touched it."""

_ROLES = {1: (Role.CHASE,), 2: (Role.CHASE, Role.LAST), 3: (Role.CHASE, Role.SUPPORT, Role.LAST)}


def share_roles(team: Iterable[Car], ball: Ball, frame: int) -> None:
    """Of those who have a car."""
    there = sorted((car for car in team if car.gone_until <= frame), key=lambda car: _farness(car, ball, frame))
    for car, role in zip(there, _ROLES.get(len(there), ()), strict=True):
        car.role = role


def _farness(car: Car, ball: Ball, frame: int) -> float:
    is_ahead = car.forward * (car.y - ball.y) > 200
    return car.distance(ball.x, ball.y) + _WRONG_SIDE * is_ahead + _TIRED * (frame < car.rests_until)


def destination(car: Car, ball: Ball) -> Target:
    """Where a car wants to be, by its role."""
    if car.role is Role.CHASE:
        return chase(car, ball)
    if car.boost < EMPTY and (pad := _pad_for(car, ball)):
        return (*pad, FASTEST_WITHOUT_BOOST)
    return support(car, ball) if car.role is Role.SUPPORT else shadow(car, ball)


def chase(car: Car, ball: Ball) -> Target:
    """To where the ball will be; around it where the car would push it home."""
    away = car.distance(ball.x, ball.y)
    x, y, _ = run_up(car, ball)
    if car.forward * (car.y - y) > 0 and away < 1600:
        side = 500.0 if car.x > x else -500.0
        return within(x + side, 300 - HALF_WIDTH, HALF_WIDTH - 300), y - car.forward * 700, 1300.0
    return x, y - car.forward * 70, FASTEST if away > 1200 else max(FASTEST_WITHOUT_BOOST, car.speed)


def run_up(car: Car, ball: Ball) -> Target:
    """Straight to the ball, with all there is."""
    x, y, _ = ball.ahead(min(1.2, car.distance(ball.x, ball.y) / max(car.speed, 1100.0)))
    return x, y, FASTEST


def support(car: Car, ball: Ball) -> Target:
    """Behind the ball, towards the middle."""
    x, y, _ = ball.ahead(0.5)
    return _calmly(car, 0.35 * x, within(y - car.forward * 2000, -4500, 4500))


def shadow(car: Car, ball: Ball) -> Target:
    """Between the ball and the own goal; nearer to the goal, the nearer the ball is."""
    x, y, _ = ball.ahead(0.4)
    goal = -car.forward * HALF_LENGTH
    return _calmly(car, 0.4 * x + _own_lane(car), within(0.4 * y + 0.6 * goal, -4800, 4800))


def block(car: Car, ball: Ball) -> Target:
    """On the line from the ball to the own goal, backing off."""
    goal = -car.forward * HALF_LENGTH
    return _calmly(car, 0.6 * ball.x + _own_lane(car), within(ball.y + (goal - ball.y) * 0.55, -4900, 4900))


def _own_lane(car: Car) -> float:
    """uu to a side, so that mates with one idea don't stand in one place."""
    return 450.0 * (car.place % 3 - 1)


def _calmly(car: Car, x: float, y: float) -> Target:
    return x, y, within(0.9 * car.distance(x, y), 350, 1900 if car.boost > 60 else FASTEST_WITHOUT_BOOST)


def _pad_for(car: Car, ball: Ball) -> tuple[float, float] | None:
    """The nearest big pad on the own side of the ball."""
    behind = [pad for pad in BIG_PADS if car.forward * (pad[1] - ball.y) < 300]
    return min(behind, key=lambda pad: car.distance(*pad), default=None)


def leap(car: Car, ball: Ball) -> None:
    """Jump where that meets a ball in the air in less than a second."""
    if car.z > RESTING_HEIGHT or ball.z < REACH_UPWARDS + 40 or car.speed < 500:
        return
    seconds = car.distance(ball.x, ball.y) / max(car.speed, 900.0)
    if not 0.15 < seconds < 0.75:
        return
    x, y, height = ball.ahead(seconds)
    off = math.remainder(math.atan2(y - car.y, x - car.x) - car.yaw, math.tau)
    if height < 850 and abs(off) < 0.35:
        car.jump(to=height, seconds=seconds)


def touches(car: Car, ball: Ball) -> bool:
    return abs(ball.z - car.z) < REACH_UPWARDS and car.distance(ball.x, ball.y) < REACH


def play_on(car: Car, ball: Ball, rng: np.random.Generator) -> None:
    """A touch in open play: up the pitch, past the goal or into the middle before it."""
    luck, aside = float(rng.random()), float(rng.uniform(-1, 1))
    gone = car.forward * ball.y
    if gone < 1800:
        far = gone + float(rng.uniform(1600, 5200))
        to = (within(ball.x + aside * 3200, -3300, 3300), car.forward * min(far, 4300.0), 95.0)
    elif luck < 0.5:
        wide = math.copysign(float(rng.uniform(GOAL_HALF_WIDTH + 250, 2500)), aside)
        to = (wide, car.forward * (HALF_LENGTH - RADIUS), float(rng.uniform(150, 900)))
    else:
        to = (aside * 1500, car.forward * float(rng.uniform(2600, 3900)), float(rng.uniform(100, 500)))
    steps = max(6, round(math.hypot(to[0] - ball.x, to[1] - ball.y) / float(rng.uniform(150, 260))))
    ball.hit(to, steps=min(steps, 22), fastest=3600)
    ball.vz *= float(rng.choice((0.25, 0.7, 1.0)))


def keep_out(ball: Ball) -> None:
    """Turn a ball that nobody is to score with aside, where it would go between the posts."""
    if not ball.vy or not _goes_in(ball, ball.vx):
        return
    turns = (aside * sign for aside in range(150, 2000, 150) for sign in (1, -1))
    ball.vx = next((ball.vx + turn for turn in turns if not _goes_in(ball, ball.vx + turn)), ball.vx)


def _goes_in(ball: Ball, vx: float) -> bool:
    """Whether the ball leaves the pitch between the posts, straight or off a side wall."""
    seconds = (math.copysign(HALF_LENGTH, ball.vy) - ball.y) / ball.vy
    edge = HALF_WIDTH - RADIUS
    x = (ball.x + vx * seconds + edge) % (4 * edge)
    return abs((x if x < 2 * edge else 4 * edge - x) - edge) < GOAL_HALF_WIDTH + 2 * RADIUS


def kick_off(car: Car, ball: Ball, rng: np.random.Generator) -> None:
    """The first touch sends the ball anywhere, most often to a side."""
    to = (float(rng.choice((-1, 1)) * rng.uniform(700, 3300)), car.forward * float(rng.normal(1200, 1800)), 95.0)
    ball.hit(to, steps=int(rng.integers(13, 20)))


def dribble(car: Car, ball: Ball, left: int) -> None:
    """A soft touch, to stay with the ball and have it before the goal when it is time to shoot."""
    x, y = 0.4 * ball.x, car.forward * (HALF_LENGTH - BEFORE_GOAL)
    away = max(1.0, math.hypot(x - ball.x, y - ball.y))
    speed = min(1050.0, away / (max(left - STEPS_OF_SHOT, 5) * STEP), car.speed + 250)
    ball.vx, ball.vy, ball.vz = (x - ball.x) / away * speed, (y - ball.y) / away * speed, 60.0


def cross(car: Car, scorer: Car, ball: Ball) -> None:
    """To where a mate, who is about to score, can run on to it."""
    goal_y = car.forward * HALF_LENGTH
    to = (0.7 * scorer.x, within(scorer.y + 0.35 * (goal_y - scorer.y), -4000, 4000), 95.0)
    ball.hit(to, steps=13, fastest=3000)


def shoot(car: Car, ball: Ball, steps: int, rng: np.random.Generator) -> None:
    """Into the net after so many steps."""
    room = GOAL_HALF_WIDTH - RADIUS - 40
    to = (float(rng.uniform(-room, room)), car.forward * (HALF_LENGTH + 40), float(rng.uniform(110, 420)))
    ball.hit(to, steps=max(1, steps))
    ball.is_shot = True


def steps_to_score(ball: Ball, forward: int) -> int:
    """How many steps before a goal it may be shot, from where the ball is: 1.2 to 2.4 seconds."""
    return round(within(_to_goal(ball, forward) / 120, 12, 24))


def steps_at_least(ball: Ball, forward: int) -> int:
    """How many steps before a goal it must be shot, wherever its scorer is: at up to 5,000 uu/s."""
    return max(5, math.ceil(_to_goal(ball, forward) / 500))


def _to_goal(ball: Ball, forward: int) -> float:
    return math.hypot(ball.x, forward * HALF_LENGTH - ball.y)


def nearest(cars: Sequence[Car], x: float, y: float) -> Car:
    return min(cars, key=lambda car: car.distance(x, y))

"""Speed, height and powerslides, over all frames with a car: countdowns and celebrations too."""

from __future__ import annotations

import numpy as np

from matches.rocket_league.recording import Recording
from matches.rocket_league.statistics.counting import mean_over, percent, seconds_of
from matches.rocket_league.statistics.presence import has_car

SUPERSONIC = 2200.0
BOOST_SPEED = 1410.0
TOP_SPEED = 2300.0
"""uu/s: no car drives faster."""

STANDING = 10.0
"""uu/s: slower cars stand, and are left out of the average speed."""

ABOVE_GROUND = 21.0
"""uu of height of a car's middle, which is 17 on four wheels: 20 in whole units is still on the ground."""

HIGH_AIR = 840.0

NEAR_GROUND = 40.0
"""uu: the button of the powerslide rolls the car when it is higher."""


def of(recording: Recording, place: int) -> dict[str, float]:
    player, steps = recording.tracks.players[place], recording.steps
    height, speed = player.position[:, 2], np.linalg.norm(player.velocity, axis=1)
    car = has_car(recording, place)
    speeds = {
        "slow_speed": seconds_of(car & (speed < BOOST_SPEED), steps),
        "boost_speed": seconds_of(car & (speed >= BOOST_SPEED) & (speed < SUPERSONIC), steps),
        "supersonic_speed": seconds_of(car & (speed >= SUPERSONIC), steps),
    }
    heights = {
        "ground": seconds_of(height < ABOVE_GROUND, steps),
        "low_air": seconds_of((height >= ABOVE_GROUND) & (height <= HIGH_AIR), steps),
        "high_air": seconds_of(height > HIGH_AIR, steps),
    }
    average = mean_over(np.where(speed > STANDING, speed, np.nan), steps) or 0.0
    counted = {
        "avg_speed": average,
        "total_distance": float((speed * steps)[car].sum()),
        "avg_speed_percentage": 100 * average / TOP_SPEED,
        **{f"time_{name}": value for name, value in {**speeds, **heights}.items()},
        **{f"percent_{name}": value for group in (speeds, heights) for name, value in percent(group).items()},
        **_powerslides(recording.sliding[place], height, steps),
    }
    return {f"movement_{name}": value for name, value in counted.items()}


def _powerslides(is_held: np.ndarray, height: np.ndarray, steps: np.ndarray) -> dict[str, float]:
    """Time on the ground with the button held; the button's presses that came near the ground."""
    near = is_held & (height <= NEAR_GROUND)
    press = np.cumsum(is_held & ~np.concatenate(([False], is_held[:-1])))
    count = len(np.unique(press[near]))
    seconds = seconds_of(is_held & (height < ABOVE_GROUND), steps)
    average = seconds / count if count else 0.0
    return {"time_powerslide": seconds, "count_powerslide": count, "avg_powerslide_duration": average}

"""Speed, height and powerslides."""

from __future__ import annotations

import numpy as np

from matches.rocket_league.recording import Recording
from matches.rocket_league.statistics.counting import percent, seconds_of

SUPERSONIC = 2200.0
BOOST_SPEED = 1410.0
TOP_SPEED = 2300.0
"""uu/s: no car drives faster."""

GROUND = 20.0
HIGH_AIR = 840.0
"""uu of height of a car's middle."""

SLIDING_BELOW = 40.0
"""uu: the button of the powerslide rolls the car in the air."""


def of(recording: Recording, place: int) -> dict[str, float]:
    """One player's movement, over all frames with a car."""
    player = recording.tracks.players[place]
    height = player.position[:, 2]
    has_car = ~np.isnan(height)
    speed = np.linalg.norm(player.velocity, axis=1)
    steps = recording.steps
    speeds = {
        "slow_speed": seconds_of(has_car & (speed < BOOST_SPEED), steps),
        "boost_speed": seconds_of(has_car & (speed >= BOOST_SPEED) & (speed < SUPERSONIC), steps),
        "supersonic_speed": seconds_of(has_car & (speed >= SUPERSONIC), steps),
    }
    heights = {
        "ground": seconds_of(has_car & (height <= GROUND), steps),
        "low_air": seconds_of(has_car & (height > GROUND) & (height <= HIGH_AIR), steps),
        "high_air": seconds_of(has_car & (height > HIGH_AIR), steps),
    }
    total = seconds_of(has_car, steps)
    average = float((speed[has_car] * steps[has_car]).sum()) / total if total else 0.0
    counted = {
        "avg_speed": average,
        "total_distance": average * total,
        "avg_speed_percentage": 100 * average / TOP_SPEED,
        **{f"time_{name}": value for name, value in {**speeds, **heights}.items()},
        **{f"percent_{name}": value for group in (speeds, heights) for name, value in percent(group).items()},
        **_powerslides(recording.sliding[place] & (height <= SLIDING_BELOW), steps),
    }
    return {f"movement_{name}": value for name, value in counted.items()}


def _powerslides(is_sliding: np.ndarray, steps: np.ndarray) -> dict[str, float]:
    begins = is_sliding & ~np.concatenate(([False], is_sliding[:-1]))
    seconds, count = seconds_of(is_sliding, steps), int(begins.sum())
    average = seconds / count if count else 0.0
    return {"time_powerslide": seconds, "count_powerslide": count, "avg_powerslide_duration": average}

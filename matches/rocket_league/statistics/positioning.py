"""Where on the pitch: thirds and halves, before or behind the ball, and among team-mates."""

from __future__ import annotations

import numpy as np

from matches.rocket_league.recording import Recording
from matches.rocket_league.statistics.counting import mean_over, percent, percent_of, seconds_of
from matches.rocket_league.statistics.presence import has_car, seconds_playing
from matches.rocket_league.tracks import BLUE, ORANGE

THIRD = 5120 * 2 / 3 / 2
"""uu from the middle line to a third's: a pitch is 2 times 5,120 long."""


def of(recording: Recording, place: int) -> dict[str, float]:
    counted = _areas(recording, place) | _distances(recording, place)
    mates = [mate for mate in recording.places(recording.tracks.players[place].side) if mate != place]
    if mates:
        counted |= _among_mates(recording, place, mates)
    return {f"positioning_{name}": value for name, value in counted.items()}


def _forward(recording: Recording, place: int) -> int:
    return 1 if recording.tracks.players[place].side == BLUE else -1


def _areas(recording: Recording, place: int) -> dict[str, float]:
    """Over all frames with a car, as the player's side attacks."""
    steps, forward = recording.steps, _forward(recording, place)
    own, ball = recording.tracks.players[place].position[:, 1] * forward, recording.tracks.ball[:, 1] * forward
    thirds = {
        "defensive_third": seconds_of(own < -THIRD, steps),
        "neutral_third": seconds_of(np.abs(own) <= THIRD, steps),
        "offensive_third": seconds_of(own > THIRD, steps),
    }
    halves = {"defensive_half": seconds_of(own < 0, steps), "offensive_half": seconds_of(own >= 0, steps)}
    sides = {"behind_ball": seconds_of(own < ball, steps), "infront_ball": seconds_of(own >= ball, steps)}
    return {
        **{f"time_{name}": value for name, value in {**thirds, **halves, **sides}.items()},
        **{f"percent_{name}": value for group in (thirds, halves, sides) for name, value in percent(group).items()},
    }


def _distances(recording: Recording, place: int) -> dict[str, float]:
    """From the ball, from kick-off to the end of the celebration; possession is the side's that touched last."""
    player = recording.tracks.players[place]
    distance = np.where(recording.is_waiting, np.nan, _apart(player.position, recording.tracks.ball))
    other = ORANGE if player.side == BLUE else BLUE
    named = {
        "avg_distance_to_ball": distance,
        "avg_distance_to_ball_possession": np.where(recording.touched_last(player.side), distance, np.nan),
        "avg_distance_to_ball_no_possession": np.where(recording.touched_last(other), distance, np.nan),
    }
    means = {name: mean_over(values, recording.steps) for name, values in named.items()}
    return {name: mean for name, mean in means.items() if mean is not None}


def _among_mates(recording: Recording, place: int, mates: list[int]) -> dict[str, float]:
    """Who is farthest back, nearest to the ball and so on, in playing time with a mate's car to be compared with."""
    forward = _forward(recording, place)
    players, ball = recording.tracks.players, recording.tracks.ball
    along = {other: players[other].position[:, 1] * forward for other in (place, *mates)}
    away = {other: _apart(players[other].position, ball) for other in (place, *mates)}
    steps = np.where(recording.is_countdown, 0.0, recording.steps)
    seconds = {
        "most_back": seconds_of(_is_least(along, place, mates), steps),
        "most_forward": seconds_of(_is_least(_turned(along), place, mates), steps),
        "closest_to_ball": seconds_of(_is_least(away, place, mates), steps),
        "farthest_from_ball": seconds_of(_is_least(_turned(away), place, mates), steps),
    }
    counted = {
        **{f"time_{name}": value for name, value in seconds.items()},
        **{f"percent_{k}": v for k, v in percent_of(seconds, seconds_playing(recording, place)).items()},
        "goals_against_while_last_defender": _goals_as_last(recording, place, along),
    }
    distance = _distance_to_mates(recording, place, mates)
    return counted if distance is None else counted | {"avg_distance_to_mates": distance}


def _turned(values: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    return {place: -value for place, value in values.items()}


def _is_least(values: dict[int, np.ndarray], place: int, mates: list[int]) -> np.ndarray:
    """(n,) bool: not more than any mate's that is known, and at least one is."""
    others = np.stack([values[mate] for mate in mates])
    least = np.min(np.where(np.isnan(others), np.inf, others), axis=0)
    return np.asarray((values[place] <= least) & np.isfinite(least))


def _distance_to_mates(recording: Recording, place: int, mates: list[int]) -> float | None:
    """Mean over time of the mean over mates; a car that was blown up counts where it was until there is a new one."""
    own = _held(recording, place)
    apart = np.stack([_apart(own, _held(recording, mate)) for mate in mates])
    known = ~np.isnan(apart)
    count = known.sum(axis=0)
    mean = np.where(count > 0, np.where(known, apart, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    return mean_over(np.where(recording.is_waiting, np.nan, mean), recording.steps)


def _held(recording: Recording, place: int) -> np.ndarray:
    """(n, 3) a player's position, held while they have no car between two; NaN before the first and after the last."""
    position, car = recording.tracks.players[place].position, has_car(recording, place)
    frames = np.flatnonzero(car)
    if not frames.size:
        return position
    latest = np.maximum.accumulate(np.where(car, np.arange(len(car)), 0))
    held = position[latest].copy()
    held[frames[-1] + 1 :] = np.nan
    return held


def _goals_as_last(recording: Recording, place: int, along: dict[int, np.ndarray]) -> int:
    """Goals of the other side while this player was the farthest back of their own."""
    side = recording.tracks.players[place].side
    against = [goal.frame for goal in recording.tracks.goals if goal.side != side]
    mates = [mate for mate in along if mate != place]
    return int(_is_least(along, place, mates)[against].sum()) if against else 0


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    apart: np.ndarray = np.linalg.norm(one - other, axis=1)
    return apart

"""What a simulated game may have looked like: made-up tracks with its sides, goals, demolitions and length.

Only these are the game's. How the cars and the ball move in between is invented by simple rules, and says nothing of
the other statistics: a player with little boost in the figures may have much of it in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matches.rocket_league.tracks import BLUE, ORANGE, Goal, PlayerTrack, Tracks
from matches.simulation.rocket_league.arena import RATE
from matches.simulation.rocket_league.games import FULL_TIME, SimulatedGame
from matches.simulation.rocket_league.playing import Playing
from matches.simulation.rocket_league.schedule import Schedule, schedule


def tracks_of(game: SimulatedGame, names: Sequence[str], rng: np.random.Generator) -> Tracks:
    """A match of `RATE` frames a second. names: of the players, blue's first, as many as the game has."""
    plan = schedule(game, rng)
    playing = Playing(plan, rng)
    playing.play()
    balls, cars = np.array(playing.balls_seen), np.array(playing.cars_seen)
    is_live = np.zeros(plan.frames, dtype=bool)
    for period in plan.periods:
        is_live[period.live : period.end] = True
    return Tracks(
        times=np.arange(plan.frames) / RATE,
        clock=_clock(plan, playing.first_touches),
        is_live=is_live,
        ball=balls[:, :3],
        ball_velocity=balls[:, 3:],
        players=tuple(
            _player(name, BLUE if place < plan.size else ORANGE, cars[:, place]) for place, name in enumerate(names)
        ),
        goals=tuple(
            Goal(frame=period.end, side=BLUE if period.scorer < plan.size else ORANGE, scorer=period.scorer)
            for period in plan.periods
            if period.scorer is not None
        ),
        demolitions=tuple(playing.demolitions),
    )


def _clock(plan: Schedule, first_touches: Sequence[int]) -> np.ndarray:
    """(n,) seconds shown: five minutes down to nothing, then up.

    It stands still until the ball is touched and after goals. So that it ends with the time that the game took, its
    seconds are a little shorter or longer than real ones.
    """
    runs, overtime = np.zeros(plan.frames), np.zeros(plan.frames)
    for period, touched in zip(plan.periods, first_touches, strict=True):
        (overtime if period.is_overtime else runs)[touched : period.end] = 1.0
    share = np.cumsum(runs) / max(1.0, runs.sum())
    return np.asarray(FULL_TIME * (1 - share) + np.cumsum(overtime) / RATE)


def _player(name: str, side: str, seen: np.ndarray) -> PlayerTrack:
    x, y, z, yaw, speed, rise, boost = seen.T
    flat = np.zeros_like(yaw)
    turned = np.stack([flat, flat, np.sin(yaw / 2), np.cos(yaw / 2)], axis=1)
    has_car = np.isfinite(x)
    turned[~has_car] = np.nan
    return PlayerTrack(
        name=name,
        side=side,
        platform="",
        platform_id="",
        is_bot=False,
        position=np.stack([x, y, z], axis=1),
        velocity=np.stack([speed * np.cos(yaw), speed * np.sin(yaw), rise], axis=1),
        rotation=turned,
        boost=np.where(has_car, np.where(boost < 0, -1 - boost, boost), np.nan),
        is_boosting=has_car & (boost < 0),
    )

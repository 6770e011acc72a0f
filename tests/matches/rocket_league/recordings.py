"""Recordings made by hand: some seconds of a match at ten frames a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matches.rocket_league.recording import Pickups, Recording, ScoreLine
from matches.rocket_league.tracks import BLUE, Goal, PlayerTrack, Tracks

STEP = 0.1


def player(
    frames: int, *, side: str = BLUE, at: Sequence[float] = (0, 0, 17), speed: float = 1000, boost: float = 100 / 3
) -> PlayerTrack:
    """A car that says it drives along y, and stays where it is."""
    return PlayerTrack(
        name="somebody",
        side=side,
        platform="steam",
        platform_id="1",
        is_bot=False,
        position=np.tile(np.array(at, dtype=float), (frames, 1)),
        velocity=np.tile(np.array([0.0, speed, 0.0]), (frames, 1)),
        rotation=np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (frames, 1)),
        boost=np.full(frames, boost),
        is_boosting=np.zeros(frames, dtype=bool),
    )


def pickups(*rows: tuple[int, int, bool, float]) -> Pickups:
    """Of frame, player, whether the pad is big, and where it is along the pitch."""
    return Pickups(
        frame=np.array([row[0] for row in rows], dtype=int),
        player=np.array([row[1] for row in rows], dtype=int),
        pad=np.arange(len(rows)),
        is_big=np.array([row[2] for row in rows], dtype=bool),
        y=np.array([row[3] for row in rows], dtype=float),
    )


def recording(*players: PlayerTrack, ball: Sequence[float] = (0, 0, 93), **changes: Any) -> Recording:
    """A match of these players, in play from the first frame to the last, nobody scoring."""
    frames = len(players[0].boost)
    nothing = np.zeros(frames, dtype=bool)
    tracks = Tracks(
        times=np.arange(frames) * STEP,
        clock=np.full(frames, 300.0),
        is_live=~nothing,
        ball=np.tile(np.array(ball, dtype=float), (frames, 1)),
        ball_velocity=np.zeros((frames, 3)),
        players=players,
        goals=(),
        demolitions=(),
    )
    made = Recording(
        guid="A" * 32,
        played_at=None,
        playlist="private",
        team_size=1,
        map_code="stadium_p",
        is_overtime=False,
        score=(0, 0),
        winner=None,
        tracks=tracks,
        steps=np.full(frames, STEP),
        is_countdown=nothing,
        is_waiting=nothing,
        last_touch=np.full(frames, -1),
        sliding=tuple(nothing for _ in players),
        lines=tuple(ScoreLine(score=0) for _ in players),
        pickups=pickups(),
    )
    return replace(made, **changes)


def with_goals(made: Recording, *goals: Goal) -> Recording:
    return replace(made, tracks=replace(made.tracks, goals=goals))

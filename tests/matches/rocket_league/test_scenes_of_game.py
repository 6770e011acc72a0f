"""Invented pictures of invented matches: true to what the game tells, and to how cars and balls move."""

from functools import cache

import numpy as np
import pytest

from matches.rocket_league import scenes
from matches.rocket_league.tracks import BLUE, ORANGE, PlayerTrack, Tracks
from matches.simulation.rocket_league.arena import (
    CEILING,
    CORNER,
    GOAL_HALF_WIDTH,
    GOAL_HEIGHT,
    HALF_LENGTH,
    HALF_WIDTH,
    KICK_OFF_SPOTS,
    STEP,
    Pads,
)
from matches.simulation.rocket_league.ball import RADIUS, Ball
from matches.simulation.rocket_league.cars import BOOST_USED, SHARPEST, Car
from matches.simulation.rocket_league.games import SimulatedGame, game
from matches.simulation.rocket_league.players import player
from matches.simulation.rocket_league.playing import Playing
from matches.simulation.rocket_league.scenes_of_game import tracks_of
from matches.simulation.rocket_league.schedule import schedule

CASES = [(1, 1), (2, 1), (3, 1), (3, 8)]
"""Players of a side, and seed; the last has an overtime."""


@cache
def played(size: int, seed: int) -> tuple[SimulatedGame, Tracks]:
    rng = np.random.default_rng([size, seed])
    sides = [[player(f"{side} {n}", "gold", rng) for n in range(size)] for side in (BLUE, ORANGE)]
    drawn = game(sides[0], sides[1], rng)
    names = [each.name for side in sides for each in side]
    return drawn, tracks_of(drawn, names, np.random.default_rng(seed))


def live_steps(track: PlayerTrack, tracks: Tracks) -> np.ndarray:
    """(n - 1,) bool: steps in play in which the car was there before and after, and not put elsewhere."""
    there = np.isfinite(track.position[:, 0])
    return np.asarray(tracks.is_live[:-1] & tracks.is_live[1:] & there[:-1] & there[1:])


@pytest.mark.parametrize("case", CASES)
class TestAMatch:
    def test_score_and_scorers_are_the_games(self, case: tuple[int, int]) -> None:
        drawn, tracks = played(*case)
        scored = [sum(goal.scorer == place for goal in tracks.goals) for place in range(len(tracks.players))]
        assert scored == [each["core_goals"] for each in (*drawn.blue, *drawn.orange)]
        assert tuple(sum(goal.side == side for goal in tracks.goals) for side in (BLUE, ORANGE)) == drawn.goals
        assert [each.side for each in tracks.players] == [BLUE] * case[0] + [ORANGE] * case[0]

    def test_it_lasts_as_long(self, case: tuple[int, int]) -> None:
        drawn, tracks = played(*case)
        assert tracks.times[-1] == pytest.approx(drawn.duration, abs=STEP)
        assert len(tracks.times) == len(tracks.ball) == len(tracks.clock) == len(tracks.players[0].position)

    def test_demolitions_are_the_games(self, case: tuple[int, int]) -> None:
        drawn, tracks = played(*case)
        for name, who in (("demo_inflicted", "attacker"), ("demo_taken", "victim")):
            told = [sum(getattr(d, who) == place for d in tracks.demolitions) for place in range(2 * case[0])]
            assert told == [each[name] for each in (*drawn.blue, *drawn.orange)]
        for demolition in tracks.demolitions:
            assert np.isnan(tracks.players[demolition.victim].position[demolition.frame, 0])
            assert tracks.is_live[demolition.frame]

    def test_every_goal_goes_into_the_right_net(self, case: tuple[int, int]) -> None:
        for goal in played(*case)[1].goals:
            x, y, z = played(*case)[1].ball[goal.frame]
            assert abs(x) < GOAL_HALF_WIDTH
            assert RADIUS <= z < GOAL_HEIGHT
            assert y * (1 if goal.side == BLUE else -1) > HALF_LENGTH
            assert not played(*case)[1].is_live[goal.frame]

    def test_the_ball_crosses_the_line_only_then(self, case: tuple[int, int]) -> None:
        _, tracks = played(*case)
        inside = np.abs(tracks.ball[tracks.is_live, 1]) <= HALF_LENGTH
        shots = sum(not tracks.is_live[goal.frame] for goal in tracks.goals)
        assert (~inside).sum() <= shots, "at most the step before it is in"

    def test_all_stay_in_the_arena(self, case: tuple[int, int]) -> None:
        _, tracks = played(*case)
        for track in tracks.players:
            x, y, z = track.position[np.isfinite(track.position[:, 0])].T
            assert np.abs(x).max() <= HALF_WIDTH
            assert np.abs(y).max() <= HALF_LENGTH
            assert (np.abs(x) + np.abs(y)).max() <= CORNER
            assert z.min() > 0
            assert z.max() < CEILING
        x, _, z = tracks.ball[np.isfinite(tracks.ball[:, 0])].T
        assert np.abs(x).max() <= HALF_WIDTH
        assert z.min() > RADIUS - 1
        assert z.max() <= CEILING

    def test_cars_keep_to_their_limits(self, case: tuple[int, int]) -> None:
        _, tracks = played(*case)
        for track in tracks.players:
            steps = live_steps(track, tracks)
            moved = np.linalg.norm(np.diff(track.position[:, :2], axis=0), axis=1)[steps]
            assert moved.max() <= 2300 * STEP + 1
            yaw = 2 * np.arctan2(track.rotation[:, 2], track.rotation[:, 3])
            turned = np.abs(np.angle(np.exp(1j * np.diff(yaw))))[steps]
            assert turned.max() <= SHARPEST * STEP + 1e-6

    def test_boost_is_burnt_and_taken_from_pads(self, case: tuple[int, int]) -> None:
        _, tracks = played(*case)
        for track in tracks.players:
            boost = track.boost[np.isfinite(track.boost)]
            assert boost.min() >= 0
            assert boost.max() <= 100
            change = np.diff(track.boost)[live_steps(track, tracks)]
            assert change.min() >= -BOOST_USED * STEP - 1e-6
            assert (change > 10).any()
            assert track.is_boosting.any()

    def test_the_clock_runs_down_and_stands_still_in_between(self, case: tuple[int, int]) -> None:
        drawn, tracks = played(*case)
        change = np.diff(tracks.clock)
        assert tracks.clock[0] == 300
        assert (change[~tracks.is_live[1:]] == 0).all()
        assert tracks.clock.min() == pytest.approx(0)
        assert bool((change > 0).any()) == drawn.is_overtime
        seen = scenes.scenes_of(tracks)
        assert bool((seen.state & scenes.OVERTIME).any()) == drawn.is_overtime

    def test_every_kick_off_is_from_the_five_spots(self, case: tuple[int, int]) -> None:
        _, tracks = played(*case)
        begins = np.flatnonzero(tracks.is_live[1:] & ~tracks.is_live[:-1])
        assert len(begins) >= len(tracks.goals)
        for frame in begins:
            assert tuple(tracks.ball[frame]) == (0, 0, RADIUS)
            for track in tracks.players:
                turn = 1 if track.side == BLUE else -1
                assert tuple(track.position[frame, :2] * turn) in KICK_OFF_SPOTS


def test_the_cases_have_an_overtime_among_them() -> None:
    assert {played(*case)[0].is_overtime for case in CASES} == {False, True}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    drawn, tracks = played(1, 1)
    names = [each.name for each in tracks.players]
    first, again, other = (scenes.encode(tracks_of(drawn, names, np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert first == again == scenes.encode(tracks)
    assert first != other
    assert len(first) < 100_000


def test_scorers_are_seen_to_shoot_nearly_always() -> None:
    goals = forced = 0
    for seed in range(6):
        drawn, _ = played(2, seed)
        rng = np.random.default_rng(seed)
        playing = Playing(schedule(drawn, rng), rng)
        playing.play()
        assert not playing.pending
        goals += sum(drawn.goals)
        forced += playing.forced
    assert forced <= 0.25 * goals


def test_a_hit_arrives_where_it_was_meant_to() -> None:
    ball = Ball(x=-500, y=1000, z=300)
    ball.hit((700, 3000, 400), steps=12)
    for _ in range(12):
        ball.roll()
    assert (ball.x, ball.y, ball.z) == pytest.approx((700, 3000, 400))


def test_a_ball_that_is_left_alone_comes_to_rest_inside() -> None:
    ball = Ball(x=3000, y=4000, z=1900, vx=3000, vy=2500, vz=2000)
    for _ in range(900):
        ball.roll()
    assert ball.z == RADIUS
    assert abs(ball.vx) + abs(ball.vy) < 30
    assert abs(ball.x) + abs(ball.y) < CORNER


def test_a_pad_that_was_taken_is_empty_for_a_while() -> None:
    pads = Pads()
    assert pads.boost_at(3584, 10, 0) == 100
    assert pads.boost_at(3584, 10, 99) == 0
    assert pads.boost_at(3584, 10, 100) == 100
    assert pads.boost_at(0, 1024, 0) == 12
    assert pads.boost_at(0, 1024, 40) == 12
    assert pads.boost_at(500, 500, 0) == 0


def test_a_car_reaches_what_lies_behind_it() -> None:
    car = Car(0, 1, speed=1400)
    car.boost = 0
    nearest = 9999.0
    for _ in range(80):
        car.drive(-300, -300, 1400)
        nearest = min(nearest, car.distance(-300, -300))
    assert nearest < 150

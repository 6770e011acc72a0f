"""Statistics counted by hand, on recordings made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.rocket_league.reading import ReadReplay
from matches.rocket_league.recording import ScoreLine
from matches.rocket_league.statistics import boost, core, demolitions, movement, positioning, statistics_of
from matches.rocket_league.statistics.tanks import BURNT_PER_SECOND, changes_of
from matches.rocket_league.tracks import ORANGE, Demolition, Goal, PlayerTrack
from tests.matches.rocket_league.recordings import STEP, pickups, player, recording, with_goals

FRAMES = 100


def tank(*amounts: tuple[int, int], frames: int = FRAMES) -> PlayerTrack:
    """A player whose tank is told at frames: (frame, 0..255), in ascending order."""
    car = player(frames)
    for frame, amount in amounts:
        car.boost[frame:] = amount * 100 / 255
    return car


def test_speeds_and_distance() -> None:
    car = player(FRAMES, speed=1500)
    car.velocity[:25, 1] = 2250
    car.velocity[25:50] = 0
    counted = movement.of(recording(car), 0)
    assert counted["movement_time_supersonic_speed"] == pytest.approx(2.5)
    assert counted["movement_time_boost_speed"] == pytest.approx(5)
    assert counted["movement_time_slow_speed"] == pytest.approx(2.5)
    assert counted["movement_percent_boost_speed"] == pytest.approx(50)
    assert counted["movement_total_distance"] == pytest.approx(2250 * 2.5 + 1500 * 5)
    assert counted["movement_avg_speed"] == pytest.approx((2250 * 2.5 + 1500 * 5) / 7.5), "standing still is left out"


def test_heights_without_a_car_are_no_heights() -> None:
    car = player(FRAMES)
    car.position[:20, 2] = 500
    car.position[20:30, 2] = 1000
    car.position[30:40] = np.nan
    counted = movement.of(recording(car), 0)
    assert counted["movement_time_low_air"] == pytest.approx(2)
    assert counted["movement_time_high_air"] == pytest.approx(1)
    assert counted["movement_time_ground"] == pytest.approx(6)


def test_a_powerslide_in_the_air_is_none() -> None:
    car = player(FRAMES)
    car.position[50:, 2] = 300
    held = np.zeros(FRAMES, dtype=bool)
    held[[10, 11, 12, 20, 21, 60, 61]] = True
    counted = movement.of(recording(car, sliding=(held,)), 0)
    assert counted["movement_time_powerslide"] == pytest.approx(0.5)
    assert counted["movement_count_powerslide"] == 2
    assert counted["movement_avg_powerslide_duration"] == pytest.approx(0.25)


def test_thirds_and_halves_are_the_sides_own() -> None:
    blue, orange = player(FRAMES, at=(0, -3000, 17)), player(FRAMES, side=ORANGE, at=(0, -3000, 17))
    made = recording(blue, orange)
    assert positioning.of(made, 0)["positioning_percent_defensive_third"] == 100
    assert positioning.of(made, 1)["positioning_percent_offensive_third"] == 100
    assert positioning.of(made, 0)["positioning_time_behind_ball"] == pytest.approx(10)
    assert positioning.of(made, 1)["positioning_time_infront_ball"] == pytest.approx(10)


def test_a_duel_has_no_places_among_mates() -> None:
    made = recording(player(FRAMES), player(FRAMES, side=ORANGE))
    assert not [
        name for name in positioning.of(made, 0) if "mates" in name or "most" in name or "last_defender" in name
    ]


def test_places_among_mates_and_goals_as_the_last_one() -> None:
    back, front = player(FRAMES, at=(0, -4000, 17)), player(FRAMES, at=(0, 2000, 17))
    made = with_goals(recording(back, front, player(FRAMES, side=ORANGE)), Goal(frame=50, side=ORANGE, scorer=2))
    counted = positioning.of(made, 0)
    assert counted["positioning_time_most_back"] == pytest.approx(10)
    assert counted["positioning_time_most_forward"] == 0
    assert counted["positioning_time_farthest_from_ball"] == pytest.approx(10)
    assert counted["positioning_goals_against_while_last_defender"] == 1
    assert counted["positioning_avg_distance_to_mates"] == pytest.approx(6000)
    assert positioning.of(made, 1)["positioning_percent_closest_to_ball"] == pytest.approx(100)


def test_distance_by_possession_leaves_kick_offs_out() -> None:
    car = player(FRAMES, at=(0, -1000, 93))
    car.position[:10] = (0, -4000, 93)
    car.position[60:] = (0, -2000, 93)
    waiting = np.arange(FRAMES) < 10
    touched = np.where(np.arange(FRAMES) < 60, 0, 1)
    counted = positioning.of(recording(car, is_waiting=waiting, last_touch=touched), 0)
    assert counted["positioning_avg_distance_to_ball_possession"] == pytest.approx(1000)
    assert counted["positioning_avg_distance_to_ball_no_possession"] == pytest.approx(2000)
    assert counted["positioning_avg_distance_to_ball"] == pytest.approx((50 * 1000 + 40 * 2000) / 90)


def test_a_full_tank_at_a_pad_is_overfill() -> None:
    car = tank((0, 85), (10, 230), (20, 255), (60, 0))
    made = recording(car, pickups=pickups((10, 0, True, -100.0), (20, 0, False, 2000.0)))
    counted = boost.of(made, 0)
    assert counted["boost_count_collected_big"] == counted["boost_count_collected_small"] == 1
    assert counted["boost_amount_collected"] == pytest.approx((255 - 85) / 2.55)
    assert counted["boost_amount_stolen"] == pytest.approx(25 / 2.55), "the small pad lies in orange's half"
    assert counted["boost_count_stolen_small"] == 1
    assert counted["boost_amount_overfill"] == pytest.approx(12 - 25 / 2.55)
    assert counted["boost_time_full_boost"] == pytest.approx(4)
    assert counted["boost_bpm"] == pytest.approx(100 / 6 * 60), "over the six seconds that the tank was followed"
    assert counted["boost_bcpm"] == pytest.approx((255 - 85) / 2.55 / 10 * 60)


def test_time_belongs_to_the_level_that_a_change_ends_at() -> None:
    counted = boost.of(recording(tank((0, 85), (10, 230), (50, 0), (80, 31))), 0)
    assert counted["boost_time_boost_75_100"] == pytest.approx(1)
    assert counted["boost_time_boost_0_25"] == pytest.approx(7)
    assert counted["boost_time_zero_boost"] == pytest.approx(3)
    assert counted["boost_avg_amount"] == pytest.approx((85 + 230 + 0 + 31) / 4 / 2.55)


def test_what_a_new_car_comes_with_is_not_collected() -> None:
    car = tank((0, 85), (10, 0), (50, 85))
    car.position[30:50] = np.nan
    car.boost[30:50] = np.nan
    counted = boost.of(recording(car, pickups=pickups((50, 0, False, 0.0))), 0)
    assert counted["boost_amount_collected"] == 0
    assert counted["boost_time_zero_boost"] == 0, "how long the old car stayed empty is not known"


def test_a_car_that_is_put_elsewhere_is_a_new_one() -> None:
    car = tank((0, 85), (10, 0), (50, 85))
    car.position[50:, 0] = 2048
    assert boost.of(recording(car, pickups=pickups((50, 0, False, 0.0))), 0)["boost_amount_collected"] == 0


def test_a_pad_counts_for_all_it_holds_while_nothing_is_told_of_the_tank() -> None:
    """Recordings of 2016 tell nothing of a new car's tank until it has been used."""
    car = tank((0, 0), (50, 115), (60, 0))
    counted = boost.of(recording(car, pickups=pickups((20, 0, False, 0.0), (50, 0, False, 0.0))), 0)
    assert counted["boost_count_collected_small"] == 2
    assert counted["boost_amount_collected_small"] == 24
    assert counted["boost_time_boost_25_50"] == pytest.approx(5), "a new car has a third of a tank"


@given(bursts=st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), min_size=1, max_size=8))
def test_the_parsers_guess_is_taken_off(bursts: list[tuple[int, int]]) -> None:
    """However the booster is used: each burst is one change, to what the game told at its end."""
    times, is_boosting, amount, told = [0.0], [False], [255.0], [255]
    for on, off in bursts:
        for is_on in [True] * on + [False] * off:
            times.append(times[-1] + STEP / 3)
            is_boosting.append(is_on)
            amount.append(max(amount[-1] - BURNT_PER_SECOND * STEP / 3, 0) if is_on else float(round(amount[-1])))
        if round(amount[-1]) != told[-1]:
            told.append(round(amount[-1]))
    car = replace(player(len(times)), boost=np.array(amount) * 100 / 255, is_boosting=np.array(is_boosting))
    assert changes_of(car, np.array(times)).told.tolist() == told


def test_who_had_left_has_no_score() -> None:
    made = recording(
        player(FRAMES), player(FRAMES, side=ORANGE), lines=(ScoreLine(goals=1, shots=2), ScoreLine(shots=3))
    )
    counted = core.of(made, 0)
    assert counted["core_shooting_percentage"] == 50
    assert counted["core_shots_against"] == 3
    assert "core_score" not in counted
    assert "core_mvp" not in counted


def test_the_best_of_the_winners_is_mvp() -> None:
    players = player(FRAMES), player(FRAMES), player(FRAMES, side=ORANGE)
    lines = ScoreLine(score=100), ScoreLine(score=300), ScoreLine(score=400)
    made = recording(*players, lines=lines, score=(1, 0))
    assert [core.of(made, place)["core_mvp"] for place in range(3)] == [0, 1, 0]


def test_a_draw_has_neither_mvp_nor_winner() -> None:
    (part,) = statistics_of(recording(player(FRAMES)))
    assert part.won is None
    assert part.statistics["core_mvp"] == 0


def test_who_gave_up_did_not_win() -> None:
    made = recording(player(FRAMES), player(FRAMES, side=ORANGE), score=(0, 0), winner=ORANGE)
    assert [part.won for part in statistics_of(made)] == [False, True]


def test_demolitions_count_for_both() -> None:
    made = recording(player(FRAMES), player(FRAMES, side=ORANGE))
    made = replace(made, tracks=replace(made.tracks, demolitions=(Demolition(frame=5, attacker=1, victim=0),)))
    assert demolitions.of(made, 0) == {"demo_inflicted": 0, "demo_taken": 1}
    assert demolitions.of(made, 1) == {"demo_inflicted": 1, "demo_taken": 0}


def test_a_short_stint_is_marked() -> None:
    late = player(FRAMES, side=ORANGE)
    late.position[:80] = np.nan
    parts = statistics_of(recording(player(FRAMES), late))
    assert [part.is_short for part in parts] == [False, True]
    assert parts[1].seconds == pytest.approx(2)


@given(seed=st.integers(0, 2**32 - 1))
def test_no_match_gives_a_number_that_is_none(seed: int) -> None:
    """Random walks with holes: every statistic is finite, shares add up to 100, and times to no more than there is."""
    rng = np.random.default_rng(seed)
    cars = []
    for side in ("blue", "blue", ORANGE):
        car = player(FRAMES, side=side)
        car.position[:] = rng.uniform(-5000, 5000, (FRAMES, 3))
        car.velocity[:] = rng.uniform(-1500, 1500, (FRAMES, 3))
        gone = rng.random(FRAMES) < rng.choice([0, 0.2, 1])
        for values in (car.position, car.velocity, car.boost):
            values[gone] = np.nan
        cars.append(replace(car, is_boosting=rng.random(FRAMES) < 0.3))
    for part in statistics_of(recording(*cars, is_waiting=rng.random(FRAMES) < 0.1)):
        assert np.isfinite(list(part.statistics.values())).all()
        thirds = [
            part.statistics[f"positioning_percent_{third}_third"] for third in ("defensive", "neutral", "offensive")
        ]
        assert sum(thirds) == pytest.approx(100, abs=0.01) or sum(thirds) == 0
        times = [value for name, value in part.statistics.items() if "_time_" in name]
        assert max(times) <= FRAMES * STEP + 1e-6


def test_what_is_no_number_is_left_out() -> None:
    car = player(FRAMES)
    car.velocity[5] = np.inf
    (part,) = statistics_of(recording(car))
    assert "movement_total_distance" not in part.statistics
    assert np.isfinite(list(part.statistics.values())).all()


@pytest.mark.real_data
def test_a_real_duel_has_every_statistic_but_those_of_teams(duel: ReadReplay) -> None:
    """Goals 0 to 4; the winner has the ball more, and both stay within what the game allows."""
    for part in duel.players:
        assert len(part.statistics) == 75
        assert 0 < part.statistics["movement_avg_speed"] < 2300
        assert 0 < part.statistics["boost_avg_amount"] < 100
        assert part.statistics["duration"] == 110

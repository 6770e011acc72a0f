"""What the viewer draws: written and read back, resampled, and honest about who was there."""

import gzip
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matches.rocket_league import scenes
from matches.rocket_league.scenes import PlayerScenes, Scenes
from matches.rocket_league.tracks import BLUE, ORANGE, Demolition, Goal, PlayerTrack, Tracks

FRAMES = 301
TIMES = 5.0 + np.arange(FRAMES) / 30
"""Ten seconds at 30 frames a second."""


def player(**given_fields: Any) -> PlayerTrack:
    """Drives along y at 1,000 uu/s, nose forward."""
    half = np.sqrt(0.5)
    fields: dict[str, Any] = {
        "name": "Alice",
        "side": BLUE,
        "platform": "steam",
        "platform_id": "1",
        "is_bot": False,
        "position": np.stack([np.zeros(FRAMES), 1000 * (TIMES - 10), np.full(FRAMES, 17.0)], axis=1),
        "velocity": np.tile([0.0, 1000.0, 0.0], (FRAMES, 1)),
        "rotation": np.tile([0.0, 0.0, half, half], (FRAMES, 1)),
        "boost": np.linspace(100, 0, FRAMES),
        "is_boosting": np.arange(FRAMES) >= 150,
    }
    return PlayerTrack(**{**fields, **given_fields})


def tracks(*players: PlayerTrack, **given_fields: Any) -> Tracks:
    fields: dict[str, Any] = {
        "times": TIMES,
        "clock": np.linspace(300, 290, FRAMES),
        "is_live": np.arange(FRAMES) >= 90,
        "ball": np.stack([2000 * np.sin(TIMES), np.zeros(FRAMES), np.full(FRAMES, 93.0)], axis=1),
        "ball_velocity": np.zeros((FRAMES, 3)),
        "players": players or (player(),),
        "goals": (),
        "demolitions": (),
    }
    return Tracks(**{**fields, **given_fields})


def told(match: Tracks) -> Scenes:
    return scenes.decode(scenes.encode(match))


def test_ten_pictures_a_second_are_where_the_frames_were() -> None:
    seen = told(tracks())

    assert len(seen.state) == 101
    assert seen.start == 5.0
    np.testing.assert_allclose(seen.ball, tracks().ball[::3], atol=0.5)
    np.testing.assert_allclose(seen.players[0].position, player().position[::3], atol=0.5)
    np.testing.assert_allclose(seen.players[0].boost, np.linspace(100, 0, 101), atol=0.5)
    assert (seen.players[0].yaw == 64).all(), "a quarter of a turn from +x is +y"


def test_places_between_frames_are_interpolated() -> None:
    few = slice(None, None, 10)
    thin = player(
        position=player().position[few],
        velocity=player().velocity[few],
        rotation=player().rotation[few],
        boost=player().boost[few],
        is_boosting=player().is_boosting[few],
    )
    match = tracks(
        thin,
        times=TIMES[few],
        clock=tracks().clock[few],
        is_live=tracks().is_live[few],
        ball=tracks().ball[few],
    )

    np.testing.assert_allclose(told(match).players[0].position[:, 1], np.linspace(-5000, 5000, 101), atol=0.6)


def test_a_car_put_elsewhere_does_not_slide_there() -> None:
    position = player().position.copy()
    position[151:] = (2000, -4000, 17)
    y = told(tracks(player(position=position))).players[0].position[:, 1]

    assert set(np.unique(y[51:])) == {-4000}
    assert y[50] == 0


def test_state_says_when_the_ball_is_in_play_and_when_there_is_none() -> None:
    ball = tracks().ball.copy()
    ball[200:260] = np.nan
    seen = told(tracks(ball=ball))

    assert not (seen.state[:29] & scenes.IN_PLAY).any()
    assert (seen.state[31:] & scenes.IN_PLAY).all()
    assert not (seen.state[68:86] & scenes.HAS_BALL).any()
    assert (seen.state[:66] & scenes.HAS_BALL).all()
    assert (seen.ball[70] == seen.ball[80]).all(), "the last place known is repeated"


def test_overtime_begins_where_the_clock_counts_up() -> None:
    clock = np.concatenate([np.linspace(3, 0, 100), np.zeros(101), np.linspace(0, 4, 100)])
    seen = told(tracks(clock=clock))
    overtime = (seen.state & scenes.OVERTIME) > 0

    assert not overtime[:67].any()
    assert overtime[-25:].all()


def test_a_clock_that_is_set_at_the_start_is_no_overtime() -> None:
    clock = np.where(np.arange(FRAMES) < 30, 0, 300)

    assert not (told(tracks(clock=clock)).state & scenes.OVERTIME).any()


@pytest.mark.parametrize("wreck", ["gone", "lying"])
def test_a_demolished_car_is_marked_until_it_is_back(wreck: str) -> None:
    position = player().position.copy()
    position[90:180] = np.nan if wreck == "gone" else position[90]
    position[180:] = (100, -4600, 17)
    match = tracks(player(position=position), player(), demolitions=(Demolition(frame=90, attacker=1, victim=0),))
    seen = told(match)
    demolished = (seen.players[0].flags & scenes.DEMOLISHED) > 0

    assert demolished[31:59].all()
    assert not demolished[:30].any()
    assert not demolished[61:].any()
    assert not (seen.players[0].flags[31:59] & scenes.HAS_CAR).any()
    assert (seen.players[1].flags & scenes.HAS_CAR).all()
    assert seen.demolitions == (Demolition(frame=30, attacker=1, victim=0),)


def test_who_joins_late_has_no_car_before() -> None:
    position = player().position.copy()
    position[:150] = np.nan
    late = told(tracks(player(position=position))).players[0]

    assert not (late.flags[:50] & scenes.HAS_CAR).any()
    assert (late.flags[51:] & scenes.HAS_CAR).all()
    assert not (late.flags & scenes.DEMOLISHED).any()


def test_who_never_had_a_car_is_told_without_one() -> None:
    nobody = player(position=np.full((FRAMES, 3), np.nan), rotation=np.full((FRAMES, 4), np.nan))

    assert not told(tracks(nobody)).players[0].flags.any()


def test_goals_are_at_the_picture_of_their_frame() -> None:
    goals = (Goal(frame=100, side=ORANGE, scorer=None), Goal(frame=300, side=BLUE, scorer=0))

    assert told(tracks(goals=goals)).goals == (
        Goal(frame=34, side=ORANGE, scorer=None),
        Goal(frame=100, side=BLUE, scorer=0),
    )


def test_names_keep_their_letters() -> None:
    assert told(tracks(player(name="少 Nix ★"))).players[0].name == "少 Nix ★"


def test_a_single_frame_is_a_picture() -> None:
    one = slice(0, 1)
    match = tracks(
        player(
            position=player().position[one],
            rotation=player().rotation[one],
            boost=player().boost[one],
            is_boosting=player().is_boosting[one],
        ),
        times=TIMES[one],
        clock=tracks().clock[one],
        is_live=tracks().is_live[one],
        ball=tracks().ball[one],
    )

    assert len(told(match).state) == 1


def test_no_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="without a single frame"):
        scenes.encode(tracks(times=np.zeros(0)))


def test_the_same_match_gives_the_same_bytes() -> None:
    assert scenes.encode(tracks()) == scenes.encode(tracks())


@pytest.mark.parametrize("spoil", [lambda raw: b"XXXX" + raw[4:], lambda raw: raw[:4] + b"\x07" + raw[5:]])
def test_other_bytes_are_refused(spoil: Any) -> None:
    raw = gzip.decompress(scenes.encode(tracks()))

    with pytest.raises(ValueError, match="no scenes"):
        scenes.decode(gzip.compress(spoil(raw)))


def test_bytes_that_end_too_early_are_refused() -> None:
    raw = gzip.decompress(scenes.encode(tracks()))

    with pytest.raises(ValueError, match="end too early"):
        scenes.decode(gzip.compress(raw[:-40]))


@st.composite
def pictures(draw: st.DrawFn) -> Scenes:
    n = draw(st.integers(1, 50))
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))

    def column(dtype: type[np.int16] | type[np.uint8], *shape: int) -> np.ndarray:
        whole = np.iinfo(dtype)
        return dice.integers(whole.min, whole.max, (n, *shape), dtype=dtype, endpoint=True)

    players = tuple(
        PlayerScenes(
            name=draw(st.text('Aé少★ "\\', max_size=12)),
            side=draw(st.sampled_from([BLUE, ORANGE])),
            position=column(np.int16, 3),
            yaw=column(np.uint8),
            boost=column(np.uint8),
            flags=column(np.uint8),
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    return Scenes(
        start=draw(st.floats(0, 1000)),
        state=column(np.uint8),
        clock=column(np.int16),
        ball=column(np.int16, 3),
        players=players,
        goals=tuple(Goal(frame=f, side=BLUE, scorer=None) for f in draw(st.lists(st.integers(0, n - 1), max_size=3))),
        demolitions=(),
    )


@given(pictures())
def test_whatever_is_packed_is_read_back(given_scenes: Scenes) -> None:
    read = scenes.decode(scenes.pack(given_scenes))

    assert (read.start, read.goals, read.demolitions) == (given_scenes.start, given_scenes.goals, ())
    for name in ("state", "clock", "ball"):
        np.testing.assert_array_equal(getattr(read, name), getattr(given_scenes, name))
    assert [(p.name, p.side) for p in read.players] == [(p.name, p.side) for p in given_scenes.players]
    for told_player, meant in zip(read.players, given_scenes.players, strict=True):
        for name in ("position", "yaw", "boost", "flags"):
            np.testing.assert_array_equal(getattr(told_player, name), getattr(meant, name))


@given(st.integers(0, 2**32))
def test_frames_at_the_pictures_times_are_kept_within_rounding(seed: int) -> None:
    dice = np.random.default_rng(seed)
    places, boost = dice.uniform(-5000, 5000, (40, 3)), dice.uniform(0, 100, 40)
    times = np.arange(40) / scenes.RATE
    car = player(
        position=places, rotation=np.tile([0.0, 0, 0, 1], (40, 1)), boost=boost, is_boosting=np.zeros(40, dtype=bool)
    )
    match = tracks(car, times=times, clock=np.full(40, 9.0), is_live=np.ones(40, dtype=bool), ball=places)
    seen = told(match)

    np.testing.assert_allclose(seen.ball, places, atol=0.501)
    np.testing.assert_allclose(seen.players[0].position, places, atol=0.501)
    np.testing.assert_allclose(seen.players[0].boost, boost, atol=0.501)
    assert (seen.players[0].yaw == 0).all()

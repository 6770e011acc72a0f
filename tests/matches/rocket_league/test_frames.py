"""What the parser gives becomes a recording: on two players and a few frames, made as the parser makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from matches.models import Playlist, RankGroup
from matches.rocket_league.frames import platform_of, recording_of
from matches.rocket_league.happenings import goals_of, key_of
from matches.rocket_league.playlists import BY_NUMBER, CLASSES_OF_MODES, MAPS_OF_MODES, playlist_of
from matches.rocket_league.ranks import group_of

ALICE, BOB = {"Steam": "76561198000000001"}, {"PlayStation": {"name": "bob_ps", "online_id": "12"}}
COUNTDOWN, PLAY, GOAL = 7, 9, 11
STATES = [COUNTDOWN] * 3 + [PLAY] * 4 + [GOAL] * 2 + [COUNTDOWN]


def point(x: float, y: float, z: float) -> dict[str, float]:
    return {"x": x, "y": y, "z": z}


def body(y: float, *, is_moving: bool = True) -> dict[str, Any]:
    velocity = point(0, 1000, 0) if is_moving else None
    turn = {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0}
    return {"location": point(0, y, 17), "linear_velocity": velocity, "rotation": turn, "sleeping": not is_moving}


def car(y: float, *, is_blue: bool, is_moving: bool = True) -> dict[str, Any]:
    return {
        "Data": {
            "rigid_body": body(y, is_moving=is_moving),
            "boost_amount": 85.0,
            "boost_active": False,
            "powerslide_active": False,
            "is_team_0": is_blue,
            "player_name": "seen on the pitch",
        }
    }


def parsed(**headers: Any) -> dict[str, Any]:
    """Three seconds' countdown, a goal of Alice's, and Bob blown up while the ball is in play."""
    names = {"Id": "ABC", "MapName": "Stadium_P", "TeamSize": 1, "Team0Score": 1, "Date": "2016-09-01:21-39"}
    lines = [{"Name": "bob", "Team": 1, "Goals": 0, "Assists": 0, "Saves": 1, "Score": 80, "Shots": 0}]
    size = len(STATES)
    times = [0.1 * frame + (9 if frame == size - 1 else 0) for frame in range(size)]
    return {
        "frame_data": {
            "metadata_frames": [
                {
                    "time": time,
                    "seconds_remaining": 300,
                    "replicated_game_state_name": state,
                    "replicated_game_state_time_remaining": 3 if frame in (1, 2) else 0,
                }
                for frame, (time, state) in enumerate(zip(times, STATES, strict=True))
            ],
            "ball_data": {"frames": ["Empty"] + [{"Data": {"rigid_body": body(0, is_moving=False)}}] * (size - 1)},
            "players": [
                (ALICE, {"frames": [car(-100, is_blue=True)] * size}),
                (BOB, {"frames": ["Empty"] + [car(100, is_blue=False, is_moving=frame != 5) for frame in range(1, 8)]}),
            ],
        },
        "meta": {
            "all_headers": list({**names, "PlayerStats": lines, **headers}.items()),
            "game_type": {"playlist_id": 10},
            "team_zero": [{"name": "alice", "remote_id": ALICE, "stats": {}}],
            "team_one": [{"name": "bob", "remote_id": BOB, "stats": {}}],
        },
        "goal_events": [{"frame": 7, "player": ALICE, "scoring_team_is_team_0": True}],
        "demolish_infos": [
            {"frame": 5, "attacker": ALICE, "victim": BOB},
            {"frame": 6, "attacker": {"Xbox": "9"}, "victim": BOB},
        ],
        "touch_events": [{"frame": 3, "team_is_team_0": False}, {"frame": 6, "team_is_team_0": True}],
        "player_stat_events": [{"kind": "Shot", "player": ALICE}, {"kind": "Save", "player": BOB}],
        "boost_pads": [{"index": 4, "pad_id": "pad", "size": "Big", "position": point(0, 200, 70)}],
        "boost_pad_events": [
            {"frame": 4, "kind": {"PickedUp": {"sequence": 1}}, "player": BOB, "pad_id": "pad"},
            {"frame": 5, "kind": "Available", "player": None, "pad_id": "pad"},
        ],
    }  # fmt: skip


def test_the_clock_tells_countdown_play_and_what_was_not_recorded() -> None:
    made = recording_of(parsed())
    assert np.flatnonzero(made.is_countdown).tolist() == [1, 2]
    assert np.flatnonzero(made.is_waiting).tolist() == [0, 1, 2, 9]
    assert np.flatnonzero(made.tracks.is_live).tolist() == [3, 4, 5, 6]
    assert made.duration == pytest.approx(0.8), "the goal's replay of nine seconds is not in it"
    assert not made.is_overtime


def test_files_that_do_not_tell_states_are_told_by_time() -> None:
    data = parsed()
    for frame in data["frame_data"]["metadata_frames"]:
        frame["replicated_game_state_name"] = 0
    made = recording_of(data)
    assert np.flatnonzero(made.is_waiting).tolist() == [0, 1, 2]
    assert np.flatnonzero(made.tracks.is_live).tolist() == [3, 4, 5, 6], "from the goal on it is celebrated"


def test_a_goal_that_only_the_header_tells_of_is_one() -> None:
    names, places = ["alice", "bob"], {key_of(ALICE): 0, key_of(BOB): 1}
    event = {"frame": 7, "player": ALICE, "scoring_team_is_team_0": True}
    told = [("alice", 0, 8), ("bob", 1, 200), ("somebody", 1, 400), ("bob", 1, 9_999)]
    lines = [{"PlayerName": name, "PlayerTeam": team, "frame": frame} for name, team, frame in told]
    goals = goals_of([event], lines, size=500, places=places, names=names)
    assert [(goal.frame, goal.side, goal.scorer) for goal in goals] == [
        (7, "blue", 0),
        (200, "orange", 1),
        (400, "orange", None),
    ]


@pytest.mark.parametrize(
    ("shown", "is_overtime"),
    [
        ([2, 1, 0, 0, 1, 2, 3, 3, 3, 3], True),
        ([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], True),
        ([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], False),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], False),
    ],
    ids=["runs on upwards", "another kick-off", "runs out", "no clock"],
)
def test_overtime(shown: list[int], is_overtime: bool) -> None:
    data = parsed()
    for frame, seconds in zip(data["frame_data"]["metadata_frames"], shown, strict=True):
        frame["seconds_remaining"] = seconds
    assert recording_of(data).is_overtime is is_overtime


def test_players_are_told_apart_and_blown_up_cars_are_none() -> None:
    made = recording_of(parsed())
    alice, bob = made.tracks.players
    assert (alice.name, alice.side, alice.platform, alice.platform_id) == ("alice", "blue", "steam", ALICE["Steam"])
    assert (bob.side, bob.platform, bob.platform_id) == ("orange", "ps4", "bob_ps")
    assert np.flatnonzero(np.isnan(bob.position[:, 0])).tolist() == [0, 5, 8, 9]
    assert alice.boost == pytest.approx(100 / 3)
    assert (made.tracks.ball_velocity[1:] == 0).all(), "a resting ball is still there"


def test_events_are_counted_from_who_is_known() -> None:
    made = recording_of(parsed())
    assert [(goal.frame, goal.side, goal.scorer) for goal in made.tracks.goals] == [(7, "blue", 0)]
    assert [(d.frame, d.attacker, d.victim) for d in made.tracks.demolitions] == [(5, 0, 1)]
    assert made.last_touch.tolist() == [-1, -1, -1, 1, 1, 1, 0, 0, 0, 0]
    assert (made.pickups.player.tolist(), made.pickups.pad.tolist(), made.pickups.is_big.tolist()) == ([1], [4], [True])


def test_the_scoreboard_is_found_by_name_and_else_counted() -> None:
    alice, bob = recording_of(parsed()).lines
    assert (bob.saves, bob.score) == (1, 80)
    assert (alice.goals, alice.shots, alice.score) == (1, 1, None)


def test_headers_name_the_match() -> None:
    made = recording_of(parsed())
    assert (made.guid, made.map_code, made.playlist, made.score) == ("ABC", "stadium_p", "ranked-duels", (1, 0))
    assert made.won_by == "blue"
    assert recording_of(parsed(WinningTeam=1)).won_by == "orange", "blue gave up"


def test_what_a_file_says_is_cut_to_what_can_be_kept() -> None:
    made = recording_of(parsed(Id="A\x00B" * 99, MapName="x" * 999, Team0Score=10**9, Team1Score=-1, TeamSize=None))
    assert (len(made.guid), len(made.map_code), made.score, made.team_size) == (64, 60, (999, 0), 0)
    assert "\x00" not in made.guid


@pytest.mark.parametrize(
    ("headers", "played_at"),
    [
        ({"MatchStartEpoch": "1777390509"}, datetime(2026, 4, 28, 15, 35, 9, tzinfo=UTC)),
        ({"Date": "2018-05-29 16-07-06"}, datetime(2018, 5, 29, 16, 7, 6, tzinfo=UTC)),
        ({}, datetime(2016, 9, 1, 21, 39, tzinfo=UTC)),
        ({"Date": "yesterday"}, None),
    ],
)
def test_when_it_was_played(headers: dict[str, str], played_at: datetime | None) -> None:
    assert recording_of(parsed(**headers)).played_at == played_at


@pytest.mark.parametrize(
    ("identity", "named"),
    [
        ({"Epic": "ab12"}, ("epic", "ab12")),
        ({"Xbox": "2535462716428144"}, ("xbox", "70cf8d6afd010900")),
        ({"Switch": {"online_id": "77", "unknown1": []}}, ("switch", "77")),
        ({"PsyNet": {"online_id": "78"}}, ("psynet", "78")),
        ({"SplitScreen": 4294967121}, ("", "")),
    ],
)
def test_platforms_are_named_as_ballchasing_names_them(identity: dict[str, Any], named: tuple[str, str]) -> None:
    assert platform_of(identity) == named


def test_a_match_without_frames_or_players_is_no_recording() -> None:
    data = parsed()
    data["frame_data"]["players"] = []
    with pytest.raises(ValueError, match="no players"):
        recording_of(data)


@pytest.mark.parametrize(
    ("game", "headers", "playlist"),
    [
        ({"playlist_id": 13}, {}, Playlist.RANKED_STANDARD),
        ({"playlist_id": 3}, {"MapName": "Park_P"}, Playlist.UNRANKED_STANDARD),
        ({"playlist_id": 6}, {"MapName": "HoopsStadium_P"}, Playlist.HOOPS),
        ({"playlist_id": 29}, {"MapName": "ShatterShot_P"}, Playlist.DROPSHOT),
        ({"playlist_id": 999}, {}, Playlist.OTHER),
        ({}, {"MatchType": "Online", "TeamSize": 2}, Playlist.UNRANKED_DOUBLES),
        ({}, {"MatchType": "Private"}, Playlist.PRIVATE),
        ({}, {}, Playlist.OTHER),
    ],
)
def test_playlists(game: dict[str, Any], headers: dict[str, Any], playlist: Playlist) -> None:
    assert playlist_of(game, headers) == playlist


def test_every_playlist_that_can_be_told_is_one() -> None:
    told = {*BY_NUMBER.values(), *MAPS_OF_MODES.values(), *CLASSES_OF_MODES.values()}
    assert told <= set(Playlist.values)


@pytest.mark.parametrize(
    ("tier", "group"),
    [
        ("diamond-2", RankGroup.DIAMOND),
        ("grand-champion-1", RankGroup.GRAND_CHAMPION),
        ("Supersonic-Legend", RankGroup.SUPERSONIC_LEGEND),
        ("unranked", None),
        ("", None),
    ],
)
def test_the_group_of_a_rank(tier: str, group: RankGroup | None) -> None:
    assert group_of(tier) == group

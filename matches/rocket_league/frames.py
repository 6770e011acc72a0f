"""From the parser's dictionaries to arrays, once: what was read of a replay becomes a Recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import numpy as np

from matches.rocket_league.clock import Clock
from matches.rocket_league.happenings import (
    Data,
    Key,
    Places,
    demolitions_of,
    goals_of,
    key_of,
    last_touch_of,
    pickups_of,
    score_line_of,
    scoreboard_of,
)
from matches.rocket_league.playlists import playlist_of
from matches.rocket_league.recording import Recording
from matches.rocket_league.tracks import BLUE, ORANGE, PlayerTrack, Tracks

FULL_TANK = 255
"""What the game calls 100 boost."""

NOWHERE = (np.nan, np.nan, np.nan)
UNTURNED = (np.nan, np.nan, np.nan, np.nan)

LONGEST_NAME, LONGEST_ID, LONGEST_MAP = 100, 64, 60
MOST = 999
"""More goals than anybody shoots: a file may say anything."""

_xyz = itemgetter("x", "y", "z")
_xyzw = itemgetter("x", "y", "z", "w")


def recording_of(data: dict[str, Any]) -> Recording:
    """All that is counted of one replay. Empties `data` on the way, since it is what takes the memory.

    `data` is what subtr_actor.get_replay_frames_data returns. Raises ValueError where it has no frames or players.
    """
    frames, meta = data.pop("frame_data"), data["meta"]
    places = {key_of(identity): place for place, (identity, _) in enumerate(frames["players"])}
    if not places or not frames["metadata_frames"]:
        raise ValueError("no frames or no players")
    clock = Clock(frames["metadata_frames"])
    headers, known = dict(meta["all_headers"]), _known(meta)
    tracks, sliding = _tracks(frames, clock, data, known=known, places=places)
    scoreboard, events = scoreboard_of(headers, known), data["player_stat_events"]
    return Recording(
        guid=_text(headers.get("Id"), LONGEST_ID),
        played_at=_played_at(headers),
        playlist=playlist_of(meta.get("game_type") or {}, headers),
        team_size=_number(headers.get("TeamSize")),
        map_code=_text(headers.get("MapName"), LONGEST_MAP).lower(),
        is_overtime=clock.is_overtime,
        score=(_number(headers.get("Team0Score")), _number(headers.get("Team1Score"))),
        winner={0: BLUE, 1: ORANGE}.get(headers.get("WinningTeam", -1)),
        tracks=tracks,
        steps=clock.steps,
        is_countdown=clock.is_countdown,
        is_waiting=clock.is_waiting,
        last_touch=last_touch_of(data["touch_events"], clock.size),
        sliding=sliding,
        lines=tuple(
            score_line_of(key, scoreboard.get(key), events=events, goals=tracks.goals, place=place)
            for key, place in places.items()
        ),
        pickups=pickups_of(data, places),
    )


def _tracks(
    frames: dict[str, Any], clock: Clock, data: Data, *, known: Mapping[Key, Data], places: Places
) -> tuple[Tracks, tuple[np.ndarray, ...]]:
    """Everything that moved, and when each player held the powerslide button. Empties `frames`."""
    frames["metadata_frames"].clear()
    ball, ball_velocity = _ball(frames["ball_data"]["frames"])
    cars = [_player(*frames["players"].pop(0), known=known, size=clock.size) for _ in places]
    told = dict(data["meta"]["all_headers"]).get("Goals") or []
    names = [track.name for track, _ in cars]
    goals = goals_of(data["goal_events"], told, size=clock.size, places=places, names=names)
    tracks = Tracks(
        times=clock.times,
        clock=clock.seconds,
        is_live=clock.is_live(goals),
        ball=ball,
        ball_velocity=ball_velocity,
        players=tuple(track for track, _ in cars),
        goals=goals,
        demolitions=tuple(demolitions_of(data["demolish_infos"], places)),
    )
    return tracks, tuple(sliding for _, sliding in cars)


def platform_of(identity: Data) -> tuple[str, str]:
    """Platform and id as ballchasing writes them; both empty for bots.

    PlayStation players go by name there; an Xbox number is written as its bytes, the lowest first, in hexadecimal.
    """
    ((platform, number),) = identity.items()
    match platform:
        case "Steam" | "Epic":
            return platform.lower(), str(number)
        case "PlayStation":
            return "ps4", str(number["name"])
        case "Xbox":
            return "xbox", int(number).to_bytes(8, "little").hex()
        case "Switch":
            return "switch", str(number["online_id"])
        case "PsyNet" | "QQ":
            return platform.lower(), str(number["online_id"] if isinstance(number, Mapping) else number)
    return "", ""


def _rows(points: Iterable[tuple[float, ...]], width: int) -> np.ndarray:
    flat = np.fromiter((number for point in points for number in point), dtype=np.float32)
    return flat.reshape(-1, width)


def _body(frame: Any) -> Mapping[str, Any] | None:
    return frame["Data"]["rigid_body"] if isinstance(frame, dict) else None


def _ball(frames: list[Any]) -> tuple[np.ndarray, np.ndarray]:
    bodies = [_body(frame) for frame in frames]
    frames.clear()
    return _places(bodies), _velocities(bodies)


def _places(bodies: list[Mapping[str, Any] | None]) -> np.ndarray:
    return _rows((_xyz(body["location"]) if body else NOWHERE for body in bodies), 3)


def _velocities(bodies: list[Mapping[str, Any] | None]) -> np.ndarray:
    """A body at rest has none in the file."""
    still = (0.0, 0.0, 0.0)
    return _rows(
        ((_xyz(body["linear_velocity"]) if body["linear_velocity"] else still) if body else NOWHERE for body in bodies),
        3,
    )


def _player(
    identity: Data, record: dict[str, list[Any]], *, known: Mapping[Key, Data], size: int
) -> tuple[PlayerTrack, np.ndarray]:
    """One player's track and when the powerslide button was held; a short list of frames is filled up with none."""
    frames = record["frames"] + ["Empty"] * (size - len(record["frames"]))
    cars = [frame["Data"] if isinstance(frame, dict) else None for frame in frames]
    first: Data = next((car for car in cars if car), {})
    # The parser goes on with a blown-up car as a body at rest; a living one always has a velocity.
    cars = [car if car and car["rigid_body"]["linear_velocity"] else None for car in cars]
    bodies = [car["rigid_body"] if car else None for car in cars]
    about = known.get(key_of(identity), {})
    platform, platform_id = platform_of(identity)
    name = _text(about.get("name") or first.get("player_name"), LONGEST_NAME)
    track = PlayerTrack(
        name="Bot" if not platform and (not name or name.isdigit()) else name,
        side=BLUE if first.get("is_team_0", True) else ORANGE,
        platform=platform,
        platform_id=_text(platform_id, LONGEST_ID),
        is_bot=not platform,
        position=_places(bodies),
        velocity=_velocities(bodies),
        rotation=_rows((_xyzw(body["rotation"]) if body else UNTURNED for body in bodies), 4),
        boost=np.array([car["boost_amount"] if car else np.nan for car in cars], dtype=np.float32) * (100 / FULL_TANK),
        is_boosting=np.array([bool(car and car["boost_active"]) for car in cars]),
    )
    return track, np.array([bool(car and car["powerslide_active"]) for car in cars])


def _known(meta: Data) -> dict[Key, Data]:
    """What is known of each player by identity, with the number of their team."""
    teams = ("team_zero", "team_one")
    return {key_of(p["remote_id"]): p | {"team": team} for team, name in enumerate(teams) for p in meta[name]}


def _text(value: object, most: int) -> str:
    """What a file says, without what can't be printed, and not longer than it is kept."""
    return "".join(sign for sign in str(value or "") if sign.isprintable())[:most]


def _number(value: Any) -> int:
    return min(max(int(value or 0), 0), MOST)


def _played_at(headers: Data) -> datetime | None:
    """When the match began, if the header counts it in seconds; else its date, which has no time zone: taken for UTC.

    Dates are written `2018-05-29 16-07-06`, in 2016 `2016-09-01:21-39`.
    """
    if str(headers.get("MatchStartEpoch") or "").isdigit():
        return datetime.fromtimestamp(int(headers["MatchStartEpoch"]), tz=UTC)
    text = str(headers.get("Date") or "")
    for pattern in ("%Y-%m-%d %H-%M-%S", "%Y-%m-%d:%H-%M"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None

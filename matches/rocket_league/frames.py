"""From the parser's dictionaries to arrays, once: what was read of a replay becomes a Recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import numpy as np

from matches.rocket_league.playlists import playlist_of
from matches.rocket_league.recording import Pickups, Recording, ScoreLine
from matches.rocket_league.tracks import BLUE, ORANGE, Demolition, Goal, PlayerTrack, Tracks

LONGEST_STEP = 0.15
"""Seconds. Recordings have some 30 frames a second; a longer step is the replay of a goal, which is not recorded."""

FULL_TANK = 255
"""What the game calls 100 boost."""

NOWHERE = (np.nan, np.nan, np.nan)
UNTURNED = (np.nan, np.nan, np.nan, np.nan)

Data = Mapping[str, Any]

_xyz = itemgetter("x", "y", "z")
_xyzw = itemgetter("x", "y", "z", "w")


def recording_of(data: dict[str, Any]) -> Recording:
    """All that is counted of one replay. Empties `data` on the way, since it is what takes the memory.

    `data` is what subtr_actor.get_replay_frames_data returns. Raises ValueError where it has no frames or players.
    """
    frames = data.pop("frame_data")
    clock = _Clock(frames["metadata_frames"])
    frames["metadata_frames"].clear()
    headers = dict(data["meta"]["all_headers"])
    ids = [identity for identity, _ in frames["players"]]
    if not ids or not clock.size:
        raise ValueError("no frames or no players")
    places = {key_of(identity): place for place, identity in enumerate(ids)}
    known = _known(data["meta"])
    scoreboard = _scoreboard(headers, known)
    ball, ball_velocity = _ball(frames["ball_data"]["frames"])
    cars = [_player(*frames["players"].pop(0), known=known, size=clock.size) for _ in ids]
    goals = tuple(_goals(data["goal_events"], places))
    tracks = Tracks(
        times=clock.times,
        clock=clock.seconds,
        is_live=clock.is_live(goals),
        ball=ball,
        ball_velocity=ball_velocity,
        players=tuple(track for track, _ in cars),
        goals=goals,
        demolitions=tuple(_demolitions(data["demolish_infos"], places)),
    )
    game = data["meta"].get("game_type") or {}
    return Recording(
        guid=str(headers.get("Id") or ""),
        played_at=_played_at(headers),
        playlist=playlist_of(game, headers),
        team_size=int(headers.get("TeamSize") or 0),
        map_code=str(headers.get("MapName") or "").lower(),
        is_overtime=clock.is_overtime,
        score=(int(headers.get("Team0Score") or 0), int(headers.get("Team1Score") or 0)),
        winner={0: BLUE, 1: ORANGE}.get(headers.get("WinningTeam", -1)),
        tracks=tracks,
        steps=clock.steps,
        is_countdown=clock.is_countdown,
        is_waiting=clock.is_waiting,
        last_touch=_last_touch(data["touch_events"], clock.size),
        sliding=tuple(sliding for _, sliding in cars),
        lines=tuple(
            _line(key, scoreboard.get(key), events=data["player_stat_events"], goals=goals, place=place)
            for key, place in places.items()
        ),
        pickups=_pickups(data, places),
    )


def key_of(identity: Mapping[str, Any]) -> tuple[str, str]:
    """One player's identity, for looking up: the platform as the parser calls it, and the whole id there."""
    ((platform, number),) = identity.items()
    return platform, repr(number)


def platform_of(identity: Mapping[str, Any]) -> tuple[str, str]:
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


class _Clock:
    """Times and states of the match, frame by frame.

    States are numbers that mean something else in each file. The countdown is the one that runs from 3 to 0; what
    follows it is play; a goal begins a third.
    """

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        self.size = len(frames)
        self.times = np.array([frame["time"] for frame in frames], dtype=float)
        self.seconds = np.array([frame["seconds_remaining"] for frame in frames], dtype=float)
        self._state = np.array([frame["replicated_game_state_name"] for frame in frames])
        left = np.array([frame["replicated_game_state_time_remaining"] for frame in frames])
        self.is_countdown = left > 0
        self._waiting = set(self._state[self.is_countdown].tolist())
        self.is_waiting = np.isin(self._state, list(self._waiting))
        steps = np.diff(self.times, append=self.times[-1:])
        self.steps = np.where((steps > LONGEST_STEP) | (steps < 0), 0.0, steps)

    def is_live(self, goals: Iterable[Goal]) -> np.ndarray:
        """(n,) bool: the ball is in play."""
        begins = np.flatnonzero(self.is_countdown[:-1] & ~self.is_countdown[1:]) + 1
        playing = set(self._state[begins].tolist()) - self._waiting
        if not playing:
            playing = set(self._state.tolist()) - {int(self._state[goal.frame]) for goal in goals} - self._waiting
        return np.isin(self._state, list(playing))

    @property
    def is_overtime(self) -> bool:
        """The clock ran out, and then ran on: upwards."""
        out = np.flatnonzero(self.seconds == 0)
        return bool(out.size) and bool((self.seconds[out[0] :] > 0).any())


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
    identity: Data, record: dict[str, list[Any]], *, known: Mapping[tuple[str, str], Data], size: int
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
    name = str(about.get("name") or first.get("player_name") or "")
    track = PlayerTrack(
        name="Bot" if not platform and (not name or name.isdigit()) else name,
        side=BLUE if first.get("is_team_0", True) else ORANGE,
        platform=platform,
        platform_id=platform_id,
        is_bot=not platform,
        position=_places(bodies),
        velocity=_velocities(bodies),
        rotation=_rows((_xyzw(body["rotation"]) if body else UNTURNED for body in bodies), 4),
        boost=np.array([car["boost_amount"] if car else np.nan for car in cars], dtype=np.float32) * (100 / FULL_TANK),
        is_boosting=np.array([bool(car and car["boost_active"]) for car in cars]),
    )
    return track, np.array([bool(car and car["powerslide_active"]) for car in cars])


def _goals(events: list[Data], places: Mapping[tuple[str, str], int]) -> Iterable[Goal]:
    for event in events:
        side = BLUE if event["scoring_team_is_team_0"] else ORANGE
        scorer = places.get(key_of(event["player"])) if event["player"] else None
        yield Goal(frame=event["frame"], side=side, scorer=scorer)


def _last_touch(events: list[Data], size: int) -> np.ndarray:
    touched = np.full(size, -1)
    for event in events:
        touched[event["frame"]] = 0 if event["team_is_team_0"] else 1
    latest = np.maximum.accumulate(np.where(touched >= 0, np.arange(size), 0))
    return touched[latest]


def _demolitions(events: list[Data], places: Mapping[tuple[str, str], int]) -> Iterable[Demolition]:
    for event in events:
        attacker, victim = (places.get(key_of(event[who])) for who in ("attacker", "victim"))
        if attacker is not None and victim is not None:
            yield Demolition(frame=event["frame"], attacker=attacker, victim=victim)


def _scoreboard(headers: Data, known: Mapping[tuple[str, str], Data]) -> dict[tuple[str, str], Data]:
    """Lines of the header's scoreboard by identity; where the parser found none for somebody, by name and team."""
    lines = headers.get("PlayerStats") or []
    by_name = {(line.get("Name"), line.get("Team")): line for line in lines}
    found = {key: about.get("stats") or by_name.get((about["name"], about["team"])) for key, about in known.items()}
    return {key: line for key, line in found.items() if line}


def _known(meta: Data) -> dict[tuple[str, str], Data]:
    """What is known of each player by identity, with the number of their team."""
    teams = ("team_zero", "team_one")
    return {key_of(p["remote_id"]): p | {"team": team} for team, name in enumerate(teams) for p in meta[name]}


def _line(
    key: tuple[str, str], told: Data | None, *, events: list[Data], goals: Iterable[Goal], place: int
) -> ScoreLine:
    """From the scoreboard; of who left before the end, from what happened in the match."""
    if told:
        names = ("Goals", "Assists", "Saves", "Shots", "Score")
        return ScoreLine(**{name.lower(): int(told.get(name, 0)) for name in names})
    kinds = [event["kind"] for event in events if event["player"] and key_of(event["player"]) == key]
    scored = sum(goal.scorer == place for goal in goals)
    return ScoreLine(goals=scored, assists=kinds.count("Assist"), saves=kinds.count("Save"), shots=kinds.count("Shot"))


def _pickups(data: Data, places: Mapping[tuple[str, str], int]) -> Pickups:
    pads = {pad["pad_id"]: pad for pad in data["boost_pads"] if pad["pad_id"]}
    rows = [
        (event["frame"], places[key_of(event["player"])], event["pad_id"])
        for event in data["boost_pad_events"]
        if "PickedUp" in event["kind"]
        and event["player"]
        and key_of(event["player"]) in places
        and event["pad_id"] in pads
    ]
    return Pickups(
        frame=np.array([row[0] for row in rows], dtype=int),
        player=np.array([row[1] for row in rows], dtype=int),
        pad=np.array([pads[row[2]]["index"] for row in rows], dtype=int),
        is_big=np.array([pads[row[2]]["size"] == "Big" for row in rows], dtype=bool),
        y=np.array([pads[row[2]]["position"]["y"] for row in rows], dtype=float),
    )


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

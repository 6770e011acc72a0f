"""What the viewer draws: a match as ten pictures a second, small enough to send.

The format, version 1, gzipped as a whole. Numbers are little-endian:

| bytes | what |
|---|---|
| 4 | the letters `TLSC` |
| 1 | version, 1 |
| 4 | length of the header, unsigned |
| length | the header, JSON in UTF-8: see below |
| then | the columns, n pictures each, one after another |

Header: `rate` (pictures a second), `pictures` (n), `start` (time of the first picture on the recording's own clock,
seconds), `players` [{`name`, `side`}], `goals` [{`picture`, `side`, `scorer`}] and `demolitions`
[{`picture`, `attacker`, `victim`}], where scorer, attacker and victim are places in `players`, scorer may be null.

Columns: `state` (byte: 1 ball in play, 2 overtime, 4 there is a ball), `clock` (word, seconds shown), the ball's `x`,
`y`, `z` (words, uu); then for each player `x`, `y`, `z` (words, uu), `yaw` (byte, 256ths of a turn, 0 towards +x,
counted towards +y), `boost` (byte, 0..100), `flags` (byte: 1 has a car, 2 demolished, 4 boosting).

A word is a signed 16-bit number, written as the difference to the picture before (the first to 0, all modulo 2**16):
first the n low bytes, then the n high bytes, which gzip likes better. The bytes of `yaw` and `boost` are differences
modulo 256; `state` and `flags` are written as they are. Where somebody has no car, or there is no ball, the last place
is repeated.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matches.rocket_league.tracks import Demolition, Goal

if TYPE_CHECKING:
    import numpy as np

    from matches.rocket_league.tracks import PlayerTrack, Tracks

MAGIC = b"TLSC"
VERSION = 1
RATE = 10
"""Pictures a second; the viewer draws what is between them."""

IN_PLAY, OVERTIME, HAS_BALL = 1, 2, 4
HAS_CAR, DEMOLISHED, BOOSTING = 1, 2, 4
FARTHEST = 32_000
"""uu; what is farther out than an arena can be is held at its edge."""

FASTEST = 7_000.0
"""uu/s; nothing moves faster (the ball's limit is 6,000), so what seems to was put there, as at a kick-off."""

LONGEST_DEMOLITION = 6.0
"""Seconds; a car that is blown up is back after three, or after the celebration of a goal."""

SETTLING = 2
"""Pictures until a wreck lies still."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PlayerScenes:
    """One player over n pictures. Positions (n, 3) int16 uu; yaw (n,) uint8, 256ths of a turn; boost (n,) uint8."""

    name: str
    side: str
    position: np.ndarray
    yaw: np.ndarray
    boost: np.ndarray
    flags: np.ndarray
    """(n,) uint8 of HAS_CAR, DEMOLISHED, BOOSTING."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenes:
    """A match of n pictures, `RATE` a second. Goals and demolitions are at a picture (their `frame`)."""

    start: float
    state: np.ndarray
    """(n,) uint8 of IN_PLAY, OVERTIME, HAS_BALL."""
    clock: np.ndarray
    """(n,) int16 seconds shown."""
    ball: np.ndarray
    """(n, 3) int16 uu."""
    players: tuple[PlayerScenes, ...]
    goals: tuple[Goal, ...]
    demolitions: tuple[Demolition, ...]


def encode(tracks: Tracks) -> bytes:
    """The match as the viewer wants it, in the format above. `ValueError` for tracks without a frame."""
    return pack(scenes_of(tracks))


def decode(data: bytes) -> Scenes:
    """What `encode` wrote. `ValueError` if it did not, or in another version of the format."""
    raw = gzip.decompress(data)
    if raw[:4] != MAGIC or raw[4] != VERSION:
        raise ValueError("These are no scenes of a replay that this version can read.")
    length = int.from_bytes(raw[5:9], "little")
    header = json.loads(raw[9 : 9 + length])
    columns = _Columns(raw[9 + length :], header["pictures"])
    return Scenes(
        start=header["start"],
        state=columns.plain(),
        clock=columns.words(),
        ball=columns.place(),
        players=tuple(_player_from(columns, told) for told in header["players"]),
        goals=tuple(Goal(frame=g["picture"], side=g["side"], scorer=g["scorer"]) for g in header["goals"]),
        demolitions=tuple(
            Demolition(frame=d["picture"], attacker=d["attacker"], victim=d["victim"]) for d in header["demolitions"]
        ),
    )


# ---- From frames to pictures ----


def scenes_of(tracks: Tracks) -> Scenes:
    """The match at even times. Places between two frames are interpolated; all else is as at the nearest frame."""
    import numpy as np

    moments = _Moments.over(tracks.times)
    nearest = moments.nearest
    ball, has_ball = moments.path(tracks.ball)
    clock = np.clip(np.rint(tracks.clock[nearest]), 0, FARTHEST).astype(np.int16)
    state = (
        np.where(tracks.is_live[nearest], IN_PLAY, 0)
        + np.where(_is_overtime(clock), OVERTIME, 0)
        + np.where(has_ball, HAS_BALL, 0)
    )
    return Scenes(
        start=round(float(tracks.times[0]), 3),
        state=state.astype(np.uint8),
        clock=clock,
        ball=ball,
        players=tuple(_player_scenes(tracks, place, moments) for place in range(len(tracks.players))),
        goals=tuple(Goal(frame=moments.of(g.frame), side=g.side, scorer=g.scorer) for g in tracks.goals),
        demolitions=tuple(
            Demolition(frame=moments.of(d.frame), attacker=d.attacker, victim=d.victim) for d in tracks.demolitions
        ),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Moments:
    """When the m pictures are taken, against the n frames there are."""

    times: np.ndarray
    """(n,) of the frames, seconds."""
    at: np.ndarray
    """(m,) of the pictures, seconds."""
    before: np.ndarray
    """(m,) the frame at or before each picture, never the last of several."""
    share: np.ndarray
    """(m,) how far each picture is on the way to the frame after, 0..1."""

    @classmethod
    def over(cls, times: np.ndarray) -> _Moments:
        import numpy as np

        if not len(times):
            raise ValueError("A match without a single frame has no scenes.")
        count = int(np.floor((times[-1] - times[0]) * RATE + 1e-6)) + 1
        at = times[0] + np.arange(count) / RATE
        before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, max(0, len(times) - 2))
        after = np.minimum(before + 1, len(times) - 1)
        gap = times[after] - times[before]
        share = np.divide(at - times[before], gap, out=np.zeros(count), where=gap > 0)
        return cls(times=times, at=at, before=before, share=np.clip(share, 0.0, 1.0))

    @property
    def after(self) -> np.ndarray:
        import numpy as np

        following: np.ndarray = np.minimum(self.before + 1, len(self.times) - 1)
        return following

    @property
    def nearest(self) -> np.ndarray:
        import numpy as np

        return np.where(self.share < 0.5, self.before, self.after)

    def of(self, frame: int) -> int:
        """The first picture at or after a frame; the last one if there is none."""
        import numpy as np

        return min(int(np.searchsorted(self.at, self.times[frame] - 1e-9)), len(self.at) - 1)

    def path(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(m, 3) int16 of places (n, 3), and (m,) where there are any; the last known stands where there are none."""
        import numpy as np

        start, end = places[self.before], places[self.after]
        gap = np.maximum(self.times[self.after] - self.times[self.before], 1e-9)
        with np.errstate(invalid="ignore"):
            moved = np.linalg.norm(end - start, axis=1) <= FASTEST * gap
        between = start + (end - start) * self.share[:, None]
        exact = np.where(moved[:, None], between, places[self.nearest])
        known = np.isfinite(exact).all(axis=1)
        held = np.clip(np.rint(_held(exact, known)), -FARTHEST, FARTHEST)
        return held.astype(np.int16), known


def _held(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """`values` (m, …) with the last known one where it isn't known; the first known one before that, else 0."""
    import numpy as np

    if not known.any():
        return np.zeros_like(values)
    last = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
    kept: np.ndarray = values[np.where(last < 0, int(np.argmax(known)), last)]
    return kept


def _is_overtime(clock: np.ndarray) -> np.ndarray:
    """(m,) bool: from when the clock, run down to nothing, began to count up."""
    import numpy as np

    step = np.diff(clock, prepend=clock[:1])
    begun = (step > 0) & (step <= 2) & (clock - step <= 1)
    since: np.ndarray = np.maximum.accumulate(begun)
    return since


def _player_scenes(tracks: Tracks, place: int, moments: _Moments) -> PlayerScenes:
    import numpy as np

    track = tracks.players[place]
    position, has_car = moments.path(track.position)
    nearest = moments.nearest
    boost = np.nan_to_num(track.boost[nearest], nan=0.0)
    demolished = _is_demolished(tracks, place, position, has_car, moments)
    drives = has_car & ~demolished
    flags = (
        np.where(drives, HAS_CAR, 0)
        + np.where(demolished, DEMOLISHED, 0)
        + np.where(drives & track.is_boosting[nearest], BOOSTING, 0)
    )
    return PlayerScenes(
        name=track.name,
        side=track.side,
        position=position,
        yaw=_yaw(track, nearest),
        boost=np.clip(np.rint(boost), 0, 100).astype(np.uint8),
        flags=flags.astype(np.uint8),
    )


def _yaw(track: PlayerTrack, nearest: np.ndarray) -> np.ndarray:
    """(m,) uint8: which way the nose points seen from above, from the quaternion x, y, z, w."""
    import numpy as np

    x, y, z, w = track.rotation[nearest].T
    turn = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    turn = _held(turn, np.isfinite(turn))
    return (np.rint(turn / (2 * np.pi) * 256).astype(np.int64) % 256).astype(np.uint8)


def _is_demolished(
    tracks: Tracks, place: int, position: np.ndarray, has_car: np.ndarray, moments: _Moments
) -> np.ndarray:
    """(m,) bool: blown up and not back yet. Until then there is no car, or it lies where it was hit."""
    import numpy as np

    gone = np.zeros(len(has_car), dtype=bool)
    for demolition in tracks.demolitions:
        if demolition.victim != place:
            continue
        first = moments.of(demolition.frame)
        window = slice(first, first + int(LONGEST_DEMOLITION * RATE))
        there = position[window]
        lies = ~has_car[window] | (there == there[min(SETTLING, len(there) - 1)]).all(axis=1)
        lies[:SETTLING] = True
        length = len(lies) if lies.all() else int(np.argmin(lies))
        if length > 2 * SETTLING:
            gone[first : first + length] = True
    return gone


# ---- From pictures to bytes ----


def pack(scenes: Scenes) -> bytes:
    """The format above."""
    header = json.dumps(_header(scenes), separators=(",", ":"), ensure_ascii=False).encode()
    parts = [MAGIC, bytes([VERSION]), len(header).to_bytes(4, "little"), header]
    parts += [scenes.state.tobytes(), _words(scenes.clock), _place(scenes.ball)]
    for player in scenes.players:
        parts += [_place(player.position), _steps(player.yaw), _steps(player.boost), player.flags.tobytes()]
    return gzip.compress(b"".join(parts), compresslevel=9, mtime=0)


def _header(scenes: Scenes) -> dict[str, Any]:
    return {
        "rate": RATE,
        "pictures": len(scenes.state),
        "start": scenes.start,
        "players": [{"name": player.name, "side": player.side} for player in scenes.players],
        "goals": [{"picture": goal.frame, "side": goal.side, "scorer": goal.scorer} for goal in scenes.goals],
        "demolitions": [
            {"picture": event.frame, "attacker": event.attacker, "victim": event.victim} for event in scenes.demolitions
        ],
    }


def _place(values: np.ndarray) -> bytes:
    return b"".join(_words(values[:, axis]) for axis in range(3))


def _words(values: np.ndarray) -> bytes:
    """Differences modulo 2**16: all low bytes, then all high ones."""
    import numpy as np

    whole = values.astype(np.int16).view(np.uint16)
    steps = np.diff(whole, prepend=np.uint16(0))
    return (steps & 0xFF).astype(np.uint8).tobytes() + (steps >> 8).astype(np.uint8).tobytes()


def _steps(values: np.ndarray) -> bytes:
    """Differences modulo 256."""
    import numpy as np

    return np.diff(values.astype(np.uint8), prepend=np.uint8(0)).tobytes()


class _Columns:
    """Reads one column of n pictures after another."""

    def __init__(self, raw: bytes, pictures: int) -> None:
        self._raw = raw
        self._pictures = pictures
        self._at = 0

    def plain(self) -> np.ndarray:
        import numpy as np

        end = self._at + self._pictures
        if end > len(self._raw):
            raise ValueError("These scenes of a replay end too early.")
        column = np.frombuffer(self._raw[self._at : end], dtype=np.uint8)
        self._at = end
        return column

    def steps(self) -> np.ndarray:
        import numpy as np

        return np.cumsum(self.plain(), dtype=np.uint8)

    def words(self) -> np.ndarray:
        import numpy as np

        low, high = self.plain(), self.plain()
        steps = low.astype(np.uint16) | (high.astype(np.uint16) << 8)
        return np.cumsum(steps, dtype=np.uint16).view(np.int16)

    def place(self) -> np.ndarray:
        import numpy as np

        return np.stack([self.words() for _ in range(3)], axis=1)


def _player_from(columns: _Columns, told: dict[str, str]) -> PlayerScenes:
    return PlayerScenes(
        name=told["name"],
        side=told["side"],
        position=columns.place(),
        yaw=columns.steps(),
        boost=columns.steps(),
        flags=columns.plain(),
    )

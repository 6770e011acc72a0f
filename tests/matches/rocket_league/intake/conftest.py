"""Files that look like replays, and a reader that says what it was told to, without a parser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from matches.models import Playlist, Replay
from matches.rocket_league import reading, replays
from matches.rocket_league.reading import MARK, ReadPlayer, ReadReplay, UnreadableReplay
from matches.rocket_league.replays import Received
from matches.signals import replay_processed

Bring = Callable[..., Received]


def replay_bytes(name: str = "one") -> bytes:
    """As much of a replay as can be seen without a parser: a header's length, the mark, and its content's length."""
    header = b"\x18\0\0\0" + MARK + b"Soccar_TA\0" + name.encode().ljust(400, b".")
    return len(header).to_bytes(4, "little") + b"\0" * 4 + header + b"\0" * 8


def name_in(path: Path) -> str:
    """Which of them it is."""
    return path.read_bytes().partition(b"_TA\0")[2].strip(b".\0").decode()


def read_player(side: str, number: int, **fields: Any) -> ReadPlayer:
    told: dict[str, Any] = {
        "side": side,
        "platform": "steam",
        "platform_id": f"7656119800000000{number}",
        "name": f"Player {number}",
        "is_bot": False,
        "is_short": False,
        "seconds": 300.0,
        "won": side == "blue",
        "statistics": {"core_goals": 1.0, "boost_bpm": 380.5},
    }
    return ReadPlayer(**{**told, **fields})


def read_replay(**fields: Any) -> ReadReplay:
    told: dict[str, Any] = {
        "guid": "",
        "played_at": datetime(2026, 3, 10, 19, 42, tzinfo=UTC),
        "playlist": Playlist.RANKED_DOUBLES,
        "team_size": 2,
        "map_code": "cs_p",
        "duration": 331.4,
        "is_overtime": True,
        "blue_goals": 3,
        "orange_goals": 2,
        "players": tuple(
            read_player(side, number) for side, number in (("blue", 1), ("blue", 2), ("orange", 3), ("orange", 4))
        ),
        "scenes": b"scenes",
        "seconds": 4.1,
    }
    return ReadReplay(**{**told, **fields})


@dataclass
class Reader:
    """Says of any file what it was told to, and how often it was asked."""

    says: Callable[[Path], ReadReplay] | ReadReplay | Exception = field(default_factory=read_replay)
    asked: list[str] = field(default_factory=list)

    def read(self, path: Path) -> ReadReplay:
        self.asked.append(path.name)
        reading.look_at(path)
        said = self.says(path) if callable(self.says) else self.says
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    fake = Reader()
    monkeypatch.setattr(reading, "read", fake.read)
    return fake


@pytest.fixture
def bring(alice: User, reader: Reader) -> Bring:
    """Receive a file as alice, or whoever is named; nothing is sent to a worker."""

    def brought(name: str = "one", *, content: bytes | None = None, user: User | None = alice) -> Received:
        body = replay_bytes(name) if content is None else content
        return replays.receive(
            BytesIO(body), filename=f"{name}.replay", user=user, source=Replay.Source.WEB, dispatch=False
        )

    return brought


@pytest.fixture
def unreadable(reader: Reader) -> UnreadableReplay:
    """What the reader says from now on."""
    reader.says = UnreadableReplay("damaged")
    return reader.says


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """The replays whose statistics were announced."""
    ids: list[Any] = []

    def hear(sender: object, *, replay_id: Any, **kwargs: object) -> None:
        ids.append(replay_id)

    replay_processed.connect(hear)
    yield ids
    replay_processed.disconnect(hear)

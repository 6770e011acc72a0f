"""Reads a replay file: who played, what happened, statistics of everybody, and scenes for the viewer."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from matches.errors import MatchDataError
from matches.rocket_league.reading_process import LENGTH_BYTES

logger = logging.getLogger(__name__)

EXTRACTION_VERSION = 1
"""Rises whenever the same file would give other statistics, so that stored ones can be worked out anew."""

MARK = b"TAGame.Replay_"
MARK_WITHIN = 64
"""The kind of replay stands this near the beginning of every one."""

SMALLEST_HEADER = 200

WORDS: Mapping[str, str] = {
    "empty": "The file is empty. Upload it again, or save the replay once more in the game.",
    "not_a_replay": "This is not a Rocket League replay. Those end in .replay and are in the game's Demos folder.",
    "truncated": "The file ends too early: part of it is missing. Copy or upload it again, whole.",
    "damaged": "The file is damaged: its check sum does not fit. Save the replay once more in the game.",
    "too_many_frames": "The file says that it holds more frames than any match has: it is damaged.",
    "no_frames": "The file has a header, but nothing of the match was recorded: there is nothing to measure.",
    "not_understood": "This replay can't be read. It may be damaged, or of a version of the game not known yet.",
    "parser_failed": "The reader gave up on this replay: something in it is not as the game writes it.",
    "out_of_memory": "Reading this replay takes more memory than is allowed. It is very long, or damaged.",
    "took_too_long": "Reading this replay took longer than is allowed. It is very long, or damaged.",
    "crashed": "The reader broke off on this replay. The file may be damaged.",
}
"""What went wrong, and what to do, for a person; by code."""


class UnreadableReplay(MatchDataError):
    """A file that no match can be read from; `code` says why for programs, one of WORDS."""

    status = 422

    def __init__(self, code: str, message: str | None = None) -> None:
        super().__init__(message or WORDS[code])
        self.code = code


@dataclass(frozen=True, kw_only=True)
class ReadPlayer:
    """One player's part; the fields of ReplayPlayer. `statistics` by ballchasing's names."""

    side: str
    platform: str
    platform_id: str
    name: str
    is_bot: bool
    is_short: bool
    seconds: float
    won: bool | None
    statistics: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class ReadReplay:
    """A match as its replay tells it; the fields of Replay. `scenes` are for the viewer, `seconds` of wall time."""

    guid: str
    played_at: datetime | None
    playlist: str
    team_size: int
    map_code: str
    duration: float
    is_overtime: bool
    blue_goals: int
    orange_goals: int
    players: tuple[ReadPlayer, ...]
    scenes: bytes
    seconds: float


def read(path: Path) -> ReadReplay:
    """Read one replay in a process of its own, with limits of memory and time.

    Raises UnreadableReplay where the file is no replay, is broken, or goes past a limit. Never takes the caller down.
    """
    begin = time.perf_counter()
    look_at(path)
    told, scenes = _answer(_run(path), path)
    return ReadReplay(
        **{
            **told,
            "played_at": datetime.fromisoformat(told["played_at"]) if told["played_at"] else None,
            "players": tuple(ReadPlayer(**player) for player in told["players"]),
        },
        scenes=scenes,
        seconds=time.perf_counter() - begin,
    )


def look_at(path: Path) -> None:
    """What can be seen without a parser: raises UnreadableReplay for what is empty, something else, or cut off.

    A replay is the length of its header (four bytes), a check sum (four), the header, and the same of its content.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        begin = file.read(MARK_WITHIN)
        if not begin:
            raise UnreadableReplay("empty")
        if MARK not in begin:
            raise UnreadableReplay("not_a_replay")
        header = int.from_bytes(begin[:4], "little")
        if header < SMALLEST_HEADER:
            return  # a length that can't be: the parser tells what else is wrong
        if size < header + 16:
            raise UnreadableReplay("truncated")
        file.seek(header + 8)
        if size < header + 16 + int.from_bytes(file.read(4), "little"):
            raise UnreadableReplay("truncated")


def _run(path: Path) -> subprocess.CompletedProcess[bytes]:
    """The reading process from start to end. Past the time-out it is killed, with all that it may have started."""
    seconds = settings.REPLAY_SECONDS
    command = [sys.executable, "-m", "matches.rocket_league.reading_process"]
    limits = [str(settings.REPLAY_MEMORY_MB), str(seconds)]
    process = subprocess.Popen(  # noqa: S603 our own module, and a path that is no option
        [*command, str(path.resolve()), *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
    )
    try:
        out, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise UnreadableReplay("took_too_long") from None
    finally:
        _end(process)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and its group, and bury it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _answer(done: subprocess.CompletedProcess[bytes], path: Path) -> tuple[dict[str, Any], bytes]:
    """Header and scenes of an answer. Raises UnreadableReplay where there is none, or it tells of a failure."""
    length = int.from_bytes(done.stdout[:LENGTH_BYTES], "big")
    if done.returncode or len(done.stdout) <= LENGTH_BYTES:
        why = _why(done)
        logger.warning("replay_reader_ended", extra={"file": path.name, "code": why, "exit": done.returncode})
        raise UnreadableReplay(why)
    told: dict[str, Any] = json.loads(done.stdout[LENGTH_BYTES : LENGTH_BYTES + length])
    if code := told.get("failed"):
        logger.info("replay_not_read", extra={"file": path.name, "code": code, "detail": told.get("detail", "")})
        raise UnreadableReplay(code)
    return told, done.stdout[LENGTH_BYTES + length :]


def _why(done: subprocess.CompletedProcess[bytes]) -> str:
    """A process that ended without an answer: by its signal, or by what the native parser said at the end."""
    if done.returncode == -signal.SIGXCPU:
        return "took_too_long"
    if b"memory allocation" in done.stderr or b"MemoryError" in done.stderr or done.returncode == -signal.SIGKILL:
        return "out_of_memory"
    return "crashed"

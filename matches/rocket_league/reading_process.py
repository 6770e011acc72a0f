"""The process that reads one replay: `python -m matches.rocket_league.reading_process PATH MEGABYTES SECONDS`.

A replay is a stranger's file, and the parser is native code: it may panic, run away or use up the memory. So it runs
here, with limits, and the caller only looks at the answer on standard output: eight bytes, the length of the JSON that
follows, then the scenes for the viewer. No Django and no pandas are imported, so that it starts quickly.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

LENGTH_BYTES = 8

FAILURES = (
    ("Too many frames", "too_many_frames"),
    ("crc check failed", "damaged"),
    ("Insufficient data", "truncated"),
)
"""What the parser says of a file, and what we call it."""


def main(path: Path, *, megabytes: int, seconds: int) -> None:
    limit(megabytes=megabytes, seconds=seconds)
    gc.disable()  # millions of small dictionaries without a cycle: looking for one would take as long as the parsing
    told, scenes = answer(path)
    header = json.dumps(told).encode()
    sys.stdout.buffer.write(len(header).to_bytes(LENGTH_BYTES, "big") + header + scenes)


def answer(path: Path) -> tuple[dict[str, Any], bytes]:
    """What was read, and the scenes; or why not, by a code under `failed`. Nothing is raised."""
    try:
        return read(path)
    except MemoryError:
        return {"failed": "out_of_memory"}, b""
    except NothingRecorded:
        return {"failed": "no_frames"}, b""
    except Exception as error:
        return {"failed": failure_of(str(error)), "detail": str(error)[:500]}, b""
    except BaseException as error:  # a panic of the native parser, which is no Exception
        return {"failed": "parser_failed", "detail": str(error)[:500]}, b""


def limit(*, megabytes: int, seconds: int) -> None:
    """Of address space and of CPU time; past the first, allocation fails, past the second the process is ended."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class NothingRecorded(ValueError):
    """A header without a match."""


def read(path: Path) -> tuple[dict[str, Any], bytes]:
    """What ReadReplay is made of, as JSON, and the scenes."""
    import subtr_actor

    from matches.rocket_league import scenes
    from matches.rocket_league.frames import recording_of
    from matches.rocket_league.statistics import statistics_of

    data = subtr_actor.get_replay_frames_data(str(path))
    if not data["frame_data"]["metadata_frames"] or not data["frame_data"]["players"]:
        raise NothingRecorded
    recording = recording_of(data)
    del data
    blue, orange = recording.score
    told = {
        "guid": recording.guid,
        "played_at": recording.played_at.isoformat() if recording.played_at else None,
        "playlist": recording.playlist,
        "team_size": recording.team_size,
        "map_code": recording.map_code,
        "duration": round(recording.duration, 3),
        "is_overtime": recording.is_overtime,
        "blue_goals": blue,
        "orange_goals": orange,
        "players": [asdict(player) for player in statistics_of(recording)],
    }
    return told, scenes.encode(recording.tracks)


def failure_of(words: str) -> str:
    return next((code for part, code in FAILURES if part in words), "not_understood")


if __name__ == "__main__":
    main(Path(sys.argv[1]), megabytes=int(sys.argv[2]), seconds=int(sys.argv[3]))

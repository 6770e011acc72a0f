"""Replays are read in a process of their own; what is broken ends with a reason, never with the caller."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from matches.models import Playlist
from matches.rocket_league import reading, reading_process
from matches.rocket_league.reading import ReadReplay, UnreadableReplay

BROKEN = {
    "fuzz-slice-index": "damaged",
    "fuzz-too-many-frames": "too_many_frames",
    "header-only-no-frames": "no_frames",
    "made-empty": "empty",
    "made-png": "not_a_replay",
    "made-truncated-60pct": "truncated",
}


@pytest.mark.real_data
def test_a_real_replay_is_read_end_to_end(duel: ReadReplay) -> None:
    assert duel.guid == "FB97E4FF42C5A2D549DCCBBE930F3CA2"
    assert duel.played_at == datetime(2026, 4, 28, 15, 35, 9, tzinfo=UTC)
    assert (duel.playlist, duel.team_size, duel.map_code) == (Playlist.RANKED_DUELS, 1, "street_p")
    assert (duel.blue_goals, duel.orange_goals, duel.is_overtime) == (0, 4, False)
    assert duel.duration == pytest.approx(110.1, abs=0.1)


@pytest.mark.real_data
def test_players_are_named_as_ballchasing_names_them(duel: ReadReplay) -> None:
    blue, orange = duel.players
    assert (blue.side, blue.platform, blue.platform_id, blue.won) == ("blue", "ps4", "Adamboi04", False)
    assert (orange.platform, orange.platform_id, orange.won) == ("epic", "98e4fc3adbbc464e8e45f68948129294", True)
    assert not blue.is_bot
    assert not blue.is_short
    assert orange.statistics["core_goals"] == 4


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "code"), BROKEN.items())
def test_each_broken_file_fails_with_its_own_reason(real_replays: Path, name: str, code: str) -> None:
    with pytest.raises(UnreadableReplay) as refused:
        reading.read(real_replays / "bad" / f"{name}.replay")
    assert refused.value.code == code
    assert refused.value.status == 422
    assert str(refused.value) == reading.WORDS[code]


def mark(path: Path) -> Path:
    """A file that begins like a replay."""
    path.write_bytes(bytes(16) + b"\x18\x00\x00\x00TAGame.Replay_Soccar_TA\x00" + bytes(64))
    return path


def test_a_reader_that_never_answers_is_ended(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPLAY_SECONDS = 0.05
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def sleepy(_: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(start(["/bin/sleep", "60"], **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", sleepy)
    with pytest.raises(UnreadableReplay) as refused:
        reading.read(mark(tmp_path / "slow.replay"))
    assert refused.value.code == "took_too_long"
    assert started[0].returncode == -9


@pytest.mark.parametrize(
    ("status", "errors", "code"),
    [
        (-6, b"memory allocation of 1073741824 bytes failed", "out_of_memory"),
        (-9, b"", "out_of_memory"),
        (-24, b"", "took_too_long"),
        (-11, b"", "crashed"),
        (0, b"", "crashed"),
    ],
)
def test_a_reader_that_ended_without_an_answer_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, errors: bytes, code: str
) -> None:
    ended = subprocess.CompletedProcess([], status, b"", errors)
    monkeypatch.setattr(reading, "_run", lambda path: ended)
    with pytest.raises(UnreadableReplay) as refused:
        reading.read(mark(tmp_path / "odd.replay"))
    assert refused.value.code == code


class Panic(BaseException):
    """As pyo3 raises it: no Exception."""


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (Panic("called `Option::unwrap()` on a `None` value"), "parser_failed"),
        (MemoryError(), "out_of_memory"),
        (ValueError("Too many frames to decode: 738197735"), "too_many_frames"),
        (RuntimeError("Insufficient data. Expected 213265 bytes, but only 125720 left"), "truncated"),
        (RuntimeError("Could not find actor for actor id 7"), "not_understood"),
        (KeyError("rigid_body"), "not_understood"),
    ],
)
def test_whatever_the_parser_raises_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: str
) -> None:
    def parse(path: str) -> None:
        raise raised

    monkeypatch.setitem(sys.modules, "subtr_actor", SimpleNamespace(get_replay_frames_data=parse))
    told, scenes = reading_process.answer(tmp_path / "odd.replay")
    assert (told["failed"], scenes) == (code, b"")


def test_every_failure_has_words() -> None:
    codes = {code for _, code in reading_process.FAILURES}
    assert codes <= set(reading.WORDS)
    assert all(words.endswith(".") and len(words) < 300 for words in reading.WORDS.values())


@pytest.mark.real_data
def test_a_reader_with_too_little_memory_says_so(real_replays: Path, settings: Settings) -> None:
    settings.REPLAY_MEMORY_MB = 350
    with pytest.raises(UnreadableReplay) as refused:
        reading.read(real_replays / "post-eac-ranked-standard-2026-04-28.replay")
    assert refused.value.code == "out_of_memory"


def test_the_reading_process_starts_without_django_and_pandas() -> None:
    """It starts for each replay: what is imported for nothing is paid each time."""
    look = (
        "import sys; import matches.rocket_league.reading_process, matches.rocket_league.frames, "
        "matches.rocket_league.statistics, matches.rocket_league.scenes; "
        "print([name for name in ('django', 'pandas', 'sklearn', 'scipy') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", look], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"

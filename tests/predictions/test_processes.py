"""A whole site's processes, with small ones in their place: started together, stopped together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from predictions.management import processes

FOREVER = "import signal; signal.pause()"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started; none waits long."""
    kept: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def start_and_keep(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
        kept.append(start(*args, **kwargs))  # type: ignore[call-overload]  # passed on as they came
        return kept[-1]

    monkeypatch.setattr(subprocess, "Popen", start_and_keep)
    monkeypatch.setattr(processes, "POLL_SECONDS", 0.01)
    return kept


def test_where_one_ends_the_others_are_stopped(started: list[subprocess.Popen[bytes]]) -> None:
    ended = processes.run_until_stopped({"web": python(FOREVER), "worker": python("pass"), "beat": python(FOREVER)})
    assert ended == "worker"
    assert [process.returncode for process in started] == [-signal.SIGTERM, 0, -signal.SIGTERM]


@pytest.fixture
def heard() -> Iterator[None]:
    """SIGINT as in the foreground: what a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_them_all(started: list[subprocess.Popen[bytes]], asked: signal.Signals, heard: None) -> None:
    before = signal.getsignal(signal.SIGTERM)
    stopper = python(f"import os, signal; os.kill({os.getpid()}, {int(asked)}); signal.pause()")
    assert processes.run_until_stopped({"web": python(FOREVER), "beat": stopper}) == ""
    assert [process.returncode for process in started] == [-signal.SIGTERM] * 2
    assert signal.getsignal(signal.SIGTERM) == before


def test_one_that_will_not_end_is_ended_by_force(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0)
    up = tmp_path / "up"
    os.mkfifo(up)
    stubborn = python(
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(up)!r}, 'w'); signal.pause()"
    )
    # Ends as soon as the other can no longer be asked to.
    ends = python(f"open({str(up)!r}).read()")
    assert processes.run_until_stopped({"worker": stubborn, "beat": ends}) == "beat"
    assert started[0].returncode == -signal.SIGKILL


def test_the_site_serves_trains_and_keeps_the_clock() -> None:
    commands = processes.site(8123)
    assert list(commands) == ["web", "worker", "beat"]
    assert f"{processes.HOST}:8123" in commands["web"]
    assert "touchline,training,replays" in commands["worker"]

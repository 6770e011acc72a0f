"""The processes of a whole site on one machine: web, worker and clock, started together and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

POLL_SECONDS = 0.5
GRACE_SECONDS = 15
HOST = "127.0.0.1"
QUEUES = "touchline,training,replays"
_CELERY = (sys.executable, "-m", "celery", "-A", "config")


def site(port: int) -> dict[str, Sequence[str]]:
    """Command lines by name."""
    return {
        "web": (sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--threads", "4"),
        "worker": (*_CELERY, "worker", "--queues", QUEUES, "--concurrency", "1", "--loglevel", "WARNING"),
        "beat": (*_CELERY, "beat", "--loglevel", "WARNING"),
    }


def run_until_stopped(commands: dict[str, Sequence[str]]) -> str:
    """Run commands side by side until a signal comes or one of them ends; then stop all.

    They say only what is wrong, unless LOG_LEVEL is set: a line for each task would bury what was said before.

    Returns the name of the one that ended by itself, empty after a signal.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    environment = {"LOG_LEVEL": "WARNING", **os.environ}
    with _signals_interrupt():
        try:
            for name, command in commands.items():
                # A session of its own, so that Ctrl-C reaches this process alone, which then stops the others in order.
                running[name] = subprocess.Popen(command, start_new_session=True, env=environment)  # noqa: S603 - ours
            while True:
                for name, process in running.items():
                    if process.poll() is not None:
                        return name
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            return ""
        finally:
            _stop(running.values())


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """While this lasts, being asked to terminate is the same as Ctrl-C."""

    def interrupt(signum: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(processes: Any) -> None:
    """Ask each to end, and end by force those that have not within the grace given to all."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in alive:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

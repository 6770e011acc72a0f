"""Twenty trainings on two workers: each exactly once, with a worker killed in the middle and the broker restarted.

Real processes as in production: two Celery workers, the clock, and a broker, either files or a Redis of its own without
persistence, so that a restart loses every message. What is lost, the clock's reaper sends again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
RUNS, LEASE_SECONDS, WAIT_SECONDS = 20, 20, 600
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "config"]
WORKER = [*CELERY, "worker", "--queues", "touchline,training", "--concurrency", "1", "--loglevel", "ERROR"]


class House:
    """A folder with a database, and the processes that live on it."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            **dict.fromkeys(("DATABASE_URL", "CACHE_URL"), ""),
            "DEBUG": "1",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{self.port}/0" if broker == "redis" else "",
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode()

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run("-m", "tests.benchmarks.queueing", "state").splitlines()[-1])
        return told

    def start_redis(self) -> subprocess.Popen[bytes]:
        server = self.start("redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no")
        while socket.socket().connect_ex(("127.0.0.1", self.port)):
            time.sleep(0.1)
        return server

    def wait_for(self, completed: int) -> dict[str, Any]:
        until = time.monotonic() + WAIT_SECONDS
        while (state := self.state())["statuses"].get("completed", 0) < completed:
            assert time.monotonic() < until, state
        return state


@pytest.fixture(params=["files", "redis"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "redis" and not shutil.which("redis-server"):
        pytest.skip("no redis-server here")
    house = House(tmp_path, request.param)
    yield house
    for process in house.started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process and its children, as the kernel does when memory runs out."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_each_of_twenty_trainings_happens_once(house: House, request: pytest.FixtureRequest) -> None:
    broker = request.node.callspec.params["house"]
    house.run("manage.py", "migrate", "--verbosity", "0")
    redis = house.start_redis() if broker == "redis" else None
    house.run("-m", "tests.benchmarks.queueing", "fill", str(RUNS))
    began = time.perf_counter()
    victim, _ = house.start(*WORKER), house.start(*WORKER)
    clock = [house.start(*CELERY, "beat", "--loglevel", "ERROR")]
    house.wait_for(RUNS // 4)
    kill(victim)
    killed_at = house.state()
    house.start(*WORKER)
    house.wait_for(RUNS // 2)
    if redis is not None:
        kill(redis)
        house.start_redis()
    else:
        kill(clock.pop())
        clock.append(house.start(*CELERY, "beat", "--loglevel", "ERROR"))
    state = house.wait_for(RUNS)
    took = time.perf_counter() - began
    report(f"{RUNS} trainings on two workers, {broker}", took, "s")
    for name in ("versions", "trained_again", "most_attempts", "runs_with_two_versions"):
        report(f"{RUNS} trainings on two workers, {broker}, {name.replace('_', ' ')}", state[name], "")
    assert state["statuses"] == {"completed": RUNS}, (state, killed_at)
    assert (state["versions"], state["runs_with_two_versions"]) == (RUNS, 0)

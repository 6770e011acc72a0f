"""Ensembles for 200 players, through two workers on the embedded broker, undisturbed and with one killed midway.

Times are by the clock, of a machine with two cores to itself; one that is shared takes longer.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
PLAYERS, LEASE_SECONDS, WAIT_SECONDS = 200, 20, 1800
LIMIT_SECONDS, LIMIT_BYTES, LIMIT_ROW_SECONDS = 300.0, 100_000_000, 0.030


class House:
    """A folder with a database and a broker, and the workers that live on it."""

    def __init__(self, folder: Path, logs: Path) -> None:
        self.folder = folder
        self.spent = 0.0
        self.environment = {
            **os.environ,
            **dict.fromkeys(("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL"), ""),
            "DEBUG": "1",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
            "RUN_LEASE_SECONDS": str(LEASE_SECONDS),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BASKETBALL_LOGS": str(logs),
            "OMP_NUM_THREADS": "1",
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode()

    def start(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.per_player", "work"]
        self.workers.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL))

    def ask(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "touchline.sqlite3", timeout=60)) as database:
            return database.execute(sql).fetchall()

    def tell(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run("-m", "tests.benchmarks.per_player", "tell").splitlines()[-1])
        return told

    def kill_a_helper(self) -> None:
        """As the kernel does when memory runs out: the worker that has a part and not the run."""
        until = time.monotonic() + WAIT_SECONDS
        while (helper := self._helper()) is None:
            assert time.monotonic() < until, "no helper had a part"
            time.sleep(0.5)
        before = _cpu()
        helper.send_signal(signal.SIGKILL)
        helper.wait()
        self.spent = _cpu() - before

    def _helper(self) -> subprocess.Popen[bytes] | None:
        """One that fits a part of the last fit, of all rows, whose run another holds."""
        working = self.ask(
            "SELECT part.worker FROM mlmodels_fitpart part JOIN mlmodels_trainingrun run ON part.run_id = run.id "
            "WHERE part.status = 'running' AND run.phase = 'fitting' AND part.worker != run.worker"
        )
        by_pid = {str(worker.pid): worker for worker in self.workers}
        return next((by_pid[name.rpartition(":")[2]] for (name,) in working), None)

    def wait(self) -> dict[str, Any]:
        until = time.monotonic() + WAIT_SECONDS
        while self.ask("SELECT status FROM mlmodels_trainingrun")[0][0] in {"queued", "running"}:
            assert time.monotonic() < until, self.tell()
            time.sleep(1)
        return self.tell()

    def cpu_seconds(self) -> float:
        """What the workers spent; they are ended."""
        before = _cpu()
        for worker in self.workers:
            worker.terminate()
            worker.wait()
        return self.spent + _cpu() - before


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.fixture
def house(tmp_path: Path, real_basketball: Path) -> Iterator[House]:
    house = House(tmp_path, real_basketball)
    yield house
    for process in house.workers:
        process.kill()
        process.wait()


def seconds_of(logs: list[dict[str, str]], begins: str) -> tuple[float, str]:
    """How long it took from a line of the log until all subjects were fitted, and what was said of them then."""
    began = next(line for line in logs if line["message"] == begins)
    ended = next(line for line in logs if "subjects fitted" in line["message"] and line["at"] > began["at"])
    taken = datetime.fromisoformat(ended["at"]) - datetime.fromisoformat(began["at"])
    return taken.total_seconds(), ended["message"]


@pytest.mark.parametrize(("combine", "killed"), [("voting", False), ("stacking", False), ("voting", True)])
def test_ensembles_for_200_players_take_minutes_on_two_workers(house: House, combine: str, *, killed: bool) -> None:
    house.run("manage.py", "migrate", "--verbosity", "0")
    house.start()
    house.start()
    house.run("-m", "tests.benchmarks.per_player", "ask", combine)
    if killed:
        house.kill_a_helper()
    told = house.wait()
    assert told["status"] == "completed", told
    name = f"{PLAYERS} {combine} ensembles on two workers{', one killed' if killed else ''}"
    evaluated, _ = seconds_of(told["logs"], "Evaluating began")
    fitted, words = seconds_of(told["logs"], "Fitting began")
    cpu = house.cpu_seconds()
    report(f"{name}, evaluated and fitted", cpu, "s CPU", peer="both workers, all they did")
    report(f"{name}, for the evaluation", evaluated, "s", peer=f"limit {LIMIT_SECONDS:.0f} s")
    report(f"{name}, on all rows", fitted, "s", peer=words)
    report(f"{name}, artifact", told["size"] / 1e6, "MB", peer=f"limit {LIMIT_BYTES / 1e6:.0f} MB")
    report(f"{name}, loading", told["load_seconds"], "s CPU")
    report(f"{name}, one row", told["row_seconds"] * 1e3, "ms CPU", peer=f"limit {LIMIT_ROW_SECONDS * 1e3:.0f} ms")
    report(f"{name}, Brier of the test rows", told["metrics"]["test"]["brier"], "")
    report(f"{name}, MAE of the test rows", told["metrics"]["test"]["mae"], "points")
    assert (told["players"], told["failures"], told["attempt"]) == (PLAYERS, 0, 1)
    assert ("taken over" in words) == killed
    assert told["size"] < LIMIT_BYTES
    assert told["row_seconds"] < LIMIT_ROW_SECONDS
    # By CPU, since other work on the machine must not fail it: two cores, and the run fits nearly all of it twice.
    assert cpu / 2 < LIMIT_SECONDS

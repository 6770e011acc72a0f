"""The evaluation log and the ledger at length: seconds and memory of the commands, each in a process of its own.

`BENCH_EVENTS=1000000` takes the long way (on PostgreSQL with `DATABASE_URL`, else on a SQLite file).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 1_000, int(os.environ.get("BENCH_EVENTS", "50000"))
LIMIT_SECONDS = 5.0
LOOK_EVERY = 0.02


@dataclass(frozen=True, kw_only=True)
class Spent:
    seconds: float
    megabytes: float


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of processes with an empty database of their own: a file, or a database beside the one named by DATABASE_URL."""
    own = {**os.environ, "DEBUG": "1", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    if connection.vendor == "postgresql":
        at, name = connection.settings_dict, "touchline_bench_log"
        server = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
        statements = [f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"]
        for statement in statements:
            subprocess.run(["psql", "-qAt", f"{server}/postgres", "-c", statement], check=True)
        own["DATABASE_URL"] = f"{server}/{name}"
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=own, check=True)
    return own


def run(environment: dict[str, str], *command: str) -> Spent:
    began, most = time.perf_counter(), 0
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, _resident_kilobytes(process.pid))
        time.sleep(LOOK_EVERY)
    assert process.returncode == 0, command
    return Spent(seconds=time.perf_counter() - began, megabytes=most / 1024)


def _resident_kilobytes(pid: int) -> int:
    """The most memory the process has had so far; 0 where it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def test_the_log_is_compared_quickly_and_in_memory_that_does_not_grow(environment: dict[str, str]) -> None:
    idle = run(environment, "manage.py", "check")
    for events in (FEW, MANY):
        run(environment, "-m", "tests.benchmarks.filling", str(events))
        for name, command in {
            "write_log": ("manage.py", "shell", "-c", "from predictions.tasks import write_log; write_log()"),
            "reconcile_log": ("manage.py", "reconcile_log"),
            "verify_ledger": ("manage.py", "verify_ledger"),
        }.items():
            spent = run(environment, *command)
            peer = f"manage.py check: {idle.seconds:.1f} s, {idle.megabytes:.0f} MB"
            what = f"{name}, {events} events, {connection.vendor}"
            report(what, spent.seconds, "s", ratio=round(idle.seconds / spent.seconds, 2), peer=peer)
            report(
                f"{what}, memory", spent.megabytes, "MB", ratio=round(idle.megabytes / spent.megabytes, 2), peer=peer
            )
            if events == FEW:
                assert spent.seconds - idle.seconds < LIMIT_SECONDS

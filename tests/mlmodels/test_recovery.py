"""Workers that are killed, and workers that are told twice: real processes on the embedded broker and SQLite."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 180


class House:
    """A folder with a database, a broker and artifacts, and the processes that live in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(
        self,
        verbs: str,
        dies_at: str = "",
        output: int = subprocess.DEVNULL,
        *,
        module: str = "worker_process",
        told: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DATA_DIR": str(self.folder),
            "LOG_LEVEL": "ERROR",
            "CODE_VERSION": "t",
        }
        environment |= dict.fromkeys(("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"), "")
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        command = [sys.executable, "-W", "ignore", "-m", f"tests.mlmodels.{module}", verbs, dies_at]
        process = subprocess.Popen(  # noqa: S603 - ours
            command, cwd=ROOT, env=environment, stdin=told, stdout=output, text=True
        )
        self.started.append(process)
        return process

    def ask(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "touchline.sqlite3", timeout=30)) as database, database:
            return database.execute(sql).fetchall()

    def let_the_lease_run_out(self) -> None:
        self.ask("UPDATE mlmodels_trainingrun SET heartbeat_at = '2020-01-01 00:00:00'")

    def run(self) -> tuple[str, int]:
        ((status, attempt),) = self.ask("SELECT status, attempt FROM mlmodels_trainingrun")
        return status, attempt

    def files(self) -> set[str]:
        return {file.name for file in (self.folder / "artifacts").glob("*.model")}

    def registered(self) -> list[str]:
        return [path for (path,) in self.ask("SELECT artifact_path FROM mlmodels_modelversion")]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    for process in house.started:
        process.kill()
        process.wait()


def lines_until(pipe: int, ended: int) -> list[str]:
    """What the workers at the other end told (Celery's greeting aside), up to the given number of ended tasks."""
    told: list[str] = []
    with os.fdopen(pipe) as output:
        for line in output:
            if line.strip() in {"loading", "ended"}:
                told.append(line.strip())
            if told.count("ended") == ended:
                break
    return told


def test_a_run_whose_workers_are_killed_ends_once_with_one_version(house: House) -> None:
    assert house.start("migrate,ask,work", dies_at="loading").wait(WAIT_SECONDS) == -signal.SIGKILL
    assert house.run() == ("running", 1), "nobody has noticed yet"

    house.let_the_lease_run_out()
    assert house.start("reap,work", dies_at="saving").wait(WAIT_SECONDS) == -signal.SIGKILL
    assert house.run() == ("running", 2)
    assert (len(house.files()), house.registered()) == (1, []), "the file was written, and no one sees it"

    house.let_the_lease_run_out()
    reading, writing = os.pipe()
    house.start("reap,work", output=writing)
    os.close(writing)
    assert lines_until(reading, ended=1)[-1:] == ["ended"]
    assert house.run() == ("completed", 3)
    assert len(house.registered()) == 1
    assert set(house.registered()) <= house.files()


def test_a_run_delivered_five_times_to_two_workers_is_trained_once(house: House) -> None:
    reading, writing = os.pipe()
    house.start("migrate,ask,repeat,work", output=writing)
    house.start("work", output=writing)
    os.close(writing)
    assert sorted(lines_until(reading, ended=5)) == [*["ended"] * 5, "loading"]
    assert house.run() == ("completed", 1)
    assert len(house.registered()) == 1

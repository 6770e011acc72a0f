"""A fit shared by two workers, one of which is killed: real processes on the embedded broker and SQLite."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mlmodels.test_recovery import WAIT_SECONDS, House, lines_until

MODULE = "part_worker_process"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    for process in house.started:
        process.kill()
        process.wait()


def test_the_part_of_a_killed_worker_is_fitted_by_the_one_that_holds_the_run(house: House) -> None:
    reading, writing = os.pipe()
    holder = house.start("migrate,ask,work", "waits", writing, module=MODULE, told=subprocess.PIPE)
    os.close(writing)
    with os.fdopen(os.dup(reading)) as output:
        # It holds the run, has sent its hints, and waits at its first part.
        assert any(line.strip() == "part" for line in output)
    helper = house.start("work", "dies", module=MODULE)
    assert helper.wait(WAIT_SECONDS) == -signal.SIGKILL
    of_the_dead = f"status = 'running' AND worker LIKE '%:{helper.pid}'"
    assert house.ask(f"SELECT count(*) FROM mlmodels_fitpart WHERE {of_the_dead}") == [(1,)]  # noqa: S608 - ours

    house.ask(f"UPDATE mlmodels_fitpart SET heartbeat_at = '2020-01-01 00:00:00' WHERE {of_the_dead}")  # noqa: S608
    tell(holder)
    lines_until(reading, ended=1)
    assert house.run() == ("completed", 1)
    assert house.ask("SELECT count(*) FROM mlmodels_fitpart") == [(0,)]
    ((logs,),) = house.ask("SELECT logs FROM mlmodels_trainingrun")
    assert "6 of 6 subjects fitted, in 6 parts by 1 worker; 1 taken over from workers that died" in logs
    assert set(house.registered()) == house.files()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go on\n")
    process.stdin.close()

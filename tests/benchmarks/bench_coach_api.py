"""The coach's API under load: a hundred people at once, on gunicorn, PostgreSQL and Redis, as in production.

A server and a Redis of its own, and a database that is made and dropped here. First everybody asks at the same moment
what nobody asked before (cold: every answer is made), then wrk has a hundred connections ask the same again and again
(warm), a few seconds of it unmeasured, so that every thread has its connections. The load is made on the cores that
serve it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest
import requests

from tests.benchmarks.bench_queue import free_port, kill
from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
"""A PostgreSQL server on which a database may be made."""

PEOPLE, MATCHES = 120, 12
CONNECTIONS, SECONDS, WARM_UP_SECONDS = 100, 20, 4
SLOWEST_MS, LEAST_HIT_RATIO, LONGEST_LOAD_MS = 500.0, 0.8, 2000.0


@dataclass(frozen=True)
class House:
    """Where the server answers, what it runs in, and whom it knows: (id, API key).

    loading: what the model took to be loaded in a fresh process, milliseconds of wall and of CPU time.
    """

    url: str
    people: list[tuple[int, str]]
    folder: Path
    gunicorn: int
    loading: dict[str, float]

    def status(self) -> dict[str, Any]:
        answer = requests.get(f"{self.url}/api/ml/model-status", headers=self.signed_in(0), timeout=30)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def signed_in(self, place: int) -> dict[str, str]:
        return {"Authorization": f"Api-Key {self.people[place][1]}"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    for program in ("wrk", "redis-server"):
        if not shutil.which(program):
            pytest.skip(f"no {program} here")
    folder = tmp_path_factory.mktemp("coach")
    name = f"touchline_bench_{os.getpid()}"
    _on_server(f'CREATE DATABASE "{name}"')
    started: list[subprocess.Popen[bytes]] = []
    try:
        redis, web = free_port(), free_port()
        around = _environment(folder, database=f"{SERVER.rpartition('/')[0]}/{name}", redis=redis, web=web)
        started.append(_start(["redis-server", "--port", str(redis), "--save", "", "--appendonly", "no"], around))
        _wait_for(redis)
        _run(["manage.py", "migrate", "--verbosity", "0"], around)
        filled = _run(["-m", "tests.benchmarks.coaching", "fill", str(PEOPLE), str(MATCHES)], around)
        people = [(int(one["id"]), str(one["key"])) for one in json.loads(filled.splitlines()[-1])]
        loading = json.loads(_run(["-m", "tests.benchmarks.coaching", "load"], around).splitlines()[-1])
        started.append(_start([sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"], around))
        _wait_for(web)
        _wait_for_health(f"http://127.0.0.1:{web}")
        yield House(f"http://127.0.0.1:{web}", people, folder, started[-1].pid, loading)
    finally:
        for process in reversed(started):
            kill(process)
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _environment(folder: Path, *, database: str, redis: int, web: int) -> dict[str, str]:
    """As in production, but for HTTPS and for how often one may ask."""
    return {
        **os.environ,
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "of-this-benchmark-alone-" * 3,
        "ARTIFACT_SIGNING_KEYS": "of-this-benchmark-alone-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "CACHE_URL": f"redis://127.0.0.1:{redis}/1",
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{redis}/0",
        "API_RATE_USER": "1000000/min",
        "WEB_BIND": f"127.0.0.1:{web}",
        "WEB_CONCURRENCY": "2",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def test_answers_come_within_half_a_second(house: House) -> None:
    report("coach API, loading the model in a fresh process", house.loading["wall"], "ms")
    report("coach API, loading the model in a fresh process, CPU", house.loading["cpu"], "ms CPU")
    assert house.status()["model_loaded"]
    for path in ("analyze-weaknesses", "recommend-training"):
        before = _cpu_seconds(house.gunicorn)
        cold, seconds = _all_at_once(house, path)
        spent = _cpu_seconds(house.gunicorn) - before
        for name, quantile in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            report(f"coach API, {path}, cold, {PEOPLE} at once, {name}", float(np.quantile(cold, quantile)), "ms")
        report(f"coach API, {path}, cold, {PEOPLE} at once", len(cold) / seconds, "requests/s")
        report(f"coach API, {path}, cold, CPU of the server a request", 1000 * spent / len(cold), "ms CPU")
    _again_and_again(house, seconds=WARM_UP_SECONDS)
    before, spent = house.status()["cache"], _cpu_seconds(house.gunicorn)
    warm = _again_and_again(house, seconds=SECONDS)
    after, spent = house.status()["cache"], _cpu_seconds(house.gunicorn) - spent
    for name in ("p50", "p95", "p99"):
        report(f"coach API, {CONNECTIONS} connections, {name}", warm[name], "ms")
    report(f"coach API, {CONNECTIONS} connections", warm["requests"] / warm["seconds"], "requests/s")
    report(f"coach API, {CONNECTIONS} connections, errors", warm["errors"], "")
    report("coach API, CPU of the server a request", 1000 * spent / warm["requests"], "ms CPU")
    hits, misses = (after[name] - before[name] for name in ("hits", "misses"))
    report("coach API, cache hit ratio on repeats", hits / (hits + misses), "")
    report("coach API, cache hit ratio, the first questions included", after["hit_ratio"], "")
    assert warm["errors"] == 0
    assert warm["p95"] < SLOWEST_MS
    assert hits / (hits + misses) > LEAST_HIT_RATIO
    assert house.loading["wall"] < LONGEST_LOAD_MS


def _all_at_once(house: House, path: str) -> tuple[list[float], float]:
    """Everybody asks at the same moment: milliseconds of each answer, and seconds until all had one."""
    ready = Barrier(len(house.people))

    def ask(place: int) -> float:
        with requests.Session() as session:
            body = {"user_id": house.people[place][0]}
            ready.wait()
            began = time.perf_counter()
            answer = session.post(f"{house.url}/api/ml/{path}", json=body, headers=house.signed_in(place), timeout=120)
            assert answer.status_code == 200, answer.text
            return 1000 * (time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(house.people)) as crowd:
        took = list(crowd.map(ask, range(len(house.people))))
    return took, time.perf_counter() - began


def _again_and_again(house: House, *, seconds: int) -> dict[str, Any]:
    """What wrk saw, asking for analyses and recommendations without a pause."""
    file = house.folder / "people.txt"
    file.write_text("".join(f"{pk} {key}\n" for pk, key in house.people))
    script = str(Path(__file__).with_name("coach_api.lua"))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", script, house.url, "--"]
    done = subprocess.run([*command, str(file)], stdout=subprocess.PIPE, check=True, timeout=seconds + 60)
    told: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def _on_server(statement: str) -> None:
    import psycopg2  # type: ignore[import-untyped]  # it has no types

    try:
        connection = psycopg2.connect(SERVER)
    except psycopg2.OperationalError:
        pytest.skip("no PostgreSQL server here: name one in BENCH_DATABASE_URL")
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode()


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)


def _wait_for(port: int, *, patience: float = 60.0) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    pytest.fail(f"Nothing answers on port {port}.")


def _wait_for_health(url: str) -> None:
    """Until both processes have loaded the project: so many answers in a row are not from one alone."""
    for _ in range(20):
        assert requests.get(f"{url}/health/live", timeout=60).status_code == 200


def _cpu_seconds(parent: int) -> float:
    """CPU time of a process and its children so far, all threads, read off /proc."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if parent in (int(entry.parent.name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")

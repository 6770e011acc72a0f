"""Several processes write to one ledger at once, and one of them is killed: real processes on a real database."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from predictions.models import Prediction
from tests.factories import ModelVersionFactory

# On PostgreSQL other processes see what is committed; on SQLite they get a copy.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
ROOT = Path(__file__).resolve().parents[2]
WITHOUT_END, A_FEW = 100_000, 40

Writer = subprocess.Popen[str]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a process with this test's database (on SQLite a copy of it, in a file), with one model version in it."""
    ModelVersionFactory.create()
    inherited = {**os.environ, **dict.fromkeys(("CELERY_BROKER_URL", "CACHE_URL"), "")}
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        database = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    else:
        copy = tmp_path / "touchline.sqlite3"
        copy.write_bytes(connection.connection.serialize())
        # Changed once, as migrating does: two processes that change it at a time find the file locked.
        with closing(sqlite3.connect(copy)) as file:
            file.execute("PRAGMA journal_mode=WAL")
        database = f"sqlite:///{tmp_path / 'touchline.sqlite3'}"
    return inherited | {
        "DATABASE_URL": database,
        "DEBUG": "1",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@pytest.fixture
def writers(environment: dict[str, str]) -> Iterator[list[Writer]]:
    """Three processes that are ready to write: one that would never end, and two that write a few."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.predictions.ledger_writer"]
    started = [
        subprocess.Popen(  # noqa: S603 - our own module
            [*command, str(count)], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for count in (WITHOUT_END, A_FEW, A_FEW)
    ]
    try:
        assert [told(writer) for writer in started] == ["ready"] * 3
        yield started
    finally:
        for writer in started:
            writer.kill()
            writer.communicate()


def told(writer: Writer) -> str:
    assert writer.stdout is not None
    line: str = writer.stdout.readline()
    return line.strip()


def begin(writers: list[Writer]) -> None:
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()


def verified(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "verify_ledger"]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def written(environment: dict[str, str]) -> list[tuple[str, int]]:
    """Id and sequence of every row, in the chain's order."""
    if connection.vendor == "postgresql":
        return [
            (str(pk), sequence) for pk, sequence in Prediction.objects.in_chain_order().values_list("pk", "sequence")
        ]
    with closing(sqlite3.connect(environment["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        rows = database.execute("SELECT id, sequence FROM predictions_prediction ORDER BY sequence").fetchall()
    return [(str(uuid.UUID(pk)), sequence) for pk, sequence in rows]


def test_writers_at_once_make_one_chain_and_a_killed_one_loses_nothing_it_acknowledged(
    environment: dict[str, str], writers: list[Writer]
) -> None:
    begin(writers)
    killed, *others = writers
    acknowledged = {told(killed) for _ in range(5)}
    killed.kill()
    assert killed.stdout is not None
    acknowledged |= {line.strip() for line in killed.stdout}
    acknowledged |= {told(other) for other in others for _ in range(A_FEW)}
    rows = written(environment)
    assert [sequence for _, sequence in rows] == list(range(1, len(rows) + 1))
    assert acknowledged <= {pk for pk, _ in rows}
    assert len(rows) <= len(acknowledged) + 1, "at most one was written and not yet told"
    check = verified(environment)
    assert (check.returncode, check.stderr) == (0, "")
    assert f"The ledger is whole: {len(rows)} predictions" in check.stdout

"""Several workers raise and send at once: real processes on a real database, and a real server that counts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from predictions.delivering import channels
from predictions.models import AlertChannel
from tests.predictions.alerting.receiver import Receiver, answers, receiver
from tests.predictions.test_ledger_writers import (
    ROOT,
    Writer,
    begin,
    environment,  # noqa: F401 - a fixture
    told,
)

# On PostgreSQL the workers see what is committed; on SQLite they are given a copy.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
EACH, WAITING = 30, 10


@pytest.fixture
def server(webhook: AlertChannel) -> Iterator[Receiver]:
    """Tests of the channel wait to be sent to it."""
    with receiver(answers()) as running:
        AlertChannel.objects.update(url=running.url)
        for _ in range(WAITING):
            channels.send_test(webhook)
        yield running


@pytest.fixture
def workers(server: Receiver, environment: dict[str, str]) -> Iterator[list[Writer]]:  # noqa: F811 - the fixture
    command = [sys.executable, "-W", "ignore", "-m", "tests.predictions.alerting.alert_worker", str(EACH)]
    started = [
        subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        assert [last_word(worker) for worker in started] == ["ready"] * 2
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.communicate()


def last_word(worker: Writer) -> str:
    """What it says, after lines that are only its log."""
    while True:
        line = told(worker)
        if line == "ready" or line.startswith("[[") or line.isdecimal() or not line:
            return line


def test_two_workers_count_each_alert_and_send_each_message_once(server: Receiver, workers: list[Writer]) -> None:
    begin(workers)
    sent = [int(last_word(worker)) for worker in workers]
    begin(workers[:1])
    alerts, messages = json.loads(last_word(workers[0]))
    assert [alert["count"] for alert in alerts] == [2 * EACH // 3] * 3
    ids = [got.headers["X-Touchline-Delivery"] for got in server.received]
    assert len(ids) == len(set(ids)) == sum(sent) == WAITING + 1
    tests, about_alerts = split(messages)
    assert {(row["status"], row["attempts"]) for row in tests} == {("sent", 1)}
    assert sorted((row["status"], row["gathered"]) for row in about_alerts) == [
        ("gathering", 2 * EACH - 1),
        ("sent", 1),
    ]


def split(messages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        [row for row in messages if not row["alert_kind"]],
        [row for row in messages if row["alert_kind"]],
    )

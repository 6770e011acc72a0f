"""What the documentation tells receivers to do is run against what we send."""

import re
from pathlib import Path
from typing import Any

import pytest
import time_machine

from predictions.delivering import channels, sending
from predictions.models import AlertChannel
from tests.predictions.alerting.conftest import NOON, SECRET
from tests.predictions.alerting.receiver import Received, answers, receiver

PAGE = Path(__file__).resolve().parents[3] / "docs" / "operations.md"

pytestmark = pytest.mark.django_db


@pytest.fixture
def snippet() -> Any:
    [code] = re.findall(r"```python\n(import hashlib.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    return names["is_from_touchline"]


@pytest.fixture
def got(webhook: AlertChannel) -> Received:
    with receiver(answers()) as server, time_machine.travel(NOON, tick=False):
        AlertChannel.objects.update(url=server.url)
        webhook.refresh_from_db()
        channels.replace_secret(webhook)
        channels.send_test(webhook)
        sending.sweep()
    return server.received[0]


def test_the_snippet_takes_what_is_ours_and_fresh(snippet: Any, got: Received) -> None:
    with time_machine.travel(NOON, tick=False):
        assert snippet(got.headers, got.body, SECRET), "the old secret, for a day"
        assert not snippet(got.headers, got.body + b" ", SECRET)
        assert not snippet(got.headers, got.body, "another secret")


def test_the_snippet_refuses_what_is_played_again(snippet: Any, got: Received) -> None:
    with time_machine.travel(NOON.replace(minute=6), tick=False):
        assert not snippet(got.headers, got.body, SECRET)

"""Channels, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from pytest_django import Settings

from predictions.delivering import channels
from predictions.models import AlertChannel, Severity

NOON = datetime(2024, 11, 9, 12, tzinfo=UTC)
SECRET = "a-secret-that-the-receiver-knows-as-well"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def webhook(db: None, settings: Settings) -> AlertChannel:
    """Takes every alert; nobody listens there."""
    settings.WEBHOOKS_MAY_BE_LOCAL = True
    channel = AlertChannel(
        name="Pager", kind="webhook", url="http://127.0.0.1:9/alerts", minimum_severity=Severity.INFO
    )
    return channels.add(channel, secret=SECRET)[0]


@pytest.fixture
def mailbox(db: None) -> AlertChannel:
    channel = AlertChannel(name="On duty", kind="email", email="duty@example.org", minimum_severity=Severity.INFO)
    return channels.add(channel)[0]

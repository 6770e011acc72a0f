"""Health says whether to restart and whether to send requests; metrics are for staff and scrapers."""

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from config import health
from predictions.models import AlertDelivery
from tests.predictions.alerting.raising import alerts_with_messages


def test_live_asks_nothing_of_anybody(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_looks_at_database_cache_and_broker(client: Client, db: None) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "cache": "ok", "broker": "ok"}}


def test_ready_is_503_when_something_is_down_and_does_not_say_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise ConnectionError("password=secret host=db")

    monkeypatch.setattr(health, "CHECKS", {"database": down})
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "checks": {"database": "unavailable"}}


def test_ready_notices_a_broker_that_is_gone(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.BROKER_DIR = settings.DATA_DIR / "no-such-folder"
    with pytest.raises(health.NotReady):
        health.broker_takes_messages()


def test_metrics_are_shown_to_staff(client: Client, staff: User) -> None:
    client.force_login(staff)
    client.get("/health/live")
    body = client.get("/metrics").content.decode()
    assert 'touchline_requests_total{method="GET",route="health/live",status="200"}' in body


def test_metrics_are_shown_to_the_scraper(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", headers={"authorization": "Bearer a-token"}).status_code == 200


def test_metrics_count_alerts_that_wait_and_messages_that_were_not_taken(client: Client, staff: User) -> None:
    client.force_login(staff)
    alerts_with_messages()
    AlertDelivery.objects.filter(status="queued").update(status="dead")
    body = client.get("/metrics").content.decode()
    assert 'touchline_alerts{severity="warning"} 3.0' in body
    assert 'touchline_alert_messages{status="dead"} 2.0' in body
    assert 'touchline_alert_messages{status="gathering"} 2.0' in body


def test_metrics_are_told_without_alerts_while_the_database_is_down(client: Client, staff: User) -> None:
    client.force_login(staff)
    with patch("config.metrics._count_alerts", side_effect=OperationalError):
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "touchline_requests_total" in answer.content.decode()


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer ", "Basic a-token", "a-token"])
def test_metrics_are_refused_to_others(client: Client, settings: Settings, header: str) -> None:
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", headers={"authorization": header}).status_code == 403


def test_without_a_token_set_an_empty_one_opens_nothing(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403

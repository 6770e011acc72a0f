"""The first is told at once, a storm as one digest."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from predictions import alerting
from predictions.delivering import channels, gathering, sending
from predictions.models import Alert, AlertChannel, AlertDelivery
from tests.predictions.alerting.raising import raised

pytestmark = pytest.mark.django_db
QUIET = timedelta(minutes=5)


def bodies() -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in AlertDelivery.objects.order_by("created_at") if row.body]


def storm(*, of: int, keys: int) -> None:
    for number in range(of):
        raised(key=f"version {number % keys}")


@pytest.mark.parametrize(
    ("raises", "keys", "title"),
    [
        (100, 100, "99 more alerts of kind “decay”"),
        (50, 1, "One alert of kind “decay” was raised 49 more times"),
        (2, 1, "One alert of kind “decay” was raised 1 more time"),
        (50, 10, "10 more alerts of kind “decay”, raised 49 times"),
    ],
)
def test_a_storm_of_alerts_is_one_message_and_one_digest(
    webhook: AlertChannel, clock: time_machine.Traveller, raises: int, keys: int, title: str
) -> None:
    storm(of=raises, keys=keys)
    assert AlertDelivery.objects.count() == 2
    assert gathering.close_digests() == [], "it still gathers"
    clock.shift(QUIET)
    [digest] = gathering.close_digests()
    first, told = sorted(bodies(), key=lambda body: str(body["type"]))
    assert (first["type"], first["raised"]) == ("alert", 1)
    assert (told["type"], told["raised"], told["title"]) == ("digest", raises - 1, title)
    assert told["delivery"] == str(digest)
    assert len(told["alerts"]) == min(keys, 20)
    assert Alert.objects.count() == keys


def test_an_alert_in_a_storm_costs_few_queries(webhook: AlertChannel) -> None:
    storm(of=2, keys=2)
    with CaptureQueriesContext(connection) as new_one:
        raised(key="version 3")
    with CaptureQueriesContext(connection) as again:
        raised(key="version 3")
    statements = [query["sql"] for query in again.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 4, statements
    assert len(new_one) <= 10


def test_one_alert_alone_makes_no_digest(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    clock.shift(QUIET)
    assert gathering.close_digests() == []
    assert AlertDelivery.objects.count() == 1


def test_after_the_quiet_the_next_is_told_at_once_again(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    clock.shift(QUIET + timedelta(seconds=1))
    raised()
    assert [body["type"] for body in bodies()] == ["alert", "alert"]
    assert bodies()[1]["raised"] == 2


def test_a_digest_makes_quiet_too_so_that_a_lasting_storm_is_a_message_each_window(
    webhook: AlertChannel, clock: time_machine.Traveller
) -> None:
    for _ in range(60):
        raised()
        clock.shift(30)
        gathering.close_digests()
    assert 5 <= AlertDelivery.objects.exclude(body="").count() <= 7


def test_a_critical_alert_does_not_wait_behind_warnings(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    storm(of=3, keys=3)
    raised(key="another", severity="critical")
    raised("drift")
    told = sorted((body["kind"], body["severity"]) for body in bodies())
    assert told == [("decay", "critical"), ("decay", "warning"), ("drift", "warning")]


def test_a_digest_of_what_somebody_acknowledged_is_dropped(
    webhook: AlertChannel, staff: User, clock: time_machine.Traveller
) -> None:
    alert = raised()
    raised()
    alerting.acknowledge(alert, by=staff)
    clock.shift(QUIET)
    assert gathering.close_digests() == []
    assert AlertDelivery.objects.count() == 1


def test_a_digest_is_closed_once(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    storm(of=3, keys=3)
    clock.shift(QUIET)
    pk = AlertDelivery.objects.get(status="gathering").pk
    assert gathering._closed(pk, timezone.now()) == pk
    assert gathering._closed(pk, timezone.now()) is None


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, True),
        ({"minimum_severity": "critical"}, False),
        ({"kinds": ["decay", "drift"]}, True),
        ({"kinds": ["drift"]}, False),
        ({"enabled": False}, False),
    ],
)
def test_a_channel_hears_what_it_wants(wish: dict[str, Any], told: bool) -> None:
    channels.add(AlertChannel(name="Picky", kind="email", email="picky@example.org", **wish))
    raised()
    assert AlertDelivery.objects.exists() == told


def test_an_alert_that_is_rolled_back_is_not_told(webhook: AlertChannel) -> None:
    with transaction.atomic():
        raised()
        transaction.set_rollback(True)
    assert not Alert.objects.exists()
    assert not AlertDelivery.objects.exists()


def test_once_committed_a_worker_sends_it(
    mailbox: AlertChannel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    from config.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            raised()
    finally:
        app.conf.task_always_eager = False
    assert len(mail.outbox) == 1


def test_the_mail_of_a_storm_says_how_many_and_leads_to_them(
    mailbox: AlertChannel, clock: time_machine.Traveller
) -> None:
    storm(of=31, keys=31)
    sending.sweep()
    clock.shift(QUIET)
    sending.sweep()
    first, digest = mail.outbox
    assert first.subject == "Touchline: [Warning] The champion has got worse"
    assert "Its log loss is 9 % above" in first.body
    assert f"/staff/alerts/{Alert.objects.order_by('pk')[0].pk}/" in first.body
    assert digest.subject == "Touchline: [Warning] 30 more alerts of kind “decay”"
    assert "… and 10 more." in digest.body
    assert "/staff/alerts/?kind=decay&severity=warning" in digest.body
    assert digest.to == ["duty@example.org"]


def test_a_title_of_two_lines_is_one_subject(mailbox: AlertChannel) -> None:
    raised(title="A\nBcc: everyone@example.org")
    sending.sweep()
    assert mail.outbox[0].subject == "Touchline: [Warning] A Bcc: everyone@example.org"

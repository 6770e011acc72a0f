"""What staff may do in the admin about alerts, channels and messages."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from predictions.models import Alert, AlertChannel, AlertDelivery
from tests.predictions.alerting.raising import raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def done(page: Client, action: str, *rows: Model) -> str:
    """Do an action to rows, and read what the admin says."""
    where = reverse(f"admin:{rows[0]._meta.app_label}_{rows[0]._meta.model_name}_changelist")
    data: dict[str, Any] = {"action": action, "_selected_action": [row.pk for row in rows]}
    return page.post(where, data, follow=True).content.decode().replace("&#x27;", "'")


def test_alerts_are_acknowledged_and_resolved_together(page: Client, staff: User) -> None:
    one, other = raised(key="one"), raised(key="other")
    assert "2 acknowledged." in done(page, "acknowledge", one, other)
    assert set(Alert.objects.values_list("status", "acknowledged_by")) == {("acknowledged", staff.pk)}
    assert "is not open any more" in done(page, "acknowledge", one)
    assert "2 resolved." in done(page, "resolve", one, other)


def test_what_was_given_up_is_sent_again_and_the_rest_is_refused(page: Client, mailbox: AlertChannel) -> None:
    raised(key="one", severity="info")
    raised(key="other", severity="critical")
    dead, queued = AlertDelivery.objects.all()
    AlertDelivery.objects.filter(pk=dead.pk).update(status="dead")
    text = done(page, "resend", dead, queued)
    assert "1 queued again." in text
    assert "Only a message that was given up is sent again" in text


def test_a_channel_is_tested(page: Client, mailbox: AlertChannel) -> None:
    assert "1 test messages queued." in done(page, "send_test", mailbox)
    assert AlertDelivery.objects.get().subject.startswith("[Info] This is a test")


def test_a_channel_is_changed_by_the_same_words_and_its_secret_stays(page: Client, webhook: AlertChannel) -> None:
    where = reverse("admin:predictions_alertchannel_change", args=[webhook.pk])
    data = {"name": "Pager", "url": "ftp://x/", "minimum_severity": "info", "kinds": "[]", "enabled": "on"}
    assert "begins with https://" in page.post(where, data).content.decode()
    assert page.post(where, {**data, "url": "https://hooks.example.org/"}).status_code == 302
    before = webhook.secret
    webhook.refresh_from_db()
    assert (webhook.url, webhook.secret) == ("https://hooks.example.org/", before)
    assert before not in page.get(where).content.decode()

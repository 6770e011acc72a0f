"""The staff's pages of alerts, rules, channels and messages."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.encryption import decrypted
from accounts.models import User
from predictions import alerting
from predictions.delivering import channels, sending
from predictions.delivering.posting import Answer
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.alerting.raising import alerts_with_messages, raised

pytestmark = pytest.mark.django_db
RULE = {
    "name": "Too sure of itself",
    "metric": "log_loss",
    "comparison": "above",
    "threshold": "1.1",
    "days": "3",
    "minimum_events": "50",
    "severity": "critical",
    "enabled": "on",
}
HOOK = {"name": "Pager", "kind": "webhook", "url": "https://hooks.example.org/t", "minimum_severity": "warning"}
MAIL = {"name": "On duty", "kind": "email", "email": "duty@example.org", "minimum_severity": "info"}


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"predictions:{name}", args=args)


def read(client: Client, name: str, /, *args: object, **query: Any) -> str:
    answer = client.get(url(name, *args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def said(page: Client, name: str, /, *args: object, **data: Any) -> str:
    """Post, follow the redirect, and read the page it leads to."""
    answer = page.post(url(name, *args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def refused(page: Client, name: str, /, *args: object, **data: Any) -> str:
    answer = page.post(url(name, *args), data)
    assert answer.status_code == 422
    return answer.content.decode()


class TestAlerts:
    def test_an_empty_list_says_what_to_do(self, page: Client) -> None:
        text = read(page, "alerts")
        assert "No alert yet" in text
        assert "no channel is switched on" in text

    def test_the_list_shows_what_waits_and_how_often(self, page: Client, mailbox: AlertChannel) -> None:
        raised()
        raised()
        text = read(page, "alerts")
        assert "The champion has got worse" in text
        assert "2 ×" in text
        assert "no channel is switched on" not in text

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({"status": "open"}, {"worse", "gone"}),
            ({"status": "resolved"}, {"over"}),
            ({"kind": "drift"}, {"gone"}),
            ({"severity": "critical"}, {"gone"}),
            ({"problem": "coin-toss"}, {"worse"}),
            ({"status": "nonsense"}, {"worse", "gone", "over"}),
        ],
    )
    def test_it_is_filtered(self, page: Client, coin_toss: CoinToss, query: dict[str, str], shown: set[str]) -> None:
        raised(title="Is worse", problem="coin-toss")
        raised("drift", title="Is gone", severity="critical")
        raised("log", title="Is over", key="log")
        alerting.resolve("log", "log")
        text = read(page, "alerts", **query)
        assert {word for word in ("worse", "gone", "over") if f"Is {word}" in text} == shown

    def test_a_filter_that_nothing_fits_says_so(self, page: Client) -> None:
        assert "No such alert" in read(page, "alerts", kind="ledger")

    def test_pages_of_a_storm_ask_little(
        self, page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(60):
            raised(key=f"version {number}")
        with django_assert_max_num_queries(7):
            text = read(page, "alerts", page=2)
        assert "Page 2 of 3" in text
        assert text.count("The champion has got worse") == 25

    def test_an_alert_shows_evidence_timeline_and_messages(
        self, page: Client, staff: User, clock: time_machine.Traveller, mailbox: AlertChannel,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:  # fmt: skip
        alert = raised(evidence={"relative": 0.09})
        for _ in range(3):
            clock.shift(60)
            raised()
        alerting.acknowledge(alert, by=staff, comment="I look at it.")
        alerting.resolve_alert(alert, by=staff)
        with django_assert_max_num_queries(7):
            text = read(page, "alert", alert.pk)
        moments = ["Raised<", "Raised again, 4 times in all", "Acknowledged by staff", "I look at it.", "Resolved by"]
        places = [text.index(moment) for moment in moments]
        assert places == sorted(places)
        assert "Gathering for On duty" in text, "its digest"

    def test_evidence_of_others_is_text_and_not_markup(self, page: Client) -> None:
        alert = raised(message="<script>alert(1)</script>", evidence={"x": "<b>"})
        text = read(page, "alert", alert.pk)
        assert "<script>alert" not in text
        assert "&lt;b&gt;" in text

    def test_it_is_acknowledged_with_a_comment(self, page: Client, staff: User) -> None:
        alert = raised()
        assert "Acknowledged: it is counted on in silence" in said(page, "alert-acknowledge", alert.pk, comment="Known")
        alert.refresh_from_db()
        assert (alert.status, alert.acknowledged_by, alert.comment) == ("acknowledged", staff, "Known")
        assert "is not open any more" in said(page, "alert-acknowledge", alert.pk)

    def test_a_long_comment_is_refused_beside_its_field(self, page: Client) -> None:
        alert = raised()
        assert "at most 500 characters" in refused(page, "alert-acknowledge", alert.pk, comment="x" * 501)
        assert Alert.objects.get().status == "open"

    def test_it_is_resolved(self, page: Client) -> None:
        alert = raised()
        assert "a new alert opens" in said(page, "alert-resolve", alert.pk)
        assert "resolved already" in said(page, "alert-resolve", alert.pk)

    @pytest.mark.parametrize("name", ["alert-acknowledge", "alert-resolve"])
    def test_what_is_not_there_is_not_found(self, page: Client, name: str) -> None:
        assert page.post(url(name, 999)).status_code == 404

    def test_the_navigation_counts_what_waits(self, page: Client, staff: User) -> None:
        for number in range(3):
            raised(key=f"version {number}")
        alerting.acknowledge(Alert.objects.all()[0], by=staff)
        text = page.get(reverse("predictions:alert-rules")).content.decode()
        assert re.search(r'Alerts <span class="badge warn">2<span class="visually-hidden"> waiting', text)


class TestRules:
    def test_the_rules_that_come_with_it_say_what_they_do(self, page: Client) -> None:
        text = read(page, "alert-rules")
        assert "Accuracy below 0.6, with 100 settled predictions or more" in text
        assert "Out of reach where an event has three outcomes" in text
        assert "Return on flat stakes below 0 on 7 days running" in text

    def test_a_rule_is_added_changed_and_deleted(self, page: Client) -> None:
        assert "Log loss above 1.1 on 3 days running" in said(page, "alert-rule-new", **RULE)
        rule = AlertRule.objects.get(name=RULE["name"])
        said(page, "alert-rule", rule.pk, **{**RULE, "threshold": "1.2"})
        rule.refresh_from_db()
        assert rule.threshold == 1.2
        assert "is gone" in said(page, "alert-rule-delete", rule.pk)
        assert not AlertRule.objects.filter(pk=rule.pk).exists()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"threshold": "much"}, "Enter a number."),
            ({"threshold": "nan"}, "Enter a number."),
            ({"threshold": "inf"}, "Enter a number."),
            ({"days": "0"}, "greater than or equal to 1"),
            ({"days": "91"}, "less than or equal to 90"),
            ({"minimum_events": "0"}, "greater than or equal to 1"),
            ({"metric": "vibes"}, "Select a valid choice"),
            ({"comparison": "beside"}, "Select a valid choice"),
            ({"problem": "weather"}, "Select a valid choice"),
            ({"name": ""}, "This field is required."),
            ({"name": "Accuracy below 60 %"}, "already exists"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, page: Client, wrong: dict[str, str], words: str) -> None:
        before = AlertRule.objects.count()
        assert words in refused(page, "alert-rule-new", **{**RULE, **wrong})
        assert AlertRule.objects.count() == before

    def test_a_problem_is_chosen_from_those_there_are(self, page: Client, coin_toss: CoinToss) -> None:
        said(page, "alert-rule-new", **{**RULE, "problem": "coin-toss"})
        assert AlertRule.objects.get(name=RULE["name"]).problem == "coin-toss"


class TestChannels:
    def test_an_empty_page_says_what_to_do(self, page: Client) -> None:
        assert "No channel yet" in read(page, "alert-channels")

    def test_a_webhooks_secret_is_shown_once(self, page: Client) -> None:
        text = said(page, "alert-channels", **HOOK)
        channel = AlertChannel.objects.get()
        secret = decrypted(channel.secret)
        assert secret in text
        assert secret not in read(page, "alert-channels")
        assert secret not in read(page, "alert-channel", channel.pk)

    def test_an_address_is_added(self, page: Client) -> None:
        assert "On duty was added" in said(page, "alert-channels", **MAIL, kinds=["decay", "drift"])
        assert AlertChannel.objects.get().kinds == ["decay", "drift"]

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"url": "http://hooks.example.org/"}, "begins with https://"),
            ({"url": "ftp://hooks.example.org/"}, "begins with https://"),
            ({"url": "javascript:alert(1)"}, "begins with https://"),
            ({"url": "https://me:secret@hooks.example.org/"}, "Leave name and password out"),
            ({"url": "https://192.168.1.4/"}, "an address of a private network"),
            ({"url": "https://[::1]/"}, "an address of a private network"),
            ({"url": "https://169.254.169.254/latest/meta-data/"}, "an address of a private network"),
            ({"url": "https://localhost/"}, "own network"),
            ({"url": "https:///path"}, "names no host"),
            ({"url": "https://hooks.example.org:99999/"}, "be read as a URL"),
            ({"url": "https://hooks.example.org/ä"}, "in ASCII"),
            ({"url": ""}, "begins with https://"),
            ({"kinds": ["weather"]}, "Select a valid choice"),
            ({"minimum_severity": "loud"}, "Select a valid choice"),
            ({"email": "duty@example.org"}, "A webhook has no e-mail address."),
            ({"kind": "email"}, "Write the address to send to."),
            ({"kind": "email", "email": "nobody"}, "Enter a valid email address."),
            ({"kind": "pigeon"}, "Select a valid choice"),
        ],
    )
    def test_what_can_not_be_sent_to_is_refused(
        self, page: Client, settings: Settings, wrong: dict[str, Any], words: str
    ) -> None:
        settings.WEBHOOKS_MAY_BE_LOCAL = False
        assert words in refused(page, "alert-channels", **{**HOOK, **wrong}).replace("&#x27;", "'")
        assert not AlertChannel.objects.exists()

    def test_two_channels_have_two_names(self, page: Client, mailbox: AlertChannel) -> None:
        assert "already exists" in refused(page, "alert-channels", **MAIL)

    def test_it_is_changed_and_switched_on_again(self, page: Client, webhook: AlertChannel) -> None:
        AlertChannel.objects.update(enabled=False, note="Switched off: it answered 410.")
        assert "it answered 410" in read(page, "alert-channel", webhook.pk)
        data = {"name": "Pager", "url": "https://other.example.org/", "minimum_severity": "info", "enabled": "on"}
        assert "Saved." in said(page, "alert-channel", webhook.pk, **data)
        before = webhook.secret
        webhook.refresh_from_db()
        assert (webhook.enabled, webhook.note, webhook.url) == (True, "", "https://other.example.org/")
        assert webhook.secret == before

    def test_a_change_that_is_refused_changes_nothing(self, page: Client, webhook: AlertChannel) -> None:
        refused(page, "alert-channel", webhook.pk, name="", url="ftp://x/", minimum_severity="info")
        assert AlertChannel.objects.get().url == webhook.url

    def test_its_secret_is_replaced_and_shown_once(self, page: Client, webhook: AlertChannel) -> None:
        text = said(page, "alert-channel-secret", webhook.pk)
        webhook.refresh_from_db()
        assert decrypted(webhook.secret) in text
        assert decrypted(webhook.secret) not in read(page, "alert-channel", webhook.pk)

    def test_an_address_has_no_secret(self, page: Client, mailbox: AlertChannel) -> None:
        assert "is no webhook" in said(page, "alert-channel-secret", mailbox.pk)

    def test_a_test_is_queued_and_leads_to_its_page(self, page: Client, webhook: AlertChannel) -> None:
        text = said(page, "alert-channel-test", webhook.pk)
        assert "This is a test of the channel Pager" in text
        assert AlertDelivery.objects.get().status == "queued"

    def test_it_is_deleted(self, page: Client, webhook: AlertChannel) -> None:
        assert "is gone" in said(page, "alert-channel-delete", webhook.pk)
        assert not AlertChannel.objects.exists()


class TestMessages:
    def test_what_was_given_up_is_seen_and_sent_again(
        self, page: Client, webhook: AlertChannel, clock: time_machine.Traveller
    ) -> None:
        raised()
        with patch.object(sending, "post", return_value=Answer(status=500, start=b"<h1>Oops</h1>")):
            for _ in range(6):
                sending.sweep()
                clock.shift(timedelta(hours=3))
        dead = AlertDelivery.objects.get(alert__kind="decay")
        assert "The champion has got worse" in read(page, "alert-deliveries", status="dead")
        text = read(page, "alert-delivery", dead.pk)
        assert "It answered 500." in text
        assert "&lt;h1&gt;Oops&lt;/h1&gt;" in text
        assert "6 of 6" in text
        assert "Queued again" in said(page, "alert-delivery-resend", dead.pk)
        assert "Only a message that was given up" in said(page, "alert-delivery-resend", dead.pk).replace("&#x27;", "'")

    def test_an_empty_list_says_what_to_do(self, page: Client) -> None:
        assert "No message yet" in read(page, "alert-deliveries")

    def test_lists_ask_little(
        self, page: Client, mailbox: AlertChannel, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(60):
            channels.send_test(mailbox)
        with django_assert_max_num_queries(8):
            assert "Page 1 of 3" in read(page, "alert-deliveries", channel=mailbox.pk)

    def test_a_digest_that_gathers_says_when_it_goes(self, page: Client) -> None:
        alerts_with_messages()
        digest = AlertDelivery.objects.filter(status="gathering")[0]
        assert "A digest that still gathers" in read(page, "alert-delivery", digest.pk)


@pytest.mark.parametrize("who", ["stranger", "charlie"])
def test_nobody_else_gets_anything(client: Client, charlie: User, webhook: AlertChannel, who: str) -> None:
    alert = raised()
    delivery = AlertDelivery.objects.get()
    rule = AlertRule.objects.all()[0]
    if who == "charlie":
        client.force_login(charlie)
    expected = 403 if who == "charlie" else 302
    reads: list[tuple[Any, ...]] = [
        ("alerts",),
        ("alert", alert.pk),
        ("alert-rules",),
        ("alert-rule-new",),
        ("alert-rule", rule.pk),
        ("alert-channels",),
        ("alert-channel", webhook.pk),
        ("alert-deliveries",),
        ("alert-delivery", delivery.pk),
    ]
    writes: list[tuple[Any, ...]] = [
        ("alert-acknowledge", alert.pk),
        ("alert-resolve", alert.pk),
        ("alert-rule-delete", rule.pk),
        ("alert-channel-test", webhook.pk),
        ("alert-channel-secret", webhook.pk),
        ("alert-channel-delete", webhook.pk),
        ("alert-delivery-resend", delivery.pk),
    ]
    for name, *args in reads:
        assert client.get(url(name, *args)).status_code == expected, name
    for name, *args in [*reads, *writes]:
        assert client.post(url(name, *args)).status_code in {expected, 405}, name
    assert Alert.objects.get().status == "open"
    assert AlertChannel.objects.get().secret == webhook.secret

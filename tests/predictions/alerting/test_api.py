"""Alerts, rules, channels and messages over HTTP, for staff."""

from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from accounts.encryption import decrypted
from accounts.models import User
from predictions import alerting
from predictions.delivering import channels
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.alerting.raising import alerts_with_messages, raised

pytestmark = pytest.mark.django_db
RULE = {
    "name": "Too sure of itself",
    "metric": "log_loss",
    "comparison": "above",
    "threshold": 1.1,
    "days": 3,
    "minimum_events": 50,
}
HOOK = {"name": "Pager", "kind": "webhook", "url": "https://hooks.example.org/t", "kinds": ["decay"]}
MAIL = {"name": "On duty", "kind": "email", "email": "duty@example.org"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


@pytest.fixture
def api(staff: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(staff)
    return client


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


class TestAlerts:
    def test_the_list_shows_them_and_is_filtered(self, api: APIClient, coin_toss: CoinToss) -> None:
        raised(problem="coin-toss")
        raised("drift", severity="critical")
        assert [row["kind"] for row in told(api.get("/api/alerts/"))["results"]] == ["drift", "decay"]
        for query, kind in [("kind=drift", "drift"), ("severity=warning", "decay"), ("problem=coin-toss", "decay")]:
            assert [row["kind"] for row in told(api.get(f"/api/alerts/?{query}"))["results"]] == [kind]
        assert told(api.get("/api/alerts/?status=resolved"))["results"] == []

    def test_a_filter_that_makes_no_sense_is_refused(self, api: APIClient) -> None:
        assert "kind" in told(api.get("/api/alerts/?kind=weather"), 400)["detail"]

    def test_a_long_list_asks_little(
        self, api: APIClient, staff: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(30):
            alerting.acknowledge(raised(key=f"version {number}"), by=staff)
        with django_assert_max_num_queries(3):
            rows = told(api.get("/api/alerts/"))["results"]
        assert {row["acknowledged_by"] for row in rows} == {"staff"}

    def test_one_shows_its_evidence(self, api: APIClient) -> None:
        alert = raised(evidence={"n": 640})
        assert told(api.get(f"/api/alerts/{alert.pk}/"))["evidence"] == {"n": 640}

    def test_it_is_acknowledged_and_resolved(self, api: APIClient, staff: User) -> None:
        alert = raised()
        answer = told(api.post(f"/api/alerts/{alert.pk}/acknowledge/", {"comment": "Known"}))
        assert (answer["status"], answer["acknowledged_by"], answer["comment"]) == ("acknowledged", "staff", "Known")
        again = told(api.post(f"/api/alerts/{alert.pk}/acknowledge/"), 409)
        assert again["code"] == "invalid_alert_state"
        assert told(api.post(f"/api/alerts/{alert.pk}/resolve/"))["status"] == "resolved"
        assert "resolved already" in told(api.post(f"/api/alerts/{alert.pk}/resolve/"), 409)["message"]

    @pytest.mark.parametrize("body", [{"comment": "x" * 501}, {"coment": "misspelt"}, {"comment": ["a"]}])
    def test_what_makes_no_sense_is_refused(self, api: APIClient, body: dict[str, Any]) -> None:
        alert = raised()
        told(api.post(f"/api/alerts/{alert.pk}/acknowledge/", body), 400)
        assert Alert.objects.get().status == "open"


class TestRules:
    def test_a_rule_is_added_changed_and_deleted(self, api: APIClient) -> None:
        made = told(api.post("/api/alerts/rules/", RULE), 201)
        assert (made["severity"], made["enabled"], made["problem"]) == ("warning", True, "")
        path = f"/api/alerts/rules/{made['id']}/"
        assert told(api.patch(path, {"enabled": False}))["enabled"] is False
        assert told(api.delete(path))["name"] == RULE["name"]
        told(api.get(path), 404)

    def test_the_list_shows_them(self, api: APIClient) -> None:
        assert len(told(api.get("/api/alerts/rules/"))["results"]) == 3

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"threshold": "much"}, "A valid number is required."),
            ({"threshold": "nan"}, "A valid number is required."),
            ({"threshold": "-inf"}, "A valid number is required."),
            ({"days": 0}, "greater than or equal to 1"),
            ({"days": 91}, "less than or equal to 90"),
            ({"minimum_events": 0}, "greater than or equal to 1"),
            ({"metric": "vibes"}, "is not a valid choice"),
            ({"problem": "weather"}, "There is no problem 'weather'"),
            ({"name": "Accuracy below 60 %"}, "already exists"),
            ({"treshold": 1}, "There is no such field"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, api: APIClient, wrong: dict[str, Any], words: str) -> None:
        refusal = told(api.post("/api/alerts/rules/", {**RULE, **wrong}), 400)
        assert words in str(refusal["detail"][next(iter(wrong))])
        assert AlertRule.objects.count() == 3


class TestChannels:
    def test_a_webhooks_secret_comes_out_once(self, api: APIClient) -> None:
        made = told(api.post("/api/alerts/channels/", HOOK), 201)
        channel = AlertChannel.objects.get()
        assert made["secret"] == decrypted(channel.secret)
        for path in ("/api/alerts/channels/", f"/api/alerts/channels/{channel.pk}/"):
            answer = api.get(path)
            assert answer.status_code == 200
            assert made["secret"] not in answer.content.decode()
            assert channel.secret not in answer.content.decode()

    def test_a_secret_of_the_receivers_own_is_taken(self, api: APIClient) -> None:
        own = "a-secret-of-their-own-of-many-letters"
        told(api.post("/api/alerts/channels/", {**HOOK, "secret": own}), 201)
        assert decrypted(AlertChannel.objects.get().secret) == own

    def test_an_address_has_no_secret(self, api: APIClient) -> None:
        assert told(api.post("/api/alerts/channels/", MAIL), 201)["secret"] == ""
        refusal = told(api.post("/api/alerts/channels/", {**MAIL, "name": "Other", "secret": "x" * 40}), 422)
        assert refusal["message"] == "Only a webhook has a secret."

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"url": "http://hooks.example.org/"}, "begins with https://"),
            ({"url": "ftp://hooks.example.org/"}, "begins with https://"),
            ({"url": "https://me:secret@hooks.example.org/"}, "Leave name and password out"),
            ({"url": "https://127.0.0.1/"}, "an address of a private network"),
            ({"url": "https://x.internal/"}, "own network"),
            ({"kinds": ["weather"]}, "is not a valid choice"),
            ({"kinds": "decay"}, "Expected a list"),
            ({"minimum_severity": "loud"}, "is not a valid choice"),
            ({"secret": "short"}, "at least 32 characters"),
            ({"email": "duty@example.org"}, "A webhook has no e-mail address."),
            ({"kind": "pigeon"}, "is not a valid choice"),
            ({"name": "x" * 81}, "no more than 80 characters"),
            ({"colour": "red"}, "There is no such field"),
        ],
    )
    def test_what_can_not_be_sent_to_is_refused(
        self, api: APIClient, settings: Settings, wrong: dict[str, Any], words: str
    ) -> None:
        settings.WEBHOOKS_MAY_BE_LOCAL = False
        refusal = told(api.post("/api/alerts/channels/", {**HOOK, **wrong}), 400)
        assert words in str(refusal["detail"][next(iter(wrong))])
        assert not AlertChannel.objects.exists()

    def test_a_part_is_changed_and_the_rest_stays(self, api: APIClient, webhook: AlertChannel) -> None:
        AlertChannel.objects.update(enabled=False, note="It answered 410.")
        answer = told(api.patch(f"/api/alerts/channels/{webhook.pk}/", {"enabled": True}))
        assert (answer["enabled"], answer["note"], answer["url"]) == (True, "", webhook.url)
        assert AlertChannel.objects.get().secret == webhook.secret

    @pytest.mark.parametrize(
        "body", [{"kind": "email"}, {"secret": "x" * 40}, {"url": "ftp://x/"}, {"url": ""}, {"email": "a@example.org"}]
    )
    def test_a_change_that_makes_no_sense_is_refused(
        self, api: APIClient, webhook: AlertChannel, body: dict[str, Any]
    ) -> None:
        before = AlertChannel.objects.values().get()
        refusal = told(api.patch(f"/api/alerts/channels/{webhook.pk}/", body), 400)
        assert list(refusal["detail"]) == list(body)
        assert AlertChannel.objects.values().get() == before

    def test_its_secret_is_replaced(self, api: APIClient, webhook: AlertChannel) -> None:
        answer = told(api.post(f"/api/alerts/channels/{webhook.pk}/secret/"))
        webhook.refresh_from_db()
        assert answer["secret"] == decrypted(webhook.secret)
        assert answer["previous_secret_until"] is not None

    def test_an_addresss_is_not(self, api: APIClient, mailbox: AlertChannel) -> None:
        assert told(api.post(f"/api/alerts/channels/{mailbox.pk}/secret/"), 422)["code"] == "invalid_channel"

    def test_a_test_is_queued(self, api: APIClient, mailbox: AlertChannel) -> None:
        answer = told(api.post(f"/api/alerts/channels/{mailbox.pk}/test/"), 202)
        assert answer["subject"] == "[Info] This is a test of the channel On duty"
        assert answer["id"] == str(AlertDelivery.objects.get().pk)

    def test_it_is_deleted(self, api: APIClient, webhook: AlertChannel) -> None:
        assert told(api.delete(f"/api/alerts/channels/{webhook.pk}/"))["name"] == "Pager"
        assert not AlertChannel.objects.exists()


class TestMessages:
    def test_lists_are_filtered_and_ask_little(
        self, api: APIClient, mailbox: AlertChannel, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(30):
            channels.send_test(mailbox)
        AlertDelivery.objects.filter(pk=AlertDelivery.objects.all()[0].pk).update(status="dead")
        with django_assert_max_num_queries(3):
            assert len(told(api.get("/api/alerts/deliveries/"))["results"]) == 30
        assert len(told(api.get("/api/alerts/deliveries/?status=dead"))["results"]) == 1
        first = told(api.get("/api/alerts/deliveries/?page_size=20"))
        rest = told(api.get(first["next"]))
        assert len({row["id"] for row in [*first["results"], *rest["results"]]}) == 30

    def test_one_shows_what_it_says(self, api: APIClient) -> None:
        alerts_with_messages()
        sent = AlertDelivery.objects.exclude(body="")[0]
        assert "The champion has got worse" in told(api.get(f"/api/alerts/deliveries/{sent.pk}/"))["body"]

    def test_what_was_given_up_is_sent_again(self, api: APIClient, mailbox: AlertChannel) -> None:
        delivery = channels.send_test(mailbox)
        path = f"/api/alerts/deliveries/{delivery.pk}/resend/"
        assert told(api.post(path), 409)["code"] == "invalid_alert_state"
        AlertDelivery.objects.update(status="dead", attempts=6)
        answer = told(api.post(path), 202)
        assert (answer["status"], answer["attempts"]) == ("queued", 0)


PATHS = [
    ("get", "/api/alerts/"),
    ("get", "/api/alerts/{alert}/"),
    ("post", "/api/alerts/{alert}/acknowledge/"),
    ("post", "/api/alerts/{alert}/resolve/"),
    ("get", "/api/alerts/rules/"),
    ("post", "/api/alerts/rules/"),
    ("get", "/api/alerts/rules/{rule}/"),
    ("patch", "/api/alerts/rules/{rule}/"),
    ("delete", "/api/alerts/rules/{rule}/"),
    ("get", "/api/alerts/channels/"),
    ("post", "/api/alerts/channels/"),
    ("get", "/api/alerts/channels/{channel}/"),
    ("patch", "/api/alerts/channels/{channel}/"),
    ("delete", "/api/alerts/channels/{channel}/"),
    ("post", "/api/alerts/channels/{channel}/test/"),
    ("post", "/api/alerts/channels/{channel}/secret/"),
    ("get", "/api/alerts/deliveries/"),
    ("get", "/api/alerts/deliveries/{delivery}/"),
    ("post", "/api/alerts/deliveries/{delivery}/resend/"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_nobody_else_gets_anything(webhook: AlertChannel, charlie: User, method: str, path: str) -> None:
    alert = raised()
    delivery = AlertDelivery.objects.get()
    rule = AlertRule.objects.all()[0]
    here = path.format(alert=alert.pk, channel=webhook.pk, rule=rule.pk, delivery=delivery.pk)
    client = APIClient()
    assert getattr(client, method)(here).status_code == 401
    client.force_authenticate(charlie)
    assert getattr(client, method)(here).status_code == 403


@pytest.mark.parametrize(("method", "path"), [each for each in PATHS if "{" in each[1]])
def test_what_is_not_there_is_not_found(api: APIClient, method: str, path: str) -> None:
    here = path.format(alert=999, channel=999, rule=999, delivery=NOWHERE)
    assert getattr(api, method)(here).status_code == 404

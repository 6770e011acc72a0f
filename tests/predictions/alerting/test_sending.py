"""Each message goes out once, again after failures, and is given up in the open."""

import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from predictions.delivering import channels, sending
from predictions.delivering.posting import Answer, PostFailed
from predictions.errors import InvalidAlertState
from predictions.models import Alert, AlertChannel, AlertDelivery
from tests.predictions.alerting.conftest import SECRET
from tests.predictions.alerting.raising import raised
from tests.predictions.alerting.receiver import Received, Receiver, answers, receiver

pytestmark = pytest.mark.django_db
LONG = timedelta(hours=12)


def led_to(channel: AlertChannel, server: Receiver) -> None:
    AlertChannel.objects.filter(pk=channel.pk).update(url=server.url)


def message() -> AlertDelivery:
    """The one that there is."""
    return AlertDelivery.objects.get()


def is_signed(got: Received, secret: str) -> bool:
    """As the documentation tells receivers to do it, without our code."""
    stamp = got.headers["X-Touchline-Timestamp"]
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    given = [part.removeprefix("v1=") for part in got.headers["X-Touchline-Signature"].split(",")]
    return any(hmac.compare_digest(expected, each) for each in given)


def answering(status: int, **more: str) -> Callable[..., Answer]:
    return lambda *args: Answer(status=status, start=b"because", **more)


def fail_for_good(clock: time_machine.Traveller) -> None:
    with patch.object(sending, "post", answering(500)):
        for _ in range(sending.MOST_ATTEMPTS):
            sending.sweep()
            clock.shift(LONG)


def test_a_webhook_is_signed_stamped_and_named(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    with receiver(answers()) as server:
        led_to(webhook, server)
        alert = raised()
        assert sending.sweep() == 1
    [got] = server.received
    assert is_signed(got, SECRET)
    assert not is_signed(got, SECRET + "x")
    assert got.headers["X-Touchline-Timestamp"] == str(int(timezone.now().timestamp()))
    sent = message()
    assert got.headers["X-Touchline-Delivery"] == str(sent.pk)
    assert (sent.status, sent.response_status, sent.response_start) == ("sent", 200, "thanks")
    body = json.loads(got.body)
    assert got.body.decode() == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (body["type"], body["alerts"][0]["id"], body["alerts"][0]["key"]) == ("alert", alert.pk, alert.key)


def test_a_body_that_was_changed_on_the_way_is_not_signed(webhook: AlertChannel) -> None:
    with receiver(answers()) as server:
        led_to(webhook, server)
        raised()
        sending.sweep()
    [got] = server.received
    assert not is_signed(Received(got.raw.replace(b"warning", b"warnine")), SECRET)
    assert not is_signed(Received(got.raw.replace(b"Timestamp: 1", b"Timestamp: 2")), SECRET)


def test_what_fails_is_sent_again_under_the_same_name(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    with receiver(answers("500 Oops", b"the disk is full"), answers()) as server:
        led_to(webhook, server)
        raised()
        assert sending.sweep() == 0
        failed = message()
        assert (failed.status, failed.attempts, failed.error) == ("failed", 1, "It answered 500.")
        assert failed.response_start == "the disk is full"
        assert sending.sweep() == 0, "not before its time"
        clock.shift(timedelta(minutes=2))
        assert sending.sweep() == 1
    first, second = server.received
    assert first.headers["X-Touchline-Delivery"] == second.headers["X-Touchline-Delivery"]
    assert first.headers["X-Touchline-Timestamp"] != second.headers["X-Touchline-Timestamp"]
    assert first.body == second.body
    assert is_signed(second, SECRET)
    assert (message().status, message().attempts, message().error) == ("sent", 2, "")


def test_a_redirect_is_a_failure_that_says_so(webhook: AlertChannel) -> None:
    with receiver(answers()) as other, receiver(answers("307 Elsewhere", Location=other.url)) as server:
        led_to(webhook, server)
        raised()
        sending.sweep()
    assert other.received == []
    assert f"It answered 307, a redirect to {other.url}: redirects are not followed." in message().error


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(webhook: AlertChannel, status: int) -> None:
    raised()
    with patch.object(sending, "post", answering(status)):
        assert sending.sweep() == 1


@pytest.mark.parametrize("status", [199, 400, 401, 404, 500])
def test_anything_else_is_tried_again(webhook: AlertChannel, status: int) -> None:
    raised()
    with patch.object(sending, "post", answering(status)):
        assert sending.sweep() == 0
    assert message().status == "failed"


def test_six_attempts_take_about_two_hours() -> None:
    chance = random.Random(1)
    for _ in range(100):
        waits = [sending.delay_after(failed, chance=chance) for failed in range(1, sending.MOST_ATTEMPTS)]
        assert timedelta(hours=1.6) <= sum(waits, timedelta()) <= timedelta(hours=2.5)
        assert waits == sorted(waits)


def test_after_the_last_attempt_it_is_given_up_and_staff_hear_of_it(
    webhook: AlertChannel, clock: time_machine.Traveller
) -> None:
    raised()
    fail_for_good(clock)
    dead = AlertDelivery.objects.get(alert__kind="decay")
    assert (dead.status, dead.attempts, dead.error) == ("dead", 6, "It answered 500.")
    assert dead.finished_at is not None
    told = Alert.objects.get(kind="delivery")
    assert (told.key, told.title) == (f"channel {webhook.pk}", "Alerts do not reach Pager")


def test_news_of_a_dead_channel_that_does_not_get_through_makes_no_more_news(
    webhook: AlertChannel, clock: time_machine.Traveller
) -> None:
    raised()
    for _ in range(3):
        fail_for_good(clock)
    assert Alert.objects.get(kind="delivery").count == 1
    assert set(AlertDelivery.objects.values_list("status", flat=True)) == {"dead"}


def test_what_gets_through_resolves_the_news(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    fail_for_good(clock)
    with patch.object(sending, "post", answering(200)):
        raised(key="another")
        sending.sweep()
    assert Alert.objects.get(kind="delivery").status == "resolved"


def test_what_was_given_up_is_sent_again_when_asked(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    fail_for_good(clock)
    again = sending.resend(AlertDelivery.objects.get(alert__kind="decay"))
    assert (again.status, again.attempts) == ("queued", 0)
    with patch.object(sending, "post", answering(200)):
        assert sending.send(again.pk)


@pytest.mark.parametrize("status", ["queued", "failed", "sent", "gathering"])
def test_only_what_was_given_up_is_sent_again(webhook: AlertChannel, status: str) -> None:
    raised()
    AlertDelivery.objects.update(status=status)
    with pytest.raises(InvalidAlertState, match="Only a message that was given up"):
        sending.resend(message())


def test_410_switches_the_channel_off_with_a_note(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    with patch.object(sending, "post", answering(410)):
        sending.sweep()
    webhook.refresh_from_db()
    assert not webhook.enabled
    assert webhook.note.startswith("Switched off 9 November 2024 12:00 UTC: it answered 410")
    assert AlertDelivery.objects.get(alert__kind="decay").status == "dead"


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_is_waited_for(
    webhook: AlertChannel, clock: time_machine.Traveller, status: int
) -> None:
    raised()
    with patch.object(sending, "post", answering(status, retry_after="1800")):
        sending.sweep()
    assert message().next_attempt_at == timezone.now() + timedelta(minutes=30)


def test_a_date_to_wait_for_is_understood(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    when = timezone.now() + timedelta(minutes=45)
    with patch.object(sending, "post", answering(503, retry_after=format_datetime(when, usegmt=True))):
        sending.sweep()
    assert message().next_attempt_at == when


@pytest.mark.parametrize("words", ["soon", "-5", "Sat, 99 Nov 2024 99:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", ""])
def test_nonsense_to_wait_for_changes_nothing(webhook: AlertChannel, clock: time_machine.Traveller, words: str) -> None:
    raised()
    with patch.object(sending, "post", answering(503, retry_after=words)):
        sending.sweep()
    assert message().next_attempt_at - timezone.now() <= timedelta(minutes=1.2)


@given(st.text(max_size=40))
def test_whatever_a_server_asks_to_wait_is_bounded(words: str) -> None:
    asked = sending._asked_to_wait(Answer(status=503, start=b"", retry_after=words))
    assert timedelta() <= asked <= timedelta(hours=6)


def test_a_wait_of_thousands_of_digits_is_bounded() -> None:
    asked = sending._asked_to_wait(Answer(status=503, start=b"", retry_after="9" * 6000))
    assert asked == timedelta(hours=6)


def test_control_characters_of_an_answer_are_not_kept(webhook: AlertChannel) -> None:
    with receiver(answers("302 Found", b"\x00\x1b[31mred\xff", Location="https://x/\x01y")) as server:
        led_to(webhook, server)
        raised()
        sending.sweep()
    assert message().response_start == "[31mred\N{REPLACEMENT CHARACTER}"
    assert "to https://x/y:" in message().error


def test_a_wait_without_end_is_bounded(webhook: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    with patch.object(sending, "post", answering(429, retry_after="9" * 30)):
        sending.sweep()
    assert message().next_attempt_at == timezone.now() + timedelta(hours=6)


def test_two_workers_send_it_once(webhook: AlertChannel) -> None:
    raised()
    calls: list[bool] = []

    def meanwhile(*args: object) -> Answer:
        calls.append(sending.send(message().pk))
        return Answer(status=200, start=b"")

    with patch.object(sending, "post", meanwhile):
        assert sending.send(message().pk)
        assert not sending.send(message().pk)
    assert calls == [False]


def test_a_worker_that_died_is_replaced_and_can_write_no_more(
    webhook: AlertChannel, clock: time_machine.Traveller
) -> None:
    """It was only slow: its lease lapsed, another sent the message, and then it failed."""
    raised()

    def slow(*args: object) -> Answer:
        clock.shift(sending.LEASE + timedelta(seconds=1))
        with patch.object(sending, "post", answering(200)):
            assert sending.send(message().pk)
        raise PostFailed("It did not answer in time.")

    with patch.object(sending, "post", slow):
        sending.send(message().pk)
    assert (message().status, message().attempts, message().error) == ("sent", 2, "")


def test_whose_worker_died_at_the_last_attempt_is_given_up(webhook: AlertChannel) -> None:
    raised()
    AlertDelivery.objects.update(
        attempts=sending.MOST_ATTEMPTS, claim=uuid.uuid4(), leased_until=timezone.now() - timedelta(seconds=1)
    )
    assert sending.sweep() == 0
    assert (message().status, message().error) == ("dead", "The worker died while it sent this message.")


def test_a_message_that_has_gone_is_nothing_to_do() -> None:
    assert sending.send(uuid.uuid4()) is False


def test_a_channel_that_was_switched_off_is_sent_nothing_more(webhook: AlertChannel) -> None:
    raised()
    webhook.enabled = False
    channels.change(webhook)
    with patch.object(sending, "post") as post:
        sending.sweep()
    post.assert_not_called()
    assert AlertDelivery.objects.get(alert__kind="decay").error == "The channel was switched off."


def test_a_mail_server_that_is_down_is_tried_again(mailbox: AlertChannel, clock: time_machine.Traveller) -> None:
    raised()
    with patch("django.core.mail.EmailMessage.send", side_effect=ConnectionRefusedError):
        assert sending.sweep() == 0
    assert message().error == "The mail server did not take it (ConnectionRefusedError)."
    clock.shift(timedelta(minutes=2))
    assert sending.sweep() == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{message().pk}@")


def test_secrets_stay_out_of_the_log_and_the_database(webhook: AlertChannel, caplog: pytest.LogCaptureFixture) -> None:
    raised()
    with patch.object(sending, "post", side_effect=PostFailed("It refused the connection.")):
        sending.sweep()
    assert "delivery_failed" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in str(AlertChannel.objects.values().get())


class TestSecrets:
    def signatures(self, channel: AlertChannel) -> Received:
        with receiver(answers()) as server:
            led_to(channel, server)
            channels.send_test(channel)
            sending.sweep()
        return server.received[0]

    def test_while_a_secret_is_replaced_both_sign(self, webhook: AlertChannel, clock: time_machine.Traveller) -> None:
        new = channels.replace_secret(webhook)
        got = self.signatures(webhook)
        assert is_signed(got, new)
        assert is_signed(got, SECRET)
        clock.shift(timedelta(hours=25))
        later = self.signatures(webhook)
        assert is_signed(later, new)
        assert not is_signed(later, SECRET)

    def test_a_secret_survives_the_replacement_of_the_key_that_encrypts_it(
        self, webhook: AlertChannel, settings: Settings
    ) -> None:
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
        assert is_signed(self.signatures(webhook), SECRET)

    def test_a_secret_that_can_not_be_read_any_more_is_said(self, webhook: AlertChannel, settings: Settings) -> None:
        settings.SECRET_KEY = "another" * 8
        raised()
        sending.sweep()
        assert message().error.startswith("The channel's secret can't be read: SECRET_KEY was replaced.")


def test_a_test_says_that_it_is_one(webhook: AlertChannel) -> None:
    with receiver(answers()) as server:
        led_to(webhook, server)
        channels.send_test(webhook)
        assert sending.sweep() == 1
    body = json.loads(server.received[0].body)
    assert (body["type"], body["title"]) == ("test", "This is a test of the channel Pager")

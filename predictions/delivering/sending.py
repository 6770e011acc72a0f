"""Sending what is queued: each message by one worker at a time, again after failures, and given up in the open.

A worker claims a message by one conditional UPDATE that gives it a lease and a token; the token fences what it writes
afterwards. A worker that dies while sending lets the lease lapse, and the message goes out again under the same id, by
which the receiver can drop doubles.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from django.db.models import F
from django.utils import timezone

from predictions import alerting
from predictions.delivering import gathering, mailing, signing
from predictions.delivering.channels import signing_keys
from predictions.delivering.posting import Answer, PostFailed, post
from predictions.errors import InvalidAlertState
from predictions.models import Alert, AlertChannel, AlertDelivery, Severity

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 6
FIRST_DELAY = timedelta(minutes=1)
GROWTH = 3
JITTER = 0.2
LONGEST_RETRY_AFTER = timedelta(hours=6)
LEASE = timedelta(seconds=60)
BATCH = 50
LONGEST_START = LONGEST_ERROR = 500
LONGEST_NUMBER = 9
GONE = 410
Status = AlertDelivery.Status


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt went; `error` is empty where the message was taken."""

    error: str = ""
    status: int | None = None
    start: str = ""
    retry_after: timedelta = timedelta()
    is_final: bool = False


def sweep() -> int:
    """Close the digests and send all that is due, at most a batch; returns how many messages were taken.

    The rest comes with the next sweep, a minute later.
    """
    gathering.close_digests()
    give_up_on_the_lost()
    due = AlertDelivery.objects.due(timezone.now()).order_by("next_attempt_at").values_list("pk", flat=True)
    return send_all(list(due[:BATCH]))


def send_all(ids: Iterable[uuid.UUID]) -> int:
    return sum(send(pk) for pk in ids)


def send(pk: uuid.UUID) -> bool:
    """Try one message once, if it is due and no other worker has it; whether it was taken."""
    delivery = _claimed(pk)
    if delivery is None:
        return False
    outcome = _attempted(delivery)
    _write(delivery, outcome)
    return not outcome.error


def resend(delivery: AlertDelivery) -> AlertDelivery:
    """Queue a message that was given up once more, with all its attempts. Raises InvalidAlertState for any other."""
    dead = AlertDelivery.objects.filter(pk=delivery.pk, status=Status.DEAD)
    fields = {"status": Status.QUEUED, "attempts": 0, "next_attempt_at": timezone.now(), "finished_at": None}
    if not dead.update(**fields, error="", leased_until=None, claim=None):
        raise InvalidAlertState("Only a message that was given up is sent again: this one is on its way, or was taken.")
    gathering.send_on_commit([delivery.pk])
    return AlertDelivery.objects.get(pk=delivery.pk)


def give_up_on_the_lost() -> int:
    """End the messages whose worker died at its last attempt; returns how many."""
    now = timezone.now()
    lost = AlertDelivery.objects.filter(
        status__in=AlertDelivery.PENDING, attempts__gte=MOST_ATTEMPTS, leased_until__lt=now
    )
    return lost.update(status=Status.DEAD, finished_at=now, error="The worker died while it sent this message.")


def delay_after(attempts: int, *, chance: random.Random | None = None) -> timedelta:
    """How long to wait after so many failures: 1, 3, 9, 27, 81 minutes, each up to a fifth more or less.

    Together about two hours. The jitter keeps messages that failed together from coming back together.
    """
    spread = (chance or random).uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=FIRST_DELAY.total_seconds() * GROWTH ** (attempts - 1) * spread)


def _claimed(pk: uuid.UUID) -> AlertDelivery | None:
    now, token = timezone.now(), uuid.uuid4()
    due = AlertDelivery.objects.due(now).filter(pk=pk, attempts__lt=MOST_ATTEMPTS)
    if not due.update(claim=token, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return AlertDelivery.objects.select_related("channel").filter(pk=pk, claim=token).first()


def _attempted(delivery: AlertDelivery) -> Outcome:
    if not delivery.channel.enabled and delivery.alert_kind:
        return Outcome(error="The channel was switched off.", is_final=True)
    if delivery.channel.kind == AlertChannel.Kind.EMAIL:
        return Outcome(error=mailing.mail(delivery))
    return _posted(delivery)


def _posted(delivery: AlertDelivery) -> Outcome:
    body = delivery.body.encode()
    now = timezone.now()
    keys = signing_keys(delivery.channel, now)
    if not keys:
        return Outcome(
            error="The channel's secret can't be read: SECRET_KEY was replaced. Replace the channel's secret."
        )
    headers = signing.headers(body, timestamp=int(now.timestamp()), keys=keys, delivery_id=str(delivery.pk))
    try:
        return _judged(post(delivery.channel.url, body, headers))
    except PostFailed as failure:
        return Outcome(error=str(failure))


def _judged(answer: Answer) -> Outcome:
    start = _printable(answer.start.decode(errors="replace"))[:LONGEST_START]
    error, retry_after = "", timedelta()
    if 300 <= answer.status < 400:
        to = f" to {_printable(answer.location)[:200]}" if answer.location else ""
        error = f"It answered {answer.status}, a redirect{to}: redirects are not followed. Change the channel's URL."
    elif answer.status == GONE:
        error = "It answered 410: nobody wants messages there any more. The channel was switched off."
    elif not 200 <= answer.status < 300:
        error = f"It answered {answer.status}."
        retry_after = _asked_to_wait(answer) if answer.status in {429, 503} else timedelta()
    return Outcome(
        error=error, status=answer.status, start=start, retry_after=retry_after, is_final=answer.status == GONE
    )


def _printable(text: str) -> str:
    """Of what a stranger answered: no control characters, of which databases refuse one and terminals obey some."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")


def _asked_to_wait(answer: Answer) -> timedelta:
    """What `Retry-After` says, in seconds or as a date (RFC 9110, 10.2.3), bounded."""
    words = answer.retry_after.strip()
    if words.isdecimal():
        wished = timedelta(seconds=int(words)) if len(words) < LONGEST_NUMBER else LONGEST_RETRY_AFTER
    else:
        try:
            when = parsedate_to_datetime(words)
            wished = (when if when.tzinfo else when.replace(tzinfo=UTC)) - timezone.now()
        except (ValueError, OverflowError):
            return timedelta()
    return max(timedelta(), min(wished, LONGEST_RETRY_AFTER))


def _write(delivery: AlertDelivery, outcome: Outcome) -> None:
    """Down how it went; nothing where another worker has taken over meanwhile."""
    now = timezone.now()
    status = _next_status(delivery, outcome)
    ended = status in {Status.SENT, Status.DEAD}
    wait = max(delay_after(delivery.attempts), outcome.retry_after)
    mine = AlertDelivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
    written = mine.update(
        status=status,
        error=outcome.error[:LONGEST_ERROR],
        response_status=outcome.status,
        response_start=outcome.start,
        claim=None,
        leased_until=None,
        finished_at=now if ended else None,
        next_attempt_at=now if ended else now + wait,
    )
    if written:
        _tell_staff(delivery, outcome, status)
    if outcome.status == GONE:
        _switch_off(delivery.channel, now)


def _tell_staff(delivery: AlertDelivery, outcome: Outcome, status: AlertDelivery.Status) -> None:
    """In the log, and by an alert where a message was given up, unless that message was about such a thing itself."""
    channel = delivery.channel
    if status == Status.SENT:
        alerting.resolve(Alert.Kind.DELIVERY, _key(channel))
        return
    log.warning(
        "delivery_failed",
        delivery=str(delivery.pk),
        channel=channel.name,
        status=status,
        attempt=delivery.attempts,
        error=outcome.error,
    )
    if status == Status.DEAD and delivery.alert_kind not in ("", Alert.Kind.DELIVERY):
        alerting.raise_alert(
            Alert.Kind.DELIVERY,
            key=_key(channel),
            title=f"Alerts do not reach {channel.name}",
            message=f"“{delivery.subject}” was given up after {delivery.attempts} attempts. {outcome.error}",
            severity=Severity.WARNING,
            evidence={"delivery": str(delivery.pk), "target": channel.target},
        )


def _key(channel: AlertChannel) -> str:
    return f"channel {channel.pk}"


def _next_status(delivery: AlertDelivery, outcome: Outcome) -> AlertDelivery.Status:
    if not outcome.error:
        return Status.SENT
    return Status.DEAD if outcome.is_final or delivery.attempts >= MOST_ATTEMPTS else Status.FAILED


def _switch_off(channel: AlertChannel, now: datetime) -> None:
    note = f"Switched off {now:%-d %B %Y %H:%M} UTC: it answered 410, which means that nobody wants messages there."
    AlertChannel.objects.filter(pk=channel.pk).update(enabled=False, note=note)

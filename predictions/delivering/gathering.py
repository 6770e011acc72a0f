"""Who is told of an alert, and when: the first at once, what follows soon after as one digest.

Messages are rows (an outbox), written in the alert's own transaction. Of one channel, kind and severity, a message
makes quiet for `settings.ALERT_DIGEST`; what is raised meanwhile is only counted, on one gathering row, and told when
the quiet ends. A storm of a thousand alerts is two messages, and costs each alert one UPDATE.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from predictions.delivering import messages
from predictions.models import Alert, AlertChannel, AlertDelivery

Status = AlertDelivery.Status


def tell(alert: Alert) -> None:
    """Queue a message about this alert to each channel that wants it, or count it in the digest that gathers."""
    for channel in AlertChannel.objects.enabled():
        if channel.wants(alert.kind, alert.severity):
            _tell(channel, alert)


def close_digests(now: datetime | None = None) -> list[UUID]:
    """Write the digests whose time has come, and queue them; returns their ids.

    One about which there is nothing left to say, because somebody acknowledged it all, is dropped.
    """
    now = now or timezone.now()
    ended = AlertDelivery.objects.filter(status=Status.GATHERING, next_attempt_at__lte=now)
    closed = [_closed(pk, now) for pk in ended.values_list("pk", flat=True)]
    return [pk for pk in closed if pk is not None]


def _tell(channel: AlertChannel, alert: Alert) -> None:
    alike = AlertDelivery.objects.filter(channel=channel, alert_kind=alert.kind, severity=alert.severity)
    gathered = partial(alike.filter(status=Status.GATHERING).update, gathered=F("gathered") + 1)
    if gathered():
        return
    # Two workers must not both find it quiet: they queue for the channel, and look again.
    AlertChannel.objects.select_for_update().filter(pk=channel.pk).first()
    if gathered():
        return
    now = timezone.now()
    loud = alike.filter(quiet_until__gt=now).order_by("-quiet_until").first()
    if loud is None or loud.quiet_until is None:
        _queue_first(channel, alert, now)
    else:
        _begin_digest(channel, alert, until=loud.quiet_until)


def _queue_first(channel: AlertChannel, alert: Alert, now: datetime) -> None:
    delivery = AlertDelivery(
        channel=channel,
        alert=alert,
        alert_kind=alert.kind,
        severity=alert.severity,
        next_attempt_at=now,
        quiet_until=now + settings.ALERT_DIGEST,
    )
    messages.write(delivery, messages.about_one(alert))
    delivery.save(force_insert=True)
    send_on_commit([delivery.pk])


def _begin_digest(channel: AlertChannel, alert: Alert, *, until: datetime) -> None:
    AlertDelivery.objects.create(
        channel=channel,
        alert_kind=alert.kind,
        severity=alert.severity,
        status=Status.GATHERING,
        gathering_since=alert.last_at,
        next_attempt_at=until,
    )


@transaction.atomic
def _closed(pk: UUID, now: datetime) -> UUID | None:
    """Its id where it is to be sent, and this worker is the one that closed it."""
    delivery = AlertDelivery.objects.select_for_update().filter(pk=pk, status=Status.GATHERING).first()
    if delivery is None:
        return None
    message = messages.about_many(delivery)
    if message is None:
        delivery.delete()
        return None
    messages.write(delivery, message)
    delivery.status = Status.QUEUED
    delivery.next_attempt_at = now
    delivery.quiet_until = now + settings.ALERT_DIGEST
    delivery.save()
    return delivery.pk


def send_on_commit(ids: Iterable[UUID]) -> None:
    """Have a worker send them once they are committed. A broker that does not answer loses nothing: the sweep comes."""
    from predictions.tasks import send_delivery

    def hand_over() -> None:
        for pk in ids:
            send_delivery.delay(str(pk))

    transaction.on_commit(hand_over, robust=True)

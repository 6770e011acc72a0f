"""What a message says: canonical JSON to webhooks, plain text to people.

Written once, so that every attempt is equal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from predictions.models import Alert, AlertChannel, AlertDelivery, Severity

MOST_LISTED = 20
LONGEST_SUBJECT = 200


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be said, before it has the form of a channel.

    raised: how many times alerts were raised. distinct: of how many alerts. listed: the latest of them.
    """

    type: str
    kind: str
    severity: str
    title: str
    raised: int
    distinct: int
    listed: Sequence[Alert]
    link: str


def about_one(alert: Alert) -> Message:
    return Message(
        type="alert",
        kind=alert.kind,
        severity=alert.severity,
        title=alert.title,
        raised=alert.count,
        distinct=1,
        listed=[alert],
        link=_absolute(alert.get_absolute_url()),
    )


def about_many(digest: AlertDelivery) -> Message | None:
    """Of what a digest gathered; None where somebody acknowledged all of it."""
    alerts = Alert.objects.filter(
        kind=digest.alert_kind, severity=digest.severity, last_at__gte=digest.gathering_since
    ).exclude(status=Alert.Status.ACKNOWLEDGED)
    # The alert that was told at once may have come in the same instant as what followed it.
    distinct = min(alerts.count(), digest.gathered)
    if not distinct:
        return None
    return Message(
        type="digest",
        kind=digest.alert_kind,
        severity=digest.severity,
        title=_headline(digest, distinct),
        raised=digest.gathered,
        distinct=distinct,
        listed=list(alerts[:MOST_LISTED]),
        link=_absolute(f"{reverse('predictions:alerts')}?kind={digest.alert_kind}&severity={digest.severity}"),
    )


def about_channel(channel: AlertChannel) -> Message:
    """Asked for by staff, to see whether a channel works."""
    return Message(
        type="test",
        kind="",
        severity=Severity.INFO,
        title=f"This is a test of the channel {channel.name}",
        raised=0,
        distinct=0,
        listed=[],
        link=_absolute(reverse("predictions:alert-channels")),
    )


def write(delivery: AlertDelivery, message: Message) -> None:
    """Put subject and body into the row, in the form that its channel carries."""
    delivery.subject = _subject(message)
    made_at = timezone.now()
    if delivery.channel.kind == AlertChannel.Kind.WEBHOOK:
        delivery.body = canonical(_json(message, delivery_id=str(delivery.pk), made_at=made_at))
    else:
        delivery.body = _text(message)


def canonical(content: Any) -> str:
    """JSON with its keys in order and no blanks: one text for one content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _headline(digest: AlertDelivery, distinct: int) -> str:
    kind = Alert.Kind(digest.alert_kind).label.lower()
    if distinct == 1:
        return f"One alert of kind “{kind}” was raised {digest.gathered:,} more time{'s'[: digest.gathered > 1]}"
    repeated = f", raised {digest.gathered:,} times" if digest.gathered > distinct else ""
    return f"{distinct:,} more alerts of kind “{kind}”{repeated}"


def _subject(message: Message) -> str:
    """One line, because it becomes a header."""
    text = " ".join(f"[{Severity(message.severity).label}] {message.title}".split())
    return text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"


def _json(message: Message, *, delivery_id: str, made_at: datetime) -> dict[str, Any]:
    return {
        "delivery": delivery_id,
        "type": message.type,
        "kind": message.kind,
        "severity": message.severity,
        "title": message.title,
        "raised": message.raised,
        "distinct": message.distinct,
        "alerts": [_alert(alert) for alert in message.listed],
        "link": message.link,
        "made_at": _time(made_at),
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "key": alert.key,
        "severity": alert.severity,
        "status": alert.status,
        "problem": alert.problem,
        "title": alert.title,
        "message": alert.message,
        "count": alert.count,
        "first_at": _time(alert.first_at),
        "last_at": _time(alert.last_at),
        "link": _absolute(alert.get_absolute_url()),
    }


def _text(message: Message) -> str:
    parts = [message.title]
    if message.type == "alert":
        parts += [alert.message for alert in message.listed if alert.message]
    else:
        parts += [f"- {alert.title} ({alert.count:,} ×)" for alert in message.listed]
    if message.distinct > len(message.listed):
        parts.append(f"… and {message.distinct - len(message.listed):,} more.")
    return "\n\n".join([*parts, message.link]) + "\n"


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"

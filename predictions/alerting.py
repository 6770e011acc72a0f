"""Alerts: raised by whoever notices something, counted up while it lasts, acknowledged by people, resolved."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.text import Truncator

from predictions.delivering import gathering
from predictions.errors import InvalidAlertState, UnknownAlertKind
from predictions.models import Alert, Severity

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

LONGEST_KEY = LONGEST_TITLE = 200
LONGEST_COMMENT = 500
TRIES = 3


def raise_alert(
    kind: str,
    *,
    key: str,
    title: str,
    message: str,
    severity: str,
    problem: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> Alert:
    """Open an alert about `key`, or count up the one that is unresolved, and queue what channels are to be told.

    The row and its messages are in the database together or not at all: inside a transaction they come and go with
    it, so don't raise one where an exception will roll it back. Somebody who acknowledged it is told again only where
    it has become worse: then it is open again.
    `evidence` may hold whatever JSON can; NaN becomes null. Raises UnknownAlertKind.
    """
    if kind not in Alert.Kind.values or severity not in Severity.values:
        raise UnknownAlertKind(
            f"There is no alert of kind {kind!r} and severity {severity!r}: "
            f"kinds are {', '.join(Alert.Kind.values)}; severities {', '.join(Severity.values)}."
        )
    about = {
        "title": Truncator(_text(title)).chars(LONGEST_TITLE),
        "message": _text(message),
        "severity": severity,
        "problem": problem,
        "evidence": _plain(evidence or {}),
    }
    with transaction.atomic():
        alert = _counted_up_or_opened(kind, _bounded(key), about)
        if alert.status == Alert.Status.OPEN:
            gathering.tell(alert)
    if alert.count == 1:
        log.warning("alert_raised", kind=kind, key=key, title=title, severity=severity)
    return alert


def resolve(kind: str, key: str, *, by: User | None = None) -> bool:
    """Close the unresolved alert about `key`, because its condition went away; whether there was one.

    Where the condition returns, a new alert opens.
    """
    rows = Alert.objects.unresolved().filter(kind=kind, key=_bounded(key))
    return bool(rows.update(status=Alert.Status.RESOLVED, resolved_at=timezone.now(), resolved_by=by))


def acknowledge(alert: Alert, *, by: User, comment: str = "") -> Alert:
    """Somebody looks after it: it is counted on in silence. Raises InvalidAlertState where it is not open."""
    if len(comment) > LONGEST_COMMENT:
        raise InvalidAlertState(f"A comment has at most {LONGEST_COMMENT} characters; this one has {len(comment)}.")
    acknowledged = Alert.objects.waiting().filter(pk=alert.pk)
    fields = {"acknowledged_by": by, "acknowledged_at": timezone.now(), "comment": comment}
    if not acknowledged.update(status=Alert.Status.ACKNOWLEDGED, **fields):
        raise InvalidAlertState(f"“{alert}” is not open any more: somebody acknowledged or resolved it.")
    return Alert.objects.get(pk=alert.pk)


def resolve_alert(alert: Alert, *, by: User) -> Alert:
    """The same as `resolve`, by a person. Raises InvalidAlertState where it is resolved already."""
    fields = {"resolved_by": by, "resolved_at": timezone.now()}
    if not Alert.objects.unresolved().filter(pk=alert.pk).update(status=Alert.Status.RESOLVED, **fields):
        raise InvalidAlertState(f"“{alert}” is resolved already.")
    return Alert.objects.get(pk=alert.pk)


def _counted_up_or_opened(kind: str, key: str, about: Mapping[str, Any]) -> Alert:
    """Whoever loses the race to open it counts up what the other opened; it may be resolved in between."""
    for tries_left in reversed(range(TRIES)):
        if alert := _counted_up(kind, key, about):
            return alert
        now = timezone.now()
        try:
            with transaction.atomic():
                return Alert.objects.create(kind=kind, key=key, first_at=now, last_at=now, **about)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _counted_up(kind: str, key: str, about: Mapping[str, Any]) -> Alert | None:
    rows = Alert.objects.unresolved().filter(kind=kind, key=key)
    # A clock that is set back must not lose an alert to the constraint on its times.
    last_at = Greatest(F("first_at"), Value(timezone.now()))
    reopened = _reopened_where_worse(Severity(about["severity"]))
    return rows.first() if rows.update(count=F("count") + 1, last_at=last_at, **about, **reopened) else None


def _reopened_where_worse(severity: Severity) -> dict[str, Case]:
    """Part of the one UPDATE: what an acknowledged alert loses as it becomes worse."""
    worse = Q(status=Alert.Status.ACKNOWLEDGED, severity__in=severity.milder)
    reopened = {"status": Alert.Status.OPEN, "acknowledged_by": None, "acknowledged_at": None}
    return {name: Case(When(worse, then=Value(value)), default=F(name)) for name, value in reopened.items()}


def _bounded(key: str) -> str:
    key = _text(key)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}:{digest}"


def _plain(value: Any) -> Any:
    """What every database's JSON takes: NumPy's numbers as numbers, not-a-number as null, the rest in words."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_text(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return _plain(value.tolist()) if hasattr(value, "tolist") else _text(value)


def _text(value: object) -> str:
    """PostgreSQL refuses the character NUL."""
    return str(value).replace("\x00", "")

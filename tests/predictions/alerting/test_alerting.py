"""Alerts open, are counted up, acknowledged and resolved."""

import math
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np
import pytest
import time_machine
from django.db import IntegrityError

from accounts.models import User
from predictions import alerting
from predictions.alerting import raise_alert, resolve
from predictions.errors import InvalidAlertState, UnknownAlertKind
from predictions.models import Alert, AlertChannel, AlertDelivery
from tests.predictions.alerting.raising import raised

pytestmark = pytest.mark.django_db


def test_an_alert_says_what_it_is_about() -> None:
    alert = raised(problem="football-outcome", evidence={"n": 512})
    stored = Alert.objects.get()
    assert alert == stored
    assert (stored.kind, stored.status, stored.count) == ("decay", "open", 1)
    assert (stored.problem, stored.evidence) == ("football-outcome", {"n": 512})


def test_what_recurs_is_counted_up_and_told_as_it_is_now(clock: time_machine.Traveller) -> None:
    raised()
    clock.shift(3600)
    again = raised(message="12 % by now", severity="critical")
    assert Alert.objects.count() == 1
    assert again.count == 2
    assert again.last_at - again.first_at == timedelta(hours=1)
    assert (again.message, again.severity) == ("12 % by now", "critical")


def test_another_key_or_kind_is_another_alert() -> None:
    raised()
    raised(key="another")
    raised("drift")
    assert Alert.objects.count() == 3


def test_after_resolution_it_opens_anew() -> None:
    raised()
    assert resolve("decay", "dixon-coles-20240601-101502")
    assert raised().count == 1
    assert list(Alert.objects.order_by("pk").values_list("status", flat=True)) == ["resolved", "open"]


def test_resolving_what_is_not_there_says_so() -> None:
    raised()
    assert not resolve("decay", "another")
    assert Alert.objects.unresolved().count() == 1


def test_whoever_acknowledged_it_is_not_told_again(staff: User, webhook: AlertChannel) -> None:
    alert = raised()
    alerting.acknowledge(alert, by=staff, comment="I retrain it tonight.")
    again = raised()
    assert (again.status, again.count, again.comment) == ("acknowledged", 2, "I retrain it tonight.")
    assert AlertDelivery.objects.count() == 1


def test_whoever_acknowledged_it_is_told_again_where_it_has_become_worse(staff: User, webhook: AlertChannel) -> None:
    alert = raised(severity="warning")
    alerting.acknowledge(alert, by=staff)
    worse = raised(severity="critical")
    assert (worse.status, worse.severity, worse.count) == ("open", "critical", 2)
    assert (worse.acknowledged_by, worse.acknowledged_at) == (None, None)
    assert AlertDelivery.objects.filter(severity="critical").count() == 1
    alerting.acknowledge(worse, by=staff)
    assert raised(severity="warning").status == "acknowledged"


def test_it_is_acknowledged_once(staff: User) -> None:
    alert = raised()
    alerting.acknowledge(alert, by=staff)
    with pytest.raises(InvalidAlertState, match="not open any more"):
        alerting.acknowledge(alert, by=staff)


def test_it_is_resolved_once(staff: User) -> None:
    alert = raised()
    assert alerting.resolve_alert(alert, by=staff).resolved_by == staff
    with pytest.raises(InvalidAlertState, match="resolved already"):
        alerting.resolve_alert(alert, by=staff)


def test_a_comment_that_is_too_long_is_refused(staff: User) -> None:
    with pytest.raises(InvalidAlertState, match="at most 500 characters; this one has 501"):
        alerting.acknowledge(raised(), by=staff, comment="x" * 501)


@pytest.mark.parametrize(("kind", "severity"), [("weather", "warning"), ("decay", "loud")])
def test_unknown_kinds_and_severities_are_refused(kind: str, severity: str) -> None:
    with pytest.raises(UnknownAlertKind, match=r"kinds are decay, drift.*severities info, warning, critical"):
        raised(kind, severity=severity)
    assert not Alert.objects.exists()


def test_whoever_loses_the_race_to_open_it_counts_it_up() -> None:
    """Between looking and opening, another worker opened it."""
    seen = alerting._counted_up

    def late(*args: object) -> Alert | None:
        with patch.object(alerting, "_counted_up", seen):
            if not Alert.objects.exists():
                raised()
                return None
        return seen(*args)  # type: ignore[arg-type]  # handed through

    with patch.object(alerting, "_counted_up", late):
        assert raised().count == 2
    assert Alert.objects.count() == 1


def test_the_database_holds_one_unresolved_alert_a_key() -> None:
    alert = raised()
    with pytest.raises(IntegrityError):
        Alert.objects.create(kind=alert.kind, key=alert.key, title="Twice", severity="info")


def test_a_clock_that_is_set_back_loses_no_alert(clock: time_machine.Traveller) -> None:
    raised()
    clock.shift(-3600)
    again = raised()
    assert (again.count, again.last_at) == (2, again.first_at)


def test_evidence_may_hold_numpys_numbers_and_what_is_none() -> None:
    evidence = {
        "p": np.float32(0.5),
        "n": np.int64(3),
        "psi": math.nan,
        "lift": np.float64("inf"),
        "shares": np.array([0.25, np.nan]),
        "features": ("a", "b\x00"),
        "day": date(2024, 11, 9),
    }
    raised(title="Cut\x00", evidence=evidence)
    stored = Alert.objects.get()
    assert stored.evidence == {
        "p": 0.5,
        "n": 3,
        "psi": None,
        "lift": None,
        "shares": [0.25, None],
        "features": ["a", "b"],
        "day": "2024-11-09",
    }
    assert stored.title == "Cut"


def test_long_keys_stay_apart_and_long_titles_are_cut() -> None:
    one, other = raised(key="x" * 300, title="t" * 400), raised(key="x" * 301)
    assert Alert.objects.count() == 2
    assert len(one.title) == len(one.key) == len(other.key) == 200
    assert resolve("decay", "x" * 300)


def test_the_contract_needs_no_more_than_its_words() -> None:
    assert raise_alert("staleness", key="ingest", title="No import", message="", severity="info").problem == ""

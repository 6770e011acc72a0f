"""The daily walk through the ledger."""

import pytest

from predictions.models import Alert, Severity
from predictions.tasks import verify_ledger
from tests.factories import MatchFactory, ModelVersionFactory
from tests.predictions.saying import say
from tests.predictions.tampering import tamper

pytestmark = pytest.mark.django_db


def test_a_broken_chain_is_a_critical_alert_until_it_is_whole_again() -> None:
    version = ModelVersionFactory.create()
    for match in MatchFactory.create_batch(3):
        say(match, version=version)
    assert verify_ledger()
    assert not Alert.objects.exists()
    tamper("UPDATE predictions_prediction SET confidence = 0.99 WHERE sequence = 2")
    assert not verify_ledger()
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity) == (Alert.Kind.LEDGER, Severity.CRITICAL)
    assert "row 2" in alert.title
    tamper("UPDATE predictions_prediction SET confidence = 0.5 WHERE sequence = 2")
    assert verify_ledger()
    alert.refresh_from_db()
    assert alert.status == Alert.Status.RESOLVED

"""Trainings that nobody watched."""

from datetime import UTC, datetime, timedelta

import pytest

from mlmodels.models import TrainingRun
from predictions.models import Alert
from predictions.monitoring.trainings import tell_of_failed_trainings
from tests.factories import TrainingRunFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 11, 7, tzinfo=UTC)
Trigger = TrainingRun.Trigger


def failed(trigger: TrainingRun.Trigger, *, hours_ago: int = 3) -> TrainingRun:
    return TrainingRunFactory.create(
        trigger=trigger,
        status=TrainingRun.Status.FAILED,
        error_message="Too few matches.",
        completed_at=NOW - timedelta(hours=hours_ago),
    )


def test_a_training_that_failed_unwatched_is_told_of_once() -> None:
    run = failed(Trigger.SCHEDULE)
    assert (tell_of_failed_trainings(NOW), tell_of_failed_trainings(NOW)) == (1, 0)
    alert = Alert.objects.get()
    assert (alert.kind, alert.key) == (Alert.Kind.RETRAINING, str(run.pk))
    assert alert.message.startswith("Too few matches.")


@pytest.mark.parametrize("trigger", [Trigger.PERSON, Trigger.CLI])
def test_whoever_asked_sees_it_fail_by_themselves(trigger: TrainingRun.Trigger) -> None:
    failed(trigger)
    assert tell_of_failed_trainings(NOW) == 0


def test_what_failed_long_ago_is_no_news() -> None:
    failed(Trigger.DRIFT, hours_ago=72)
    assert tell_of_failed_trainings(NOW) == 0

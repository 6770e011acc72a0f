"""Trainings that nobody watched and that failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from mlmodels.models import TrainingRun
from predictions import alerting
from predictions.models import Alert, Severity

UNWATCHED = (TrainingRun.Trigger.SCHEDULE, TrainingRun.Trigger.DRIFT, TrainingRun.Trigger.REINFORCEMENT)
LATELY = timedelta(days=2)


def tell_of_failed_trainings(now: datetime) -> int:
    """Raise an alert of each unwatched training that failed lately, once; returns how many were told of."""
    failed = TrainingRun.objects.filter(
        trigger__in=UNWATCHED, status=TrainingRun.Status.FAILED, completed_at__gt=now - LATELY, completed_at__lte=now
    )
    told = set(Alert.objects.filter(kind=Alert.Kind.RETRAINING).values_list("key", flat=True))
    new = [run for run in failed.defer("logs") if str(run.pk) not in told]
    for run in new:
        alerting.raise_alert(
            Alert.Kind.RETRAINING,
            key=str(run.pk),
            title=f"Training {run.algorithm} again failed",
            message=f"{run.error_message} The run is under Models, All runs; the champion serves on as it is.",
            severity=Severity.WARNING,
            problem=run.problem,
            evidence={"run": str(run.pk), "trigger": run.trigger, "attempts": run.attempt},
        )
    return len(new)

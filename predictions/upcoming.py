"""Predicting what comes next, for every problem that has a champion."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from mlmodels.models import ModelVersion
from mlmodels.problem import Progress, get_problem, silent
from predictions.challenging.shadowing import challengers_of, shadow
from predictions.experimenting import running
from predictions.models import Prediction
from predictions.serving import predict

HORIZON = timedelta(days=14)
BATCH = 200


def predict_upcoming(*, progress: Progress = silent, horizon: timedelta = HORIZON) -> int:
    """Predict every subject due within the horizon with its problem's champion; returns how many rows that wrote.

    What the champion already said from the same features is not said again. Its challengers shadow it.
    """
    written = 0
    for slug in ModelVersion.objects.champions().order_by("problem").values_list("problem", flat=True).distinct():
        now = timezone.now()
        subjects = get_problem(slug).upcoming(now, now + horizon)
        challengers = challengers_of(slug) if subjects else []
        for start in range(0, len(subjects), BATCH):
            batch = subjects[start : start + BATCH]
            progress(start / len(subjects), f"Predicting {len(subjects)} {slug} events")
            made: list[Prediction] = predict(slug, batch, only_news=True)
            written += len(made) + _said_by_other_arms(slug, batch)
            shadow(slug, batch, challengers)
    return written


def _said_by_other_arms(slug: str, subjects: Sequence[Any]) -> int:
    """In an experiment by user every arm predicts, so that each person finds what their arm says."""
    plan = running.running(slug)
    if plan is None or plan.unit != running.Unit.USER:
        return 0
    return sum(len(predict(slug, subjects, arm=arm, only_news=True)) for arm in plan.others)

"""Predicting what comes next, for every problem that has a champion."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.utils import timezone

from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Progress, get_problem, silent
from predictions.challenging.shadowing import challengers_of, shadow
from predictions.errors import PredictionError
from predictions.experimenting import running
from predictions.models import Prediction
from predictions.serving import predict

log = structlog.get_logger(__name__)

HORIZON = timedelta(days=14)
BATCH = 200


def predict_upcoming(*, progress: Progress = silent, horizon: timedelta = HORIZON) -> int:
    """Predict every subject due within the horizon with its problem's champion; returns how many rows that wrote.

    What the champion already said from the same features is not said again. Its challengers shadow it. A problem that
    can't be predicted hinders no other: the first error is raised at the end. Raises UnknownProblem, and what `predict`
    raises.
    """
    written, errors = 0, []
    slugs = ModelVersion.objects.champions().order_by("problem").values_list("problem", flat=True).distinct()
    for slug in list(slugs):
        try:
            written += _predict_problem(slug, progress=progress, horizon=horizon)
        except (ModelError, PredictionError) as error:
            log.warning("problem_not_predicted", problem=slug, error=str(error))
            errors.append(error)
    if errors:
        raise errors[0]
    return written


def _predict_problem(slug: str, *, progress: Progress, horizon: timedelta) -> int:
    now, written = timezone.now(), 0
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

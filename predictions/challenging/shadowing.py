"""Challengers predict what the champion predicts. Nobody is shown it; it is settled like everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from mlmodels.models import ModelVersion
from mlmodels.models.versions import GLOBAL_SCOPE, ModelVersionQuerySet
from mlmodels.problem import Problem, get_problem
from predictions import alerting
from predictions.errors import EventIsOver, PredictionError
from predictions.models import Alert, Prediction, Severity
from predictions.serving import predict

log = structlog.get_logger(__name__)


def challengers_of(problem: str, scope: str = GLOBAL_SCOPE) -> list[ModelVersion]:
    """Who shadows the champion, longest first; without what only pages show."""
    return list(_challengers().for_problem(problem, scope))


def challengers_by_problem() -> dict[str, list[ModelVersion]]:
    """The same of every problem that has any, in one query."""
    found: dict[str, list[ModelVersion]] = {}
    for version in _challengers().filter(scope=GLOBAL_SCOPE):
        found.setdefault(version.problem, []).append(version)
    return found


def _challengers() -> ModelVersionQuerySet:
    versions: ModelVersionQuerySet = ModelVersion.objects.filter(role=ModelVersion.Role.CHALLENGER)
    return versions.defer("model_weights", "metrics").order_by("pk")


def shadow(problem: str, subjects: Sequence[Any], challengers: Iterable[ModelVersion]) -> int:
    """Let each challenger predict the subjects that are still to come; returns how many rows were written.

    What one said before from the same features it does not say again. One that can't predict hinders no other: it is
    logged, and an alert is raised.
    """
    return sum(_shadowed_by(version, get_problem(problem), subjects) for version in challengers)


def _shadowed_by(version: ModelVersion, problem: Problem, subjects: Sequence[Any]) -> int:
    now = timezone.now()
    coming = [subject for subject in subjects if problem.event_at(subject) > now]
    try:
        made = predict(problem.slug, coming, version=version, shadow=True, only_news=True)
    except EventIsOver:
        # It began between the look at the clock above and the one in `predict`: too late for everybody.
        return 0
    except (OperationalError, InterfaceError) as error:
        # The database's trouble, not the candidate's; and whoever goes on with champions must not be stopped by it.
        log.error("not_shadowed", version=str(version), exc_info=error)
        return 0
    except Exception as error:
        # A candidate's own code may fail in any way, and must hinder no other.
        _tell(version, error)
        return 0
    if coming:
        alerting.resolve(Alert.Kind.CHALLENGER, _key(version))
    return len(made)


def _key(version: ModelVersion) -> str:
    return f"shadow/{version}"


def _tell(version: ModelVersion, error: Exception) -> None:
    log.error("challenger_unusable", version=str(version), exc_info=error)
    alerting.raise_alert(
        Alert.Kind.CHALLENGER,
        key=_key(version),
        title=f"Challenger {version} can't predict",
        message=f"It shadows nothing until this is mended, so nothing can be decided about it: {error}",
        severity=Severity.WARNING,
        problem=version.problem,
        evidence={"version": str(version), "error": type(error).__name__},
    )


def shadow_later(predictions: Sequence[Prediction]) -> None:
    """Once these are committed, have a worker let the challengers say theirs; whoever asked does not wait for it.

    A broker that does not answer is logged: the answer is given all the same.
    """
    problems = {prediction.problem for prediction in predictions}
    challenged = ModelVersion.objects.filter(problem__in=problems, role=ModelVersion.Role.CHALLENGER)
    if not problems or not challenged.exists():
        return
    keys = [str(prediction.pk) for prediction in predictions]

    def tell() -> None:
        from predictions.tasks import shadow_predictions

        shadow_predictions.delay(keys)

    transaction.on_commit(tell, robust=True)


def shadow_predictions(keys: Iterable[UUID]) -> int:
    """Let the challengers predict what these predictions were about; what has begun by now is left out."""
    rows = Prediction.objects.shown().filter(pk__in=tuple(keys), event_at__gt=timezone.now())
    written = 0
    for slug, predictions in groupby(rows.order_by("problem", "sequence"), key=attrgetter("problem")):
        subjects = _subjects(get_problem(slug), predictions)
        written += shadow(slug, subjects, challengers_of(slug))
    return written


def _subjects(problem: Problem, predictions: Iterable[Prediction]) -> list[Any]:
    found = []
    for prediction in predictions:
        try:
            found.append(problem.subject(prediction.subject))
        except PredictionError as error:
            log.info("subject_gone", prediction=str(prediction.pk), reason=str(error))
    return found

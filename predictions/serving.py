"""The only door to a prediction: load the model, featurise, forecast, write it down, then answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from mlmodels import registry
from mlmodels.models import ModelVersion
from mlmodels.problem import Forecast, Problem, get_problem
from predictions import ledger
from predictions.errors import EventIsOver
from predictions.models import Prediction


def predict(
    problem_slug: str,
    subjects: Sequence[Any],
    *,
    version: ModelVersion | None = None,
    shadow: bool = False,
    only_news: bool = False,
) -> list[Prediction]:
    """Predict subjects with the champion, or a given version, and append them to the ledger in one batch.

    subjects: what the problem calls subjects, none decided yet. `only_news` leaves out those that the same version
    already predicted from the same features. Raises ModelNotTrained, ArtifactError, FeatureMismatch, EventIsOver, and
    what the problem raises for subjects it can't read.
    """
    if not subjects:
        return []
    problem = get_problem(problem_slug)
    began, made_at = time.perf_counter(), timezone.now()
    _refuse_the_past(problem, subjects, made_at)
    model = registry.serving(version) if version else registry.serving_champion(problem_slug)
    forecasts = _forecasts(problem, model, subjects)
    latency_ms = (time.perf_counter() - began) * 1000 / len(subjects)
    drafts = [
        _draft(problem, model.version, subject, forecast, made_at=made_at, latency_ms=latency_ms, is_shadow=shadow)
        for subject, forecast in zip(subjects, forecasts, strict=True)
    ]
    return ledger.append(_news(drafts, model.version) if only_news else drafts)


def _refuse_the_past(problem: Problem, subjects: Sequence[Any], now: Any) -> None:
    for subject in subjects:
        event_at = problem.event_at(subject)
        if event_at <= now:
            raise EventIsOver(f"It began at {event_at:%d %B %Y %H:%M} UTC: a prediction must come before the event.")


def _forecasts(problem: Problem, model: registry.Serving, subjects: Sequence[Any]) -> list[Forecast]:
    frame = problem.featurise(subjects, state=model.state, state_key=model.version.artifact_sha256)
    columns = problem.algorithm(model.version.algorithm).columns
    registry.check_schema(model.version, frame, columns)
    return problem.forecast(model.estimator, frame)


def _draft(problem: Problem, version: ModelVersion, subject: Any, forecast: Forecast, **written: Any) -> ledger.Draft:
    reference = problem.subject_reference(subject)
    return ledger.Draft(
        version=version,
        match_id=reference.get("match"),
        subject=reference,
        event_at=problem.event_at(subject),
        probabilities=forecast.probabilities,
        distribution=forecast.distribution,
        confidence=forecast.confidence,
        features=forecast.features,
        notes=forecast.notes,
        drivers=forecast.drivers,
        **written,
    )


def _news(drafts: Sequence[ledger.Draft], version: ModelVersion) -> list[ledger.Draft]:
    """Drafts that say something the same version has not said from the same features."""
    match_ids = [draft.match_id for draft in drafts if draft.match_id is not None]
    said = set(
        Prediction.objects.filter(model_version=version, match__in=match_ids).values_list("match_id", "features_hash")
    )
    return [draft for draft in drafts if (draft.match_id, ledger.content_hash(draft.features)) not in said]

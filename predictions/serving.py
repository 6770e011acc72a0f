"""The only door to a prediction: load the model, featurise, forecast, write it down, then answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mlmodels import registry
from mlmodels.errors import ArtifactError, FeatureMismatch
from mlmodels.models import ModelVersion
from mlmodels.problem import Forecast, Problem, get_problem
from predictions import ledger
from predictions.canonical import canonical_json, content_hash
from predictions.errors import EventIsOver
from predictions.experimenting import fallback, running
from predictions.experimenting.running import Plan, PlannedArm
from predictions.models import Prediction

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from predictions.models import PredictionQuerySet


def predict(
    problem_slug: str,
    subjects: Sequence[Any],
    *,
    version: ModelVersion | None = None,
    shadow: bool = False,
    only_news: bool = False,
    user: AbstractBaseUser | AnonymousUser | None = None,
    arm: PlannedArm | None = None,
) -> list[Prediction]:
    """Predict subjects with the champion, or a given version, and append them to the ledger in one batch.

    subjects: what the problem calls subjects, none decided yet. While an experiment runs and no version is given, the
    arm of each event, or of the `user` who asks, answers; `arm` names one. `only_news` leaves out what would repeat
    the last word on its subject. Raises ModelNotTrained, ArtifactError, FeatureMismatch, EventIsOver, and what the
    problem raises for subjects it can't read.
    """
    if not subjects:
        return []
    problem = get_problem(problem_slug)
    _refuse_the_past(problem, subjects, timezone.now())
    if version is not None:
        drafts = _drafts(problem, registry.serving(version), subjects, is_shadow=shadow)
    elif arm is not None:
        drafts = _of_arm(problem, arm, subjects)
    elif (plan := running.running(problem_slug)) is not None:
        drafts = _experimental(problem, plan, subjects, user)
    else:
        drafts = _drafts(problem, registry.serving_champion(problem_slug), subjects, is_shadow=shadow)
    return ledger.append(_news(drafts) if only_news else drafts)


def _experimental(
    problem: Problem, plan: Plan, subjects: Sequence[Any], user: AbstractBaseUser | AnonymousUser | None
) -> list[ledger.Draft]:
    """What each subject's arm says, in the order of the subjects."""
    if plan.unit == running.Unit.USER:
        return _of_arm(problem, plan.arm_of_user(user), subjects)
    units = [canonical_json(problem.subject_reference(subject)) for subject in subjects]
    arms = [plan.arm_of_event(unit) for unit in units]
    found: dict[int, ledger.Draft] = {}
    for arm in plan.arms:
        places = [place for place, its in enumerate(arms) if its is arm]
        if places:
            found |= zip(places, _of_arm(problem, arm, [subjects[place] for place in places]), strict=True)
    return [found[place] for place in range(len(subjects))]


def _of_arm(problem: Problem, arm: PlannedArm, subjects: Sequence[Any]) -> list[ledger.Draft]:
    """What an arm says; where its model can't be used, the champion answers in its place and under its name."""
    written = {"is_shadow": not arm.is_of_record, "experiment_arm": arm.reference}
    if not arm.is_control and not fallback.is_broken(arm):
        try:
            return _drafts(problem, registry.serving(arm.version), subjects, **written)
        except (ArtifactError, FeatureMismatch) as error:
            fallback.note(arm, error)
    return _drafts(problem, registry.serving_champion(problem.slug), subjects, **written)


def _drafts(problem: Problem, model: registry.Serving, subjects: Sequence[Any], **written: Any) -> list[ledger.Draft]:
    began, made_at = time.perf_counter(), timezone.now()
    forecasts = _forecasts(problem, model, subjects)
    latency_ms = (time.perf_counter() - began) * 1000 / len(subjects)
    return [
        _draft(problem, model.version, subject, forecast, made_at=made_at, latency_ms=latency_ms, **written)
        for subject, forecast in zip(subjects, forecasts, strict=True)
    ]


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


def _news(drafts: Sequence[ledger.Draft]) -> list[ledger.Draft]:
    """Drafts that differ from the last word on their subject: another version, other features, another arm.

    What users see is one stream; in the shadow each version and arm has its own.
    """
    said = Prediction.objects.filter(problem__in={draft.version.problem for draft in drafts})
    matches = {draft.match_id for draft in drafts if draft.match_id is not None}
    last = dict(_words(said.filter(match__in=matches)))
    if times := {draft.event_at for draft in drafts if draft.match_id is None}:
        last |= _words(said.filter(match__isnull=True, event_at__in=times))
    return [draft for draft in drafts if last.get(_stream_of(draft)) != _word(draft)]


def _words(said: PredictionQuerySet) -> Iterator[tuple[tuple[Any, ...], tuple[int, str, str]]]:
    """What was said in each stream, later words after earlier ones."""
    rows = said.in_chain_order().values_list(
        "problem", "subject", "is_shadow", "model_version_id", "experiment_arm", "features_hash"
    )
    for problem, subject, is_shadow, version_id, arm, features in rows:
        yield _stream(problem, subject, version_id, arm, is_shadow=is_shadow), (version_id, arm, features)


def _stream(problem: str, subject: Any, version_id: int, arm: str, *, is_shadow: bool) -> tuple[Any, ...]:
    about = (problem, canonical_json(subject))
    return (*about, version_id, arm) if is_shadow else about


def _stream_of(draft: ledger.Draft) -> tuple[Any, ...]:
    return _stream(
        draft.version.problem, draft.subject, draft.version.pk, draft.experiment_arm, is_shadow=draft.is_shadow
    )


def _word(draft: ledger.Draft) -> tuple[int, str, str]:
    return draft.version.pk, draft.experiment_arm, content_hash(draft.features)

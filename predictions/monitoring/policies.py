"""When champions are trained again without a person asking, and what becomes of the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from mlmodels import promotion, retraining
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import get_problem
from predictions.errors import InvalidPolicy
from predictions.models import RetrainingPolicy

log = structlog.get_logger(__name__)

EDITABLE = ("enabled", "on_schedule", "on_decay", "on_drift", "cool_down_days", "yields")
Cause = RetrainingPolicy.Cause


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came of asking for a retraining: the run, if one was queued, and a sentence for the alert."""

    sentence: str
    run: TrainingRun | None = None


def policy_of(problem: str) -> RetrainingPolicy:
    """The policy of a problem; the usual one, not saved, where nobody changed anything."""
    return RetrainingPolicy.objects.filter(problem=problem).first() or RetrainingPolicy(problem=problem)


def change_policy(problem: str, **fields: Any) -> RetrainingPolicy:
    """Set what is named of `EDITABLE`. Raises UnknownProblem, and InvalidPolicy for what can't be."""
    declared = get_problem(problem)
    if unknown := set(fields) - set(EDITABLE):
        raise InvalidPolicy(f"A retraining policy has no {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        policy, _ = RetrainingPolicy.objects.select_for_update().get_or_create(problem=declared.slug)
        for name, value in fields.items():
            setattr(policy, name, value)
        try:
            policy.full_clean()
        except ValidationError as error:
            raise InvalidPolicy(_in_words(error)) from None
        policy.save(update_fields=[*EDITABLE, "updated_at"])
    return policy


def retrain_because(version: ModelVersion, cause: RetrainingPolicy.Cause, now: datetime) -> Asked:
    """Ask for the champion to be trained again, where its policy wants that and the last time is long enough ago.

    Of several that ask at once one wins: the time is set by one conditional UPDATE. Where no run can be asked for, the
    cool-down does not begin.
    """
    policy = policy_of(version.problem)
    if not policy.enabled or not (policy.on_decay if cause == Cause.DECAY else policy.on_drift):
        return Asked(sentence=f"The policy does not retrain for {cause.label.lower()}: a person decides.")
    policy, _ = RetrainingPolicy.objects.get_or_create(problem=version.problem)
    try:
        run = _ask(version, policy, cause, now)
    except ModelError as error:
        return Asked(sentence=f"It can't be trained again: {error}")
    if run is None:
        policy.refresh_from_db()
        asked = f", on {policy.last_asked_at:%-d %B %Y}" if policy.last_asked_at else ""
        return Asked(
            sentence=f"A retraining was asked for less than {policy.cool_down_days} days ago{asked}: none is added."
        )
    becomes = RetrainingPolicy.Yields(policy.yields).label
    return Asked(run=run, sentence=f"A retraining is queued. It gives {becomes[0].lower()}{becomes[1:]}.")


@transaction.atomic
def _ask(
    version: ModelVersion, policy: RetrainingPolicy, cause: RetrainingPolicy.Cause, now: datetime
) -> TrainingRun | None:
    """Begin the cool-down and queue the run, both or neither; None within a cool-down."""
    cooled = Q(last_asked_at__isnull=True) | Q(last_asked_at__lte=now - timedelta(days=policy.cool_down_days))
    mine = RetrainingPolicy.objects.filter(pk=policy.pk)
    if not mine.filter(cooled).update(last_asked_at=now, last_cause=cause):
        return None
    run = retraining.retrain(version, trigger=TrainingRun.Trigger.DRIFT)
    mine.update(last_run=run)
    return run


def refuses_schedule(problem: str) -> str:
    """Why the weekly schedule must not retrain a problem's champions; empty where it may."""
    policy = policy_of(problem)
    if policy.enabled and policy.on_schedule:
        return ""
    return f"The retraining policy of {problem} leaves it out of the schedule."


def take_up(version: ModelVersion) -> bool:
    """Make what a retraining for decay or drift gave a challenger, where the policy says so; never a champion."""
    fresh = version.role == ModelVersion.Role.EXPERIMENTAL and version.run is not None
    if not fresh or version.run is None or version.run.trigger != TrainingRun.Trigger.DRIFT:
        return False
    policy = policy_of(version.problem)
    if policy.yields != RetrainingPolicy.Yields.CHALLENGER:
        return False
    cause = policy.get_last_cause_display().lower() or "drift"
    try:
        promotion.make_challenger(version, by=None, reason=f"Trained again because of {cause}")
    except ModelError as error:
        log.warning("retrained_version_not_taken_up", version=str(version), error=str(error))
        return False
    return True


def _in_words(error: ValidationError) -> str:
    return " ".join(
        f"{name.replace('_', ' ').capitalize()}: {' '.join(words)}" for name, words in error.message_dict.items()
    )

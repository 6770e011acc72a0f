"""The life of an experiment: drafted, started, stopped. Nothing about who gets which arm changes in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from mlmodels import artifacts, registry
from mlmodels.models import ModelVersion
from mlmodels.models.versions import GLOBAL_SCOPE
from mlmodels.problem import get_problem
from predictions.errors import ExperimentIsFixed, InvalidExperiment
from predictions.experimenting import running, telling
from predictions.models import Experiment, ExperimentArm
from predictions.models.experiments import LONGEST_ARM_NAME

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

FEWEST_ARMS, MOST_ARMS = 2, 5
FINEST_SHARE = Decimal("0.0001")
LONGEST_NAME, LONGEST_REASON = 80, 300
Status, Unit = Experiment.Status, Experiment.Unit


@dataclass(frozen=True, kw_only=True)
class ArmDraft:
    """An arm as it is asked for; share in (0, 1]."""

    name: str
    version: ModelVersion
    share: Decimal
    is_control: bool = False


def draft(
    *,
    problem: str,
    name: str,
    unit: str,
    arms: Sequence[ArmDraft],
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: User | None = None,
) -> Experiment:
    """Write an experiment down, to be started later.

    Raises UnknownProblem, and InvalidExperiment where it would not be one: the words say what to mend.
    """
    declared = get_problem(problem)
    _refuse_names(name, unit)
    _refuse_times(starts_at, ends_at, now=timezone.now())
    _refuse_arms(declared.slug, arms)
    with transaction.atomic():
        experiment = Experiment.objects.create(
            problem=declared.slug, name=name.strip(), unit=unit, starts_at=starts_at, ends_at=ends_at, created_by=by
        )
        ExperimentArm.objects.bulk_create(
            ExperimentArm(
                experiment=experiment,
                position=position,
                name=arm.name,
                version=arm.version,
                share=arm.share,
                is_control=arm.is_control,
            )
            for position, arm in enumerate(arms)
        )
    return experiment


def start(experiment: Experiment, *, now: datetime | None = None) -> Experiment:
    """Begin now, or at the time it was drafted with where that is still to come.

    Raises ExperimentIsFixed where it is no draft or another one runs, InvalidExperiment where an arm's file can't be
    used any more, the control is not the champion, or its end has passed.
    """
    moment = now or timezone.now()
    stop_what_is_over(now=moment)
    arms = list(experiment.arms.select_related("version"))
    _refuse_broken(arms)
    _refuse_another_champion(experiment, arms)
    begins = max(moment, experiment.starts_at or moment)
    if experiment.ends_at is not None and experiment.ends_at <= begins:
        raise InvalidExperiment(f"It would end on {_told(experiment.ends_at)}, before it begins: make another.")
    _refuse_a_second(experiment)
    try:
        with transaction.atomic():
            started = Experiment.objects.filter(pk=experiment.pk, status=Status.DRAFT).update(
                status=Status.RUNNING, starts_at=begins
            )
    except IntegrityError:
        _refuse_a_second(experiment)
        raise
    experiment.refresh_from_db()
    if not started:
        raise ExperimentIsFixed(f"{experiment} is {experiment.get_status_display().lower()}: only a draft is started.")
    transaction.on_commit(running.forget)
    return experiment


def stop(experiment: Experiment, *, reason: str = "", now: datetime | None = None) -> Experiment:
    """End a running experiment: from now on the champion answers. Raises ExperimentIsFixed where it does not run."""
    stopped = Experiment.objects.running().filter(pk=experiment.pk)
    ended = stopped.update(
        status=Status.STOPPED, stopped_at=now or timezone.now(), stop_reason=reason.strip()[:LONGEST_REASON]
    )
    experiment.refresh_from_db()
    if not ended:
        raise ExperimentIsFixed(f"{experiment} is {experiment.get_status_display().lower()}: it can't be stopped.")
    telling.forget(experiment)
    transaction.on_commit(running.forget)
    return experiment


def discard(experiment: Experiment) -> None:
    """Throw a draft away. Raises ExperimentIsFixed for what has begun: it is evidence."""
    gone, _ = Experiment.objects.filter(pk=experiment.pk, status=Status.DRAFT).delete()
    if not gone:
        raise ExperimentIsFixed("Only a draft is discarded: what has begun is kept, with what came of it.")


def stop_what_is_over(*, now: datetime | None = None) -> int:
    """Stop experiments whose end has come, and those whose control is not the champion any more; staff are alerted."""
    moment = now or timezone.now()
    over = Experiment.objects.running().filter(ends_at__lte=moment)
    count = 0
    for experiment in over:
        count += _stopped(experiment, "Its end came", moment)
    lost = Experiment.objects.running().exclude(pk__in=running.valid_experiments().values("pk"))
    for experiment in lost:
        count += _stopped(experiment, "Its control is not the champion any more", moment)
    return count


def _stopped(experiment: Experiment, reason: str, now: datetime) -> int:
    try:
        stop(experiment, reason=reason, now=now)
    except ExperimentIsFixed:
        # Somebody else stopped it in between.
        return 0
    log.info("experiment_stopped", experiment=experiment.pk, reason=reason)
    telling.tell_of_stopped(experiment)
    return 1


def _refuse_names(name: str, unit: str) -> None:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise InvalidExperiment(f"Give the experiment a name of up to {LONGEST_NAME} characters.")
    if unit not in Unit.values:
        raise InvalidExperiment(f"The unit is {' or '.join(Unit.values)}, not {unit!r}.")


def _refuse_times(starts_at: datetime | None, ends_at: datetime | None, *, now: datetime) -> None:
    # A form knows minutes only: the minute that is passing is not past.
    this_minute = now.replace(second=0, microsecond=0)
    if starts_at is not None and starts_at < this_minute:
        raise InvalidExperiment(
            f"It would start on {_told(starts_at)}, which is past: leave it empty to start at once."
        )
    if ends_at is not None and ends_at <= (starts_at or now):
        when = _told(starts_at) if starts_at else "now"
        raise InvalidExperiment(f"It would end on {_told(ends_at)}, before it starts ({when}).")


def _refuse_arms(problem: str, arms: Sequence[ArmDraft]) -> None:
    if not FEWEST_ARMS <= len(arms) <= MOST_ARMS:
        given = "1 arm" if len(arms) == 1 else f"{len(arms)} arms"
        raise InvalidExperiment(f"An experiment has {FEWEST_ARMS} to {MOST_ARMS} arms: this has {given}.")
    for arm in arms:
        _refuse_arm(problem, arm)
    _refuse_twins("name", [arm.name for arm in arms])
    _refuse_twins("version", [arm.version.version for arm in arms])
    controls = [arm.name for arm in arms if arm.is_control]
    if len(controls) != 1:
        raise InvalidExperiment(
            f"Exactly one arm is the control, which the others are compared with: here {len(controls)} are."
        )
    total = sum((arm.share for arm in arms), Decimal(0))
    if total != 1:
        sum_of = " + ".join(_plain(arm.share) for arm in arms)
        raise InvalidExperiment(f"The shares of the arms sum to {_plain(total)}, not to 1: {sum_of}.")


def _refuse_arm(problem: str, arm: ArmDraft) -> None:
    try:
        validate_slug(arm.name)
    except ValidationError:
        raise InvalidExperiment(f"{arm.name!r} can't be an arm's name: use letters, digits and hyphens.") from None
    if len(arm.name) > LONGEST_ARM_NAME:
        raise InvalidExperiment(f"An arm's name has up to {LONGEST_ARM_NAME} characters: {arm.name} has more.")
    if not arm.share.is_finite() or not 0 < arm.share <= 1:
        raise InvalidExperiment(f"The share of {arm.name} is {arm.share}: it lies above 0 and at most at 1.")
    if arm.share != arm.share.quantize(FINEST_SHARE):
        raise InvalidExperiment(f"The share of {arm.name} is {arm.share}: four decimals are the finest.")
    version = arm.version
    if version.problem != problem:
        raise InvalidExperiment(f"{version} is a version of {version.problem}, not of {problem}.")
    if version.scope != GLOBAL_SCOPE:
        raise InvalidExperiment(f"{version} is only for {version.scope}: arms answer for everybody.")
    if trouble := artifacts.trouble(version):
        raise InvalidExperiment(f"The file of {version} can't be used: {trouble}")


def _refuse_twins(what: str, values: Sequence[str]) -> None:
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise InvalidExperiment(f"Two arms have the same {what}, {twice}: each has its own.")


def _refuse_broken(arms: Sequence[ExperimentArm]) -> None:
    for arm in arms:
        if trouble := artifacts.trouble(arm.version):
            raise InvalidExperiment(f"The file of {arm.version} can't be used: {trouble}")


def _refuse_another_champion(experiment: Experiment, arms: Sequence[ExperimentArm]) -> None:
    """The control speaks to everybody outside; another version would come into service without a promotion."""
    control = next(arm.version for arm in arms if arm.is_control)
    if control.role != ModelVersion.Role.CHAMPION:
        champion = registry.champion(experiment.problem)
        there_is = f"{champion} is" if champion else "there is none"
        raise InvalidExperiment(
            f"The control, {control}, is not the champion ({there_is}): the control answers everybody outside the "
            "experiment, and for that a version is promoted."
        )


def _refuse_a_second(experiment: Experiment) -> None:
    other = Experiment.objects.running().filter(Q(problem=experiment.problem), ~Q(pk=experiment.pk)).first()
    if other is not None:
        raise ExperimentIsFixed(f"{other} is running already on {experiment.problem}: stop it first.")


def _told(moment: datetime) -> str:
    return f"{moment:%-d %B %Y %H:%M} UTC"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"

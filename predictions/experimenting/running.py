"""The running experiment of a problem, held in memory as the champion is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mlmodels.models import ModelVersion
from predictions.experimenting.assignment import arm_index, user_unit
from predictions.models import Experiment, ExperimentArm

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

CHECK_EVERY_SECONDS = 2.0
Unit = Experiment.Unit


@dataclass(frozen=True, kw_only=True)
class PlannedArm:
    """An arm as serving needs it. `is_of_record`: what it says goes to everybody and onto the track record."""

    reference: str
    name: str
    version: ModelVersion
    share: Decimal
    is_control: bool
    is_of_record: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An experiment in which serving takes part."""

    pk: int
    unit: str
    salt: str
    starts_at: datetime
    ends_at: datetime | None
    arms: tuple[PlannedArm, ...]

    @property
    def control(self) -> PlannedArm:
        return next(arm for arm in self.arms if arm.is_control)

    @property
    def others(self) -> tuple[PlannedArm, ...]:
        return tuple(arm for arm in self.arms if not arm.is_control)

    def is_on(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def arm_of_event(self, unit: str) -> PlannedArm:
        """The arm that answers for an event, by the event's own unit text; in an experiment by user the control."""
        return self._arm(unit) if self.unit == Unit.EVENT else self.control

    def arm_of_user(self, user: AbstractBaseUser | AnonymousUser | None) -> PlannedArm:
        """The arm of a person who has signed in; everybody else has the control."""
        if self.unit != Unit.USER or user is None or not user.is_authenticated or user.pk is None:
            return self.control
        return self._arm(user_unit(user.pk))

    def _arm(self, unit: str) -> PlannedArm:
        return self.arms[arm_index(self.salt, unit, [arm.share for arm in self.arms])]


_held: dict[str, Plan] = {}
_checked_at = float("-inf")


def running(problem: str) -> Plan | None:
    """The experiment that serving takes part in now; a start or stop is noticed within CHECK_EVERY_SECONDS.

    An experiment whose control is not the champion any more has no say: whoever promoted or rolled back meant it.
    """
    plan = _plans().get(problem)
    return plan if plan is not None and plan.is_on(timezone.now()) else None


def all_running() -> list[Plan]:
    """Of every problem, the experiment that serving takes part in now."""
    now = timezone.now()
    return [plan for plan in _plans().values() if plan.is_on(now)]


def forget() -> None:
    """Make this process look again at once; others notice by themselves."""
    global _held, _checked_at
    _held, _checked_at = {}, float("-inf")


def _plans() -> dict[str, Plan]:
    """One query where nothing changed: what has begun can't be edited, so a plan that is held stays true."""
    global _held, _checked_at
    if time.monotonic() - _checked_at >= CHECK_EVERY_SECONDS:
        known = {plan.pk: plan for plan in _held.values()}
        found = valid_experiments().values_list("problem", "pk")
        _held = {problem: known.get(pk) or _plan(Experiment.objects.get(pk=pk)) for problem, pk in found}
        _checked_at = time.monotonic()
    return _held


def valid_experiments() -> Any:
    """Running ones whose control is the champion."""
    return Experiment.objects.running().filter(arms__is_control=True, arms__version__role=ModelVersion.Role.CHAMPION)


def _plan(experiment: Experiment) -> Plan:
    arms = ExperimentArm.objects.filter(experiment=experiment).select_related("version")
    if experiment.starts_at is None:
        raise ValueError(f"{experiment} runs without a start.")
    return Plan(
        pk=experiment.pk,
        unit=experiment.unit,
        salt=experiment.salt,
        starts_at=experiment.starts_at,
        ends_at=experiment.ends_at,
        arms=tuple(_arm(experiment, arm) for arm in arms.defer("version__model_weights")),
    )


def _arm(experiment: Experiment, arm: ExperimentArm) -> PlannedArm:
    return PlannedArm(
        reference=f"{experiment.pk}:{arm.name}",
        name=arm.name,
        version=arm.version,
        share=arm.share,
        is_control=arm.is_control,
        is_of_record=arm.is_control or experiment.unit == Unit.EVENT,
    )

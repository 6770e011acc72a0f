"""What a person is told, where it is not what everybody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from predictions.experimenting import running
from predictions.experimenting.assignment import arm_index, user_unit
from predictions.models import Experiment

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


@dataclass(frozen=True, kw_only=True)
class Seat:
    """The place of a person whose arm is not the control, in an experiment by user: references in the ledger."""

    arm: str
    control: str


def running_seats(user: AbstractBaseUser | AnonymousUser) -> list[Seat]:
    """Where a person sits now: none for who has the control, as everybody has who is not signed in.

    Asks the database for nothing that serving does not hold.
    """
    if not user.is_authenticated:
        return []
    told = [(plan.arm_of_user(user), plan.control) for plan in running.all_running()]
    return [Seat(arm=arm.reference, control=control.reference) for arm, control in told if not arm.is_control]


def all_seats(user: AbstractBaseUser | AnonymousUser) -> list[Seat]:
    """Every seat a person has or had: what they were told stays readable to them."""
    if not user.is_authenticated or user.pk is None:
        return []
    begun = Experiment.objects.begun().filter(unit=Experiment.Unit.USER).prefetch_related("arms")
    return [seat for experiment in begun if (seat := _seat(experiment, user_unit(user.pk))) is not None]


def _seat(experiment: Experiment, unit: str) -> Seat | None:
    arms = list(experiment.arms.all())
    arm = arms[arm_index(experiment.salt, unit, [each.share for each in arms])]
    control = next(each for each in arms if each.is_control)
    return None if arm.is_control else Seat(arm=arm.reference, control=control.reference)

"""From what a client asks to predictions in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accounts.coaching import players_of
from accounts.models import User
from mlmodels.problem import Problem, get_problem
from predictions.challenging.shadowing import shadow_later
from predictions.errors import UnknownSubject
from predictions.models import Prediction
from predictions.serving import predict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from predictions.models import PredictionQuerySet


def readable() -> PredictionQuerySet:
    """Predictions with all that their serializers show, in one query."""
    return Prediction.objects.select_related("model_version", "settlement")


def readable_to(user: AbstractBaseUser | AnonymousUser) -> PredictionQuerySet:
    """What a person may read."""
    return readable().visible_to(user)


def answered(
    problem_slug: str, references: Sequence[Mapping[str, Any]], *, user: AbstractBaseUser | AnonymousUser
) -> list[Prediction]:
    """Predict all of the subjects for a person, or, where one can't be, none; in the order asked.

    Raises UnknownSubject for players of whom this person may not know, as for those that are not there.
    """
    problem = get_problem(problem_slug)
    if problem.is_personal:
        _refuse_other_persons(problem, references, user)
    made = predict(problem_slug, [problem.subject(reference) for reference in references], user=user)
    shadow_later(made)
    rows = {row.pk: row for row in readable().filter(pk__in=[prediction.pk for prediction in made])}
    return [rows[prediction.pk] for prediction in made]


def _refuse_other_persons(
    problem: Problem, references: Sequence[Mapping[str, Any]], user: AbstractBaseUser | AnonymousUser
) -> None:
    if getattr(user, "is_staff", False):
        return
    mine = {user.pk, *players_of(user).values_list("pk", flat=True)} if isinstance(user, User) else set()
    if any(reference.get("player") not in mine for reference in references):
        raise UnknownSubject(f"{problem.title} is said of players: name yourself, or one who lets you coach them.")

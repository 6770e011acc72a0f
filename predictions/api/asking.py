"""From what a client asks to predictions in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlmodels.problem import get_problem
from predictions.challenging.shadowing import shadow_later
from predictions.experimenting.seats import all_seats
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
    """What a person may read: staff all, others what they are shown, in experiments what their arm told them."""
    return readable() if getattr(user, "is_staff", False) else readable().seen_from(*all_seats(user))


def answered(
    problem_slug: str, references: Sequence[Mapping[str, Any]], *, user: AbstractBaseUser | AnonymousUser
) -> list[Prediction]:
    """Predict all of the subjects for a person, or, where one can't be, none; in the order asked."""
    problem = get_problem(problem_slug)
    made = predict(problem_slug, [problem.subject(reference) for reference in references], user=user)
    shadow_later(made)
    rows = {row.pk: row for row in readable().filter(pk__in=[prediction.pk for prediction in made])}
    return [rows[prediction.pk] for prediction in made]

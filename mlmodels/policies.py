"""The rule of promotion of each problem: read, kept, changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from mlmodels.errors import InvalidPolicy
from mlmodels.models import PromotionPolicy
from mlmodels.models.versions import GLOBAL_SCOPE
from mlmodels.problem import all_problems, get_problem

if TYPE_CHECKING:
    from accounts.models import User

CHANGEABLE = (
    "enabled",
    "minimum_pairs",
    "minimum_days",
    "minimum_improvement",
    "alpha",
    "require_approval",
    "loss",
)
LABELS = {
    "enabled": "Decide about challengers daily",
    "minimum_pairs": "Minimum pairs",
    "minimum_days": "Minimum days",
    "minimum_improvement": "Minimum improvement",
    "alpha": "Error rate",
    "require_approval": "Ask staff before promoting",
    "loss": "Compared by",
}
"""What people call them, in forms and in complaints."""

PER_EVENT = (PromotionPolicy.Loss.LOG_LOSS, PromotionPolicy.Loss.BRIER, PromotionPolicy.Loss.RPS)


def policy_of(problem: str, scope: str = GLOBAL_SCOPE) -> PromotionPolicy:
    """The policy that counts; not written anywhere where it is still the default. Raises UnknownProblem."""
    slug = get_problem(problem).slug
    found = PromotionPolicy.objects.filter(problem=slug, scope=scope).first()
    return found or PromotionPolicy(problem=slug, scope=scope)


def policies(scope: str = GLOBAL_SCOPE) -> dict[str, PromotionPolicy]:
    """The policy that counts of every problem, in one query."""
    found = {policy.problem: policy for policy in PromotionPolicy.objects.filter(scope=scope)}
    slugs = [problem.slug for problem in all_problems()]
    return {slug: found.get(slug) or PromotionPolicy(problem=slug, scope=scope) for slug in slugs}


def kept(problem: str, scope: str = GLOBAL_SCOPE) -> PromotionPolicy:
    """The policy that counts, written down where it was not, so that what was decided by it can be looked up."""
    policy, _ = PromotionPolicy.objects.get_or_create(problem=get_problem(problem).slug, scope=scope)
    return policy


@transaction.atomic
def change(problem: str, values: Mapping[str, Any], *, by: User | None, scope: str = GLOBAL_SCOPE) -> PromotionPolicy:
    """Set some of CHANGEABLE; what is not named stays.

    Raises UnknownProblem, and InvalidPolicy with a sentence for each field that no policy can have.
    """
    if unknown := sorted(set(values) - set(CHANGEABLE)):
        raise InvalidPolicy(
            {name: [f"A policy has no such field: it has {', '.join(CHANGEABLE)}."] for name in unknown}
        )
    policy = PromotionPolicy.objects.select_for_update().get(pk=kept(problem, scope).pk)
    for name, value in values.items():
        setattr(policy, name, value)
    policy.updated_by = by
    try:
        policy.full_clean()
    except ValidationError as error:
        raise InvalidPolicy(error.message_dict, labels=LABELS) from None
    policy.save()
    return policy


def loss_of(policy: PromotionPolicy) -> PromotionPolicy.Loss:
    """What is compared: the policy's, else the primary metric where it is a loss of single events, else log loss."""
    named = policy.loss or get_problem(policy.problem).primary_metric.name
    return PromotionPolicy.Loss(named) if named in PER_EVENT else PromotionPolicy.Loss.LOG_LOSS

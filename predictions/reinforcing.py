"""Auto-reinforcement: what the champion was sure of and got wrong is learned harder, and yields a challenger.

The challenger is compared like any other. Mistakes picked with hindsight are no fair sample, so a model that learns
them harder may well be worse; the comparison, not the run, decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mlmodels import registry, runs
from mlmodels.emphasis import Emphasis, Method
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.errors import InvalidPolicy
from predictions.models import Prediction, ReinforcementPolicy

log = structlog.get_logger(__name__)

EDITABLE = ("is_enabled", "confidence", "days", "minimum", "method", "weight", "cool_down_days")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a look found. `run` is None where none was asked for; `words` say why, or what was asked."""

    problem: str
    mistakes: int
    run: TrainingRun | None
    words: str


def policy_of(problem: str) -> ReinforcementPolicy:
    """The policy that counts; not saved where nobody changed anything and nobody looked. Raises UnknownProblem."""
    slug = get_problem(problem).slug
    return ReinforcementPolicy.objects.filter(problem=slug).first() or ReinforcementPolicy(problem=slug)


@transaction.atomic
def change_policy(problem: str, **fields: Any) -> ReinforcementPolicy:
    """Set what is named of `EDITABLE`. Raises UnknownProblem, and InvalidPolicy for what can't be."""
    slug = get_problem(problem).slug
    if unknown := set(fields) - set(EDITABLE):
        raise InvalidPolicy(f"A reinforcement policy has no {', '.join(sorted(unknown))}.")
    policy, _ = ReinforcementPolicy.objects.select_for_update().get_or_create(problem=slug)
    for name, value in fields.items():
        setattr(policy, name, value)
    try:
        policy.full_clean()
    except ValidationError as error:
        raise InvalidPolicy(" ".join(error.messages)) from None
    policy.save(update_fields=EDITABLE)
    return policy


def reinforce_all(*, now: datetime | None = None) -> list[Finding]:
    """Look at every champion's mistakes; a problem whose model can't be reinforced hinders no other."""
    slugs = ModelVersion.objects.champions().order_by("problem").values_list("problem", flat=True).distinct()
    return [reinforce(slug, now=now) for slug in list(slugs)]


def reinforce(problem: str, *, now: datetime | None = None) -> Finding:
    """Ask for one fine-tuning run where the champion's confident mistakes are many enough.

    At most one in the policy's cool-down, whoever asks and however often. A run that is refused is said in words, and
    leaves nothing behind.
    """
    moment = now or timezone.now()
    policy, _ = ReinforcementPolicy.objects.get_or_create(problem=problem)
    if not policy.is_enabled:
        return Finding(problem=problem, mistakes=0, run=None, words="Switched off.")
    champion = registry.champion(problem)
    if champion is None or champion.dataset is None:
        return Finding(problem=problem, mistakes=0, run=None, words="No champion trained here is in service.")
    keys = confident_mistakes(champion, policy, now=moment)
    found = f"{len(keys)} wrong predictions of {100 * policy.confidence:g} % confidence or more in {policy.days} days"
    if len(keys) < policy.minimum:
        words = f"{found}: a run takes {policy.minimum}."
        return Finding(problem=problem, mistakes=len(keys), run=None, words=words)
    try:
        run = _ask(champion, policy, keys, reason=found, now=moment)
    except ModelError as error:
        log.warning("not_reinforced", problem=problem, version=str(champion), error=str(error))
        return Finding(problem=problem, mistakes=len(keys), run=None, words=str(error))
    words = f"{found}: a run was asked for." if run else f"{found}: the last run is too near, or another is in flight."
    return Finding(problem=problem, mistakes=len(keys), run=run, words=words)


def confident_mistakes(champion: ModelVersion, policy: ReinforcementPolicy, *, now: datetime) -> list[str]:
    """Examples (by their key in the data set) that the champion called wrongly and confidently, oldest first.

    Each event counts once, by the last thing that users were shown of it before it began.
    """
    settled = (
        Prediction.objects.shown()
        .settled()
        .filter(
            problem=champion.problem,
            event_at__gt=now - timedelta(days=policy.days),
            event_at__lte=now,
        )
    )
    problem = get_problem(champion.problem)
    last: dict[str, tuple[int, float, bool]] = {}
    rows = settled.order_by("event_at", "sequence").values_list(
        "subject", "model_version_id", "confidence", "settlement__correct"
    )
    for subject, version, confidence, correct in rows:
        if key := problem.example_key(subject):
            last[key] = (version, confidence, correct)
    return [
        key
        for key, (version, confidence, correct) in last.items()
        if version == champion.pk and not correct and confidence >= policy.confidence
    ]


def _ask(
    champion: ModelVersion, policy: ReinforcementPolicy, keys: list[str], *, reason: str, now: datetime
) -> TrainingRun | None:
    """Queue the run and begin the cool-down, both or neither; None within a cool-down or beside a run in flight."""
    if champion.dataset is None:
        return None
    rested = Q(last_run_at__isnull=True) | Q(last_run_at__lte=now - timedelta(days=policy.cool_down_days))
    with transaction.atomic():
        if not ReinforcementPolicy.objects.filter(rested, pk=policy.pk).update(last_run_at=now):
            return None
        run, is_new = runs.request_run(
            problem=champion.problem,
            algorithm=champion.algorithm,
            selection=_up_to(now.date(), Selection.from_json(champion.dataset.selection)),
            trigger=TrainingRun.Trigger.REINFORCEMENT,
            hyper_parameters=champion.hyper_parameters,
            feature_selection=champion.feature_selection,
            force=True,
            emphasis=Emphasis(keys=tuple(keys), weight=policy.weight, method=Method(policy.method), reason=reason),
        )
        if not is_new:
            ReinforcementPolicy.objects.filter(pk=policy.pk).update(last_run_at=policy.last_run_at)
            return None
    log.info("reinforcement_asked", problem=champion.problem, run=str(run.pk), mistakes=len(keys))
    return run


def _up_to(today: date, selection: Selection) -> Selection:
    """The selection with today in it: what was got wrong this morning is to be among the rows."""
    if selection.date_to is None:
        return selection
    return replace(selection, date_to=max(selection.date_to, today))

"""Champion or challenger: a daily look at the evidence, and what staff make of a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mlmodels import policies, promotion, registry
from mlmodels.errors import InvalidState, ModelError
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from mlmodels.problem import get_problem
from predictions import alerting
from predictions.challenging.evidence import Evidence, Verdict, judge, look
from predictions.challenging.pairs import Pair, paired
from predictions.challenging.reigns import Match, matched
from predictions.models import Alert, Severity

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)
Decision = Promotion.Decision


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a challenger stands against the champion now: pairs, evidence, and what the policy makes of them."""

    match: Match
    policy: PromotionPolicy
    pairs: Sequence[Pair]
    evidence: Evidence
    verdict: Verdict
    proposal: Promotion | None


def stand(version: ModelVersion, *, policy: PromotionPolicy | None = None) -> Standing:
    """A look that writes nothing. Raises InvalidState where the version is no challenger, or no champion serves."""
    if version.role != ModelVersion.Role.CHALLENGER:
        raise InvalidState(f"{version} is {version.get_role_display().lower()}, not a challenger.")
    champion = registry.champion(version.problem, version.scope)
    if champion is None:
        raise InvalidState(f"No model of {version.problem} is in service: there is nothing to compare {version} with.")
    [match] = matched(champion, [version])
    return standing_of(match, policy or policies.policy_of(version.problem, version.scope))


def standing_of(match: Match, policy: PromotionPolicy) -> Standing:
    """How one of several stands whose champion and policy were read already."""
    pairs = paired(match)
    evidence = look(match, policy, pairs)
    return Standing(
        match=match,
        policy=policy,
        pairs=pairs,
        evidence=evidence,
        verdict=judge(evidence, policy),
        proposal=open_proposal(match),
    )


def decisions_of(match: Match) -> QuerySet[Promotion]:
    """What was decided about the challenger since it runs against this champion, latest first."""
    return Promotion.objects.filter(version=match.challenger, created_at__gte=match.since)


def open_proposal(match: Match) -> Promotion | None:
    """The proposal that staff have not answered yet; one made against another champion is void."""
    return decisions_of(match).filter(decision=Decision.PROPOSE).first()


@transaction.atomic
def decide(version: ModelVersion, *, now: datetime | None = None) -> Promotion:
    """Look at one challenger and do what the policy says; returns the decision, which may be an earlier one.

    Not decided twice: a proposal stays open until staff answer it, and that it keeps waiting is noted at most once a
    day and only where the evidence changed. Raises InvalidState where it is no challenger, no champion serves or the
    policy is switched off, and ArtifactError where what was to be promoted can't be loaded.
    """
    version = promotion.challenging(version)
    policy = policies.kept(version.problem, version.scope)
    if not policy.enabled:
        raise InvalidState(f"Nothing is decided about challengers of {version.problem}: its policy is switched off.")
    standing = stand(version, policy=policy)
    evidence, reason = standing.evidence.as_json(), standing.verdict.reason
    match standing.verdict.decision:
        case Decision.REJECT:
            return _answered(promotion.reject(version, by=None, reason=reason, evidence=evidence))
        case Decision.PROMOTE:
            return _answered(promotion.promote(version, by=None, reason=reason, evidence=evidence))
        case _ if standing.proposal is not None:
            return standing.proposal
        case Decision.PROPOSE:
            return _proposed(version, reason=reason, evidence=evidence)
    return _kept_waiting(standing, now or timezone.now())


def _proposed(version: ModelVersion, *, reason: str, evidence: dict[str, Any]) -> Promotion:
    made = promotion.propose(version, reason=reason, evidence=evidence)
    alerting.raise_alert(
        Alert.Kind.CHALLENGER,
        key=_proposal_key(version),
        title=f"Challenger {version} is proposed as champion",
        message=f"{reason} Approve or reject it on its page.",
        severity=Severity.INFO,
        problem=version.problem,
        evidence=evidence,
    )
    return made


def _answered(decision: Promotion) -> Promotion:
    """Nobody need be told of the proposal any more."""
    alerting.resolve(Alert.Kind.CHALLENGER, _proposal_key(decision.version), by=decision.decided_by)
    return decision


def _proposal_key(version: ModelVersion) -> str:
    return f"proposal/{version}"


def _kept_waiting(standing: Standing, now: datetime) -> Promotion:
    challenger, evidence = standing.match.challenger, standing.evidence.as_json()
    last = decisions_of(standing.match).filter(decision=Decision.KEEP_WAITING).first()
    if last is not None and (last.created_at.date() == now.date() or last.evidence == evidence):
        return last
    return promotion.keep_waiting(challenger, reason=standing.verdict.reason, evidence=evidence)


def decide_all(problem: str | None = None, *, now: datetime | None = None) -> list[Promotion]:
    """Decide about every challenger whose champion serves, of one problem or of all; each is its own transaction.

    One that can't be decided about hinders no other: it is logged, and an alert is raised. Raises UnknownProblem.
    """
    challengers = ModelVersion.objects.filter(role=ModelVersion.Role.CHALLENGER).without_weights().order_by("pk")
    if problem is not None:
        challengers = challengers.filter(problem=get_problem(problem).slug)
    decided = [_decided(version, now) for version in challengers]
    return [each for each in decided if each is not None]


def _decided(version: ModelVersion, now: datetime | None) -> Promotion | None:
    try:
        return decide(version, now=now)
    except InvalidState as error:
        log.info("challenger_not_decided", version=str(version), reason=str(error))
    except ModelVersion.DoesNotExist:
        log.info("challenger_gone", version=str(version))
    except ModelError as error:
        log.exception("challenger_undecidable", version=str(version))
        alerting.raise_alert(
            Alert.Kind.CHALLENGER,
            key=f"decision/{version}",
            title=f"Nothing can be decided about challenger {version}",
            message=str(error),
            severity=Severity.WARNING,
            problem=version.problem,
        )
    return None


@transaction.atomic
def approve(version: ModelVersion, *, by: User | None, reason: str = "") -> Promotion:
    """Promote a proposed challenger, with the evidence of its proposal and of now.

    Raises InvalidState where it is not proposed against the champion that serves, and ArtifactError.
    """
    standing = stand(promotion.challenging(version))
    if standing.proposal is None:
        raise InvalidState(
            f"{version} is not proposed: the policy has not found it better than {standing.match.champion} yet. "
            "To promote it all the same, use the page of the model."
        )
    evidence = standing.evidence.as_json() | {"proposed_with": standing.proposal.evidence}
    return _answered(
        promotion.promote(version, by=by, reason=reason.strip() or standing.proposal.reason, evidence=evidence)
    )


@transaction.atomic
def reject(version: ModelVersion, *, by: User | None, reason: str) -> Promotion:
    """Put a challenger away, proposed or not. Raises InvalidState where it is none, or without a reason."""
    if not reason.strip():
        raise InvalidState("Say why: the reason is kept with the decision.")
    version = promotion.challenging(version)
    champion = registry.champion(version.problem, version.scope)
    evidence = stand(version).evidence.as_json() if champion else {}
    return _answered(promotion.reject(version, by=by, reason=reason.strip(), evidence=evidence))

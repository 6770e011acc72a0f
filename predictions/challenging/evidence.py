"""What the pairs prove so far, and what the policy makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlmodels import policies
from mlmodels.models import Promotion, PromotionPolicy
from predictions.challenging.pairs import Pair, losses
from predictions.challenging.reigns import Match

Decision = Promotion.Decision


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One look at one challenger, as it is kept with every decision.

    n: observations, events of one match counted once; predictions: pairs of them. days: whole days between the first
    and the last event. difference: mean of champion's minus challenger's loss, above 0 where the challenger is better;
    low, high: its time-uniform interval; relative_*: the same as shares of the champion's loss. None: not known yet.
    """

    champion: str
    challenger_number: int
    loss: str
    n: int
    predictions: int
    days: int
    champion_loss: float | None
    challenger_loss: float | None
    difference: float | None
    low: float | None
    high: float | None
    relative_improvement: float | None
    relative_low: float | None
    relative_high: float | None
    e_value: float
    threshold: float
    policy: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One part of the gate, in words: what is asked, and what there is."""

    title: str
    asked: str
    found: str
    is_met: bool


@dataclass(frozen=True, kw_only=True)
class Verdict:
    decision: Promotion.Decision
    reason: str
    conditions: tuple[Condition, ...]


def look(match: Match, policy: PromotionPolicy, pairs: Sequence[Pair]) -> Evidence:
    """Recomputed from the settlements as they are now, corrections included."""
    from mlmodels.evaluation import sequential

    loss = policies.loss_of(policy)
    found = losses(pairs, loss)
    compared = sequential.compare(found.differences, found.bounds, alpha=policy.alpha)
    n = compared.n
    champion_loss = float(found.champion.mean()) if n else None
    mean = compared.mean if n else None
    return Evidence(
        champion=str(match.champion),
        challenger_number=match.number,
        loss=str(loss),
        n=n,
        predictions=len(pairs),
        days=(pairs[-1].event_at - pairs[0].event_at).days if pairs else 0,
        champion_loss=champion_loss,
        challenger_loss=float(found.challenger.mean()) if n else None,
        difference=mean,
        low=_finite(compared.low),
        high=_finite(compared.high),
        relative_improvement=_share(mean, champion_loss),
        relative_low=_share(_finite(compared.low), champion_loss),
        relative_high=_share(_finite(compared.high), champion_loss),
        e_value=compared.e_value,
        threshold=sequential.threshold(policy.alpha, match.number),
        policy={name: getattr(policy, name) for name in policies.CHANGEABLE},
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _share(difference: float | None, of: float | None) -> float | None:
    """None where nothing is known; a champion that never lost anything can't be improved on."""
    if difference is None or of is None:
        return None
    return difference / of if of > 0 else 0.0


def judge(evidence: Evidence, policy: PromotionPolicy) -> Verdict:
    """What the policy makes of a look.

    Enough events over enough days are asked for either way. Then a challenger is put away whose interval holds no
    improvement as large as asked for, and one that passes the whole gate is proposed or promoted.
    """
    conditions = _conditions(evidence, policy)
    enough = all(condition.is_met for condition in conditions[:2])
    missing = [condition for condition in conditions if not condition.is_met]
    if enough and evidence.relative_high is not None and evidence.relative_high < policy.minimum_improvement:
        decision, reason = Decision.REJECT, _hopeless(evidence, policy)
    elif not missing:
        decision = Decision.PROPOSE if policy.require_approval else Decision.PROMOTE
        reason = _proved(evidence)
    else:
        decision = Decision.KEEP_WAITING
        reason = "Not yet: " + "; ".join(f"{each.title.lower()} {each.found} of {each.asked}" for each in missing) + "."
    return Verdict(decision=decision, reason=reason, conditions=conditions)


def _conditions(evidence: Evidence, policy: PromotionPolicy) -> tuple[Condition, ...]:
    improved = evidence.relative_improvement
    return (
        Condition(
            title="Pairs",
            asked=f"at least {policy.minimum_pairs:,}",
            found=f"{evidence.n:,}",
            is_met=evidence.n >= policy.minimum_pairs,
        ),
        Condition(
            title="Days",
            asked=f"at least {policy.minimum_days:,}",
            found=f"{evidence.days:,}",
            is_met=evidence.days >= policy.minimum_days,
        ),
        Condition(
            title="Improvement",
            asked=f"at least {percent(policy.minimum_improvement)}",
            found=percent(improved),
            is_met=improved is not None and improved >= policy.minimum_improvement,
        ),
        Condition(
            title="E-value",
            asked=f"at least {evidence.threshold:,.0f}",
            found=e_value(evidence.e_value),
            is_met=evidence.e_value >= evidence.threshold,
        ),
    )


def _hopeless(evidence: Evidence, policy: PromotionPolicy) -> str:
    return (
        f"After {evidence.n:,} pairs its improvement lies between {percent(evidence.relative_low)} and "
        f"{percent(evidence.relative_high)}: the {percent(policy.minimum_improvement)} asked for can be ruled out."
    )


def _proved(evidence: Evidence) -> str:
    return (
        f"Better by {percent(evidence.relative_improvement)} on {evidence.n:,} pairs over {evidence.days:,} days "
        f"({percent(evidence.relative_low)} to {percent(evidence.relative_high)}); "
        f"e-value {e_value(evidence.e_value)} of the {evidence.threshold:,.0f} needed."
    )


def percent(share: float | None) -> str:
    """One decimal, with a true minus sign; a dash where it is not known."""
    return "–" if share is None else f"{100 * share:.1f} %".replace("-", "\N{MINUS SIGN}")


def e_value(value: float) -> str:
    if value >= 1_000_000:
        return "over a million"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.01 else "under 0.01"

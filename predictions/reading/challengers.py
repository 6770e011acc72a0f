"""What staff's pages, the API and the command line tell of champions and challengers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mlmodels import listing, policies, registry, tables
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from mlmodels.problem import Metric, Problem, all_problems
from predictions.challenging.deciding import Standing, standing_of
from predictions.challenging.evidence import Condition, Evidence, e_value, percent
from predictions.challenging.pairs import Pair
from predictions.challenging.reigns import matched
from predictions.challenging.shadowing import challengers_by_problem, challengers_of
from predictions.reading.simulated import learned_from_simulation

if TYPE_CHECKING:
    import numpy as np

Decision = Promotion.Decision
BAR = 100


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a challenger is, as a badge and as a sentence."""

    badge: str
    title: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A challenger in the list. bar: 0..100, how far its e-value is on the way to the threshold, by logarithms."""

    standing: Standing
    title: str
    improvement: str
    interval: str
    e_value: str
    threshold: str
    bar: int
    state: State
    conditions: Sequence[Condition]
    is_simulated: bool = False
    """Whether it learned from rows that were made up."""

    @property
    def loss(self) -> str:
        return PromotionPolicy.Loss(self.standing.evidence.loss).label.lower()

    @property
    def version(self) -> ModelVersion:
        return self.standing.match.challenger


@dataclass(frozen=True, kw_only=True)
class Board:
    """A problem: its champion, if one serves, its policy, and its challengers, the longest first."""

    problem: Problem
    champion: ModelVersion | None
    champion_title: str
    policy: PromotionPolicy
    rows: Sequence[Row]
    waiting: int
    """Challengers that can't be compared, since no champion serves."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One metric of both on the same pairs; `better` names the side: champion, challenger or neither."""

    title: str
    hint: str
    champion: str
    challenger: str
    better: str


def boards() -> list[Board]:
    """Every problem, those with challengers first."""
    champions = registry.champions()
    challengers = challengers_by_problem()
    kept = policies.policies()
    found = [
        _board(problem, champions.get(problem.slug), challengers.get(problem.slug, []), kept[problem.slug])
        for problem in all_problems()
    ]
    return sorted(found, key=lambda each: (not each.rows, each.champion is None))


def board(problem: Problem) -> Board:
    slug = problem.slug
    return _board(problem, registry.champion(slug), challengers_of(slug), policies.policy_of(slug))


def _board(
    problem: Problem, champion: ModelVersion | None, challengers: Sequence[ModelVersion], policy: PromotionPolicy
) -> Board:
    matches = matched(champion, challengers) if champion is not None and challengers else []
    made_up = learned_from_simulation(challengers) if matches else set()
    return Board(
        problem=problem,
        champion=champion,
        champion_title=listing.algorithm_title(problem.slug, champion.algorithm) if champion else "",
        policy=policy,
        rows=[
            replace(row(standing_of(match, policy)), is_simulated=match.challenger.pk in made_up) for match in matches
        ],
        waiting=0 if champion else len(challengers),
    )


def row(standing: Standing) -> Row:
    evidence, version = standing.evidence, standing.match.challenger
    return Row(
        standing=standing,
        title=listing.algorithm_title(version.problem, version.algorithm),
        improvement=percent(evidence.relative_improvement),
        interval=_interval(evidence.relative_low, evidence.relative_high),
        e_value=e_value(evidence.e_value),
        threshold=f"{evidence.threshold:,.0f}",
        bar=_bar(evidence.e_value, evidence.threshold),
        state=state(standing),
        conditions=standing.verdict.conditions,
    )


def row_with_origin(standing: Standing) -> Row:
    """The same, and whether the challenger learned from rows that were made up."""
    return replace(row(standing), is_simulated=bool(learned_from_simulation([standing.match.challenger])))


def _interval(low: float | None, high: float | None) -> str:
    return f"{percent(low)} to {percent(high)}" if low is not None and high is not None else ""


def _bar(value: float, threshold: float) -> int:
    share = math.log(max(value, 1.0)) / math.log(threshold)
    return round(BAR * min(1.0, share))


def state(standing: Standing) -> State:
    if standing.proposal is not None:
        return State(badge="info", title="Proposed", words="It waits for your answer.")
    if not standing.policy.enabled:
        return State(badge="warn", title="Not decided", words="The policy is switched off.")
    match standing.verdict.decision:
        case Decision.REJECT:
            return State(
                badge="bad",
                title="Ruled out",
                words="It can't be as much better as asked for; the next daily look puts it away.",
            )
        case Decision.PROPOSE:
            return State(badge="good", title="Passed", words="The next daily look proposes it.")
        case Decision.PROMOTE:
            return State(badge="good", title="Passed", words="The next daily look promotes it.")
    return State(badge="", title="Waiting", words=standing.verdict.reason)


def in_words(standing: Standing) -> str:
    """What the evidence means, in sentences without a formula."""
    evidence = standing.evidence
    if not evidence.n:
        return (
            "No event that both have forecast is settled yet. The challenger predicts what the champion predicts, "
            "unseen; pairs come in as results do."
        )
    told = (
        f"On {evidence.n:,} pairs the challenger was {_compared_in_words(evidence)}; with "
        f"{100 * (1 - standing.policy.alpha):g} % confidence its true improvement lies between "
        f"{percent(evidence.relative_low)} and {percent(evidence.relative_high)}, whenever you look. "
    )
    return told + (
        f"Whoever had bet on it would have {e_value(evidence.e_value)} times their stake; "
        f"{evidence.threshold:,.0f} times is what an equal model reaches so rarely that it counts as proof."
    )


def _compared_in_words(evidence: Evidence) -> str:
    if not evidence.difference:
        return "no different from the champion"
    size = percent(abs(evidence.relative_improvement or 0))
    return f"{'better' if evidence.difference > 0 else 'worse'} by {size} of the champion's loss"


def side_by_side(problem: Problem, pairs: Sequence[Pair]) -> list[Compared]:
    """The problem's metrics of both on the pairs, the calibration error among them."""
    if not pairs:
        return []
    import numpy as np

    outcomes = np.array([pair.outcome for pair in pairs])
    sides = [np.array([getattr(pair, side) for pair in pairs]) for side in ("champion", "challenger")]
    return [
        _compared(metric, *(_measured(metric.compute, side, outcomes) for side in sides))
        for metric in _metrics(problem)
    ]


def _metrics(problem: Problem) -> list[Metric]:
    """Its own, and those that any problem with probabilities has."""
    from mlmodels.evaluation import metrics

    own = {metric.name: metric for metric in problem.metrics}
    common = (
        Metric(name="log_loss", title="Log loss", compute=metrics.log_loss),
        Metric(name="brier", title="Brier score", compute=metrics.brier),
        Metric(name="ece", title="Calibration error", compute=metrics.ece),
    )
    return [*own.values(), *(metric for metric in common if metric.name not in own)]


def _measured(compute: Callable[[np.ndarray, np.ndarray], float], p: np.ndarray, y: np.ndarray) -> float | None:
    value = compute(p, y)
    return value if math.isfinite(value) else None


def _compared(metric: Metric, champion: float | None, challenger: float | None) -> Compared:
    better = "neither"
    if champion is not None and challenger is not None and champion != challenger:
        better = "challenger" if (challenger < champion) == metric.lower_is_better else "champion"
    return Compared(
        title=metric.title,
        hint="lower is better" if metric.lower_is_better else "higher is better",
        champion=tables.shown(champion),
        challenger=tables.shown(challenger),
        better=better,
    )

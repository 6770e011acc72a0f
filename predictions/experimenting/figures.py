"""How one arm did: its figures over settled events, each with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from mlmodels.problem import Problem
from predictions.canonical import canonical_json
from predictions.intervals import Mean, wilson
from predictions.models import Experiment, Prediction

RESAMPLES = 200


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one arm said last of one event before it began, and how that turned out."""

    arm: str
    event: str
    event_at: datetime
    match_id: int | None
    by_its_model: bool
    probabilities: dict[str, float]
    outcome: str
    correct: bool
    log_loss: float
    brier: float
    rps: float | None
    profit: float | None


@dataclass(frozen=True, kw_only=True)
class Share:
    """A frequency 0..1 with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ArmFigures:
    """n: events settled. `roi`: profit per unit staked on the best value bet of each event that had one."""

    n: int
    by_champion: int
    accuracy: Share | None
    log_loss: Mean | None
    brier: Mean | None
    rps: Mean | None
    calibration_error: Share | None
    roi: Mean | None


def last_words(experiment: Experiment) -> list[Told]:
    """The last word of each arm on each settled event, in the order in which events were decided; one query."""
    versions = {arm.reference: arm.version_id for arm in experiment.arms.all()}
    names = {arm.reference: arm.name for arm in experiment.arms.all()}
    in_time = Q(match__isnull=True) | Q(made_at__lte=F("match__kickoff"))
    rows = (
        Prediction.objects.filter(in_time, experiment_arm__in=names, settlement__isnull=False)
        .order_by("event_at", "sequence")
        .values(
            "experiment_arm", "subject", "event_at", "match_id", "model_version_id", "probabilities",
            *(f"settlement__{name}" for name in ("outcome", "correct", "log_loss", "brier", "rps", "flat_profit")),
        )
    )  # fmt: skip
    last: dict[tuple[str, str], Told] = {}
    for row in rows:
        one = _told(row, names, versions)
        last[one.event, one.arm] = one
    return sorted(last.values(), key=lambda one: (one.event_at, one.event))


def _told(row: dict[str, Any], names: dict[str, str], versions: dict[str, int]) -> Told:
    profit = row["settlement__flat_profit"]
    return Told(
        arm=names[row["experiment_arm"]],
        event=canonical_json(row["subject"]),
        event_at=row["event_at"],
        match_id=row["match_id"],
        by_its_model=versions[row["experiment_arm"]] == row["model_version_id"],
        probabilities=row["probabilities"],
        outcome=row["settlement__outcome"],
        correct=row["settlement__correct"],
        log_loss=row["settlement__log_loss"],
        brier=row["settlement__brier"],
        rps=row["settlement__rps"],
        profit=None if profit is None else float(profit),
    )


def arm_figures(problem: Problem, events: Sequence[Told]) -> ArmFigures:
    profits = [one.profit for one in events if one.profit is not None]
    return ArmFigures(
        n=len(events),
        by_champion=sum(not one.by_its_model for one in events),
        accuracy=_accuracy(events),
        log_loss=_mean([one.log_loss for one in events]),
        brier=_mean([one.brier for one in events]),
        rps=_mean([one.rps for one in events if one.rps is not None]),
        calibration_error=_calibration_error(problem, events),
        roi=_mean(profits),
    )


def _mean(values: Sequence[float]) -> Mean | None:
    if not values:
        return None
    return Mean.of(sum(values) / len(values), sum(value * value for value in values) / len(values), len(values))


def _accuracy(events: Sequence[Told]) -> Share | None:
    if not events:
        return None
    hits = sum(one.correct for one in events)
    low, high = wilson(hits, len(events))
    return Share(value=hits / len(events), low=low, high=high)


def _calibration_error(problem: Problem, events: Sequence[Told]) -> Share | None:
    """ECE in ten bins with a basic bootstrap interval (Davison & Hinkley 1997), cut at 0.

    Resampled, the error is too large by about as much as the error itself is: the basic interval turns that around.
    """
    if len(events) < 2:
        return None
    import numpy as np

    from mlmodels.evaluation.metrics import ece

    said, came = tables(problem, events)
    random = np.random.default_rng(0)
    drawn = [random.integers(0, len(came), len(came)) for _ in range(RESAMPLES)]
    low, high = np.quantile([ece(said[rows], came[rows]) for rows in drawn], [0.025, 0.975])
    found = ece(said, came)
    return Share(value=found, low=max(0.0, 2 * found - float(high)), high=max(found, 2 * found - float(low)))


def tables(problem: Problem, events: Sequence[Told]) -> tuple[Any, Any]:
    """Probabilities (n, k) in the problem's order of labels, and the indices (n,) of what came."""
    import numpy as np

    labels = problem.labels
    said = np.array([[one.probabilities[label] for label in labels] for one in events])
    return said, np.array([labels.index(one.outcome) for one in events])

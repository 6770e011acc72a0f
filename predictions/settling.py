"""Settling: when a result arrives or is corrected, every prediction of it is scored, again if need be.

Where a result is taken back, its settlements go too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from mlmodels.problem import Kind, Problem, Result, get_problem
from predictions.evaluation_log.writing import outdate
from predictions.models import Prediction, Settlement

if TYPE_CHECKING:
    from predictions.models import PredictionQuerySet

BATCH = 500
LATELY = timedelta(days=7)
SMALLEST_PROBABILITY = 1e-15
_SCORES = (
    "outcome",
    "correct",
    "log_loss",
    "brier",
    "rps",
    "market_log_loss",
    "baseline_log_loss",
    "closing_line_value",
    "flat_profit",
)


def settle_matches(match_ids: Iterable[int]) -> int:
    """Settle every prediction of these matches; returns how many settlements were written, changed or withdrawn."""
    return _settle(Prediction.objects.filter(match__in=tuple(match_ids)))


def settle_due(now: datetime | None = None) -> int:
    """Settle what has been decided by now and is not settled yet, and again what was corrected lately.

    Corrections are sent to be settled when they are made; those made while no broker answered are found here.
    """
    moment = now or timezone.now()
    corrected = Q(match__updated_at__gt=F("settlement__settled_at")) & Q(match__updated_at__gt=moment - LATELY)
    return _settle(Prediction.objects.filter(Q(settlement__isnull=True) | corrected, event_at__lt=moment))


def _settle(predictions: PredictionQuerySet) -> int:
    """All keys are read before the first write: while a cursor is open, SQLite refuses this connection every write as
    soon as another connection has written.
    """
    keys = list(predictions.order_by("problem", "sequence").values_list("problem", "pk"))
    written = 0
    for slug, of_problem in groupby(keys, key=itemgetter(0)):
        problem = get_problem(slug)
        while batch := [pk for _, pk in islice(of_problem, BATCH)]:
            written += _settle_batch(problem, batch)
    return written


@transaction.atomic
def _settle_batch(problem: Problem, keys: Sequence[UUID]) -> int:
    predictions = list(Prediction.objects.filter(pk__in=keys).select_related("settlement").in_chain_order())
    results = problem.results([prediction.subject for prediction in predictions])
    pairs = list(zip(predictions, results, strict=True))
    changed = [
        settlement
        for prediction, result in pairs
        if result is not None and (settlement := _revised(problem, prediction, result)) is not None
    ]
    Settlement.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["prediction"],
        update_fields=[*_SCORES, "settled_at", "revision"],
        batch_size=BATCH,
    )
    withdrawn = _withdraw([prediction for prediction, result in pairs if result is None])
    scored = {settlement.prediction_id for settlement in changed}
    outdate(
        prediction.made_at.astimezone(UTC).date() for prediction in predictions if prediction.pk in scored | withdrawn
    )
    return len(scored) + len(withdrawn)


def _withdraw(undecided: Sequence[Prediction]) -> set[UUID]:
    """Remove settlements of what turned out not to be decided, as a match that was abandoned after all."""
    settled = {prediction.pk for prediction in undecided if hasattr(prediction, "settlement")}
    Settlement.objects.filter(prediction__in=settled).delete()
    return settled


def _revised(problem: Problem, prediction: Prediction, result: Result) -> Settlement | None:
    """The settlement as it should be, or None where it stands so already."""
    scores = score(problem, prediction.probabilities, result)
    before: Settlement | None = getattr(prediction, "settlement", None)
    if before is not None and all(_same(getattr(before, name), value) for name, value in scores.items()):
        return None
    revision = before.revision + 1 if before else 1
    return Settlement(prediction=prediction, revision=revision, **scores)


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-12)
    return bool(old == new)


def score(problem: Problem, probabilities: Mapping[str, float], result: Result) -> dict[str, Any]:
    """Every figure of one settled prediction.

    Log loss in nats; multi-class Brier score in 0..2 (Brier 1950), of counts in 0..1; RPS in 0..1 over the problem's
    ordered labels (Epstein 1969); closing-line value and flat profit of one unit on the outcome whose offered price
    promised most, where it promised any profit. A stake comes back where one of the problem's `refunds` came true.
    """
    labels = problem.labels
    bet = _best_value(problem, probabilities, result.best_prices)
    return {
        "outcome": result.outcome,
        "correct": max(labels, key=lambda label: probabilities[label]) == result.outcome,
        "log_loss": _log_loss(probabilities, result.outcome),
        "brier": _brier(problem, probabilities, result.outcome),
        "rps": _rps(labels, probabilities, result.outcome),
        "market_log_loss": _log_loss(result.market_probabilities, result.outcome),
        "baseline_log_loss": _log_loss(result.baseline_probabilities, result.outcome),
        "closing_line_value": _closing_line_value(problem, bet, result),
        "flat_profit": _flat_profit(problem, bet, result),
    }


def _log_loss(probabilities: Mapping[str, float] | None, outcome: str) -> float | None:
    return None if probabilities is None else -math.log(max(probabilities[outcome], SMALLEST_PROBABILITY))


def _brier(problem: Problem, probabilities: Mapping[str, float], outcome: str) -> float:
    """Over classes, 0..2; of counts that of over and under at the line, 0..1, a push being half of either."""
    if problem.kind == Kind.COUNTS:
        return _rps(problem.labels, probabilities, outcome)
    return sum((probabilities[label] - (label == outcome)) ** 2 for label in problem.labels)


def _rps(labels: Sequence[str], probabilities: Mapping[str, float], outcome: str) -> float:
    gap, total = 0.0, 0.0
    for label in labels[:-1]:
        gap += probabilities[label] - (label == outcome)
        total += gap * gap
    return total / (len(labels) - 1)


def _best_value(problem: Problem, probabilities: Mapping[str, float], prices: Mapping[str, float] | None) -> str | None:
    """The outcome whose price has the highest expected value, if that is above zero."""
    if not prices:
        return None
    best = max(prices, key=lambda label: probabilities[label] * prices[label])
    paid_back = probabilities[best] * prices[best]
    return best if paid_back + _refunded(problem, probabilities) > 1 else None


def _refunded(problem: Problem, probabilities: Mapping[str, float]) -> float:
    """How likely a stake is given back."""
    return sum(probabilities.get(label, 0.0) for label in problem.refunds)


def _closing_line_value(problem: Problem, bet: str | None, result: Result) -> float | None:
    if bet is None or result.market_probabilities is None or result.best_prices is None:
        return None
    fair = result.market_probabilities
    return result.best_prices[bet] * fair[bet] + _refunded(problem, fair) - 1


def _flat_profit(problem: Problem, bet: str | None, result: Result) -> Decimal | None:
    if bet is None or result.best_prices is None:
        return None
    if result.outcome in problem.refunds:
        return Decimal("0.0")
    profit = result.best_prices[bet] - 1 if bet == result.outcome else -1.0
    return Decimal(str(round(profit, 3)))

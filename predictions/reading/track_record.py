"""How what we said turned out: every settled prediction, and the figures over the ones that count.

Figures count each match once, by its last prediction before kick-off: several predictions of one match share its
outcome, and intervals that took them for independent would be too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast, TruncMonth

from matches.models import Competition
from mlmodels.drawing.lines import LineChart, Series, line_chart
from predictions.charts.reliability import ReliabilityDiagram, reliability_diagram
from predictions.football.markets import LABELS
from predictions.intervals import Mean
from predictions.models import LedgerHead, PredictionQuerySet
from predictions.reading.statements import football_predictions

COMPARED = Q(settlement__market_log_loss__isnull=False, settlement__baseline_log_loss__isnull=False)
"""Matches that the model, the market and the base rate can all be measured on."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Means over matches; differences to the market are model minus market, so that below zero is better."""

    matches: int
    log_loss: float
    brier: float
    rps: float | None
    called: float
    versus_market: Mean | None
    versus_baseline: Mean | None
    profit: Decimal
    profit_per_bet: Mean | None
    closing_line_value: Mean | None


@dataclass(frozen=True, kw_only=True)
class Month:
    """Mean log losses (nats) of one month, on the same matches."""

    first: datetime
    matches: int
    model: float
    market: float
    baseline: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The reliability diagram over home, draw and away pooled, and its expected calibration error (0..1)."""

    diagram: ReliabilityDiagram
    error: float
    forecasts: int


@dataclass(frozen=True)
class TrackRecord:
    """Figures of the settled predictions that count; each is asked of the database when a page shows it."""

    counted: PredictionQuerySet

    @cached_property
    def totals(self) -> Totals | None:
        """None where nothing was settled yet."""
        found = self.counted.aggregate(**_sums())
        return _totals(found) if found["matches"] else None

    @property
    def in_words(self) -> str:
        """What is shown, for whoever hears it read out."""
        if self.totals is None:
            return "Nothing of this choice is settled yet."
        matches = "1 match" if self.totals.matches == 1 else f"{self.totals.matches:,} matches"
        return f"{matches} settled, with a mean log loss of {self.totals.log_loss:.4f} nats."

    @cached_property
    def months(self) -> list[Month]:
        rows = (
            self.counted.filter(COMPARED)
            .annotate(first=TruncMonth("event_at", tzinfo=UTC))
            .values("first")
            .annotate(
                matches=Count("pk"),
                model=Avg("settlement__log_loss"),
                market=Avg("settlement__market_log_loss"),
                baseline=Avg("settlement__baseline_log_loss"),
            )
            .order_by("first")
        )
        return [Month(**row) for row in rows]

    @cached_property
    def month_chart(self) -> LineChart | None:
        months = list(enumerate(self.months))
        names = (("Model", "model", "s1"), ("Market", "market", "s3"), ("Base rate", "baseline", "s6"))
        series = [
            Series(name=name, style=style, points=[(i, getattr(month, field)) for i, month in months])
            for name, field, style in names
        ]
        return line_chart(series, x_labels=[(i, f"{month.first:%b %Y}") for i, month in months])

    @cached_property
    def calibration(self) -> Calibration | None:
        """None where nothing was settled yet."""
        import numpy as np

        from mlmodels.evaluation.metrics import ece, reliability_bins

        rows = list(self.counted.values_list("probabilities", "settlement__outcome"))
        if not rows:
            return None
        said = np.array([[probabilities[label] for label in LABELS] for probabilities, _ in rows])
        came = np.array([LABELS.index(outcome) for _, outcome in rows])
        return Calibration(
            diagram=reliability_diagram(reliability_bins(said, came)), error=ece(said, came), forecasts=said.size
        )


def settled_predictions(*, competition: Competition | None, algorithm: str) -> PredictionQuerySet:
    """Every settled prediction that users may see, newest first; an empty algorithm stands for all."""
    found = football_predictions().settled().filter(match__isnull=False)
    if competition is not None:
        found = found.filter(match__season__competition=competition)
    if algorithm:
        found = found.filter(model_version__algorithm=algorithm)
    return found.select_related("settlement", "match__home", "match__away", "match__season__competition").order_by(
        "-event_at", "-sequence"
    )


def record_of(*, competition: Competition | None, algorithm: str) -> TrackRecord:
    """The figures of the same choice, one prediction a match."""
    chosen = settled_predictions(competition=competition, algorithm=algorithm)
    return TrackRecord(chosen.standing().select_related(None).order_by())


def settled_algorithms() -> Sequence[str]:
    """Algorithms of which anything was settled."""
    names = football_predictions().settled().order_by("model_version__algorithm")
    return list(names.values_list("model_version__algorithm", flat=True).distinct())


def ledger_head() -> LedgerHead:
    """The end of the chain; of length 0 while nothing was predicted."""
    return LedgerHead.objects.filter(pk=1).first() or LedgerHead(pk=1)


def _sums() -> dict[str, Any]:
    return {
        "matches": Count("pk"),
        "log_loss": Avg("settlement__log_loss"),
        "brier": Avg("settlement__brier"),
        "rps": Avg("settlement__rps"),
        "called": Count("pk", filter=Q(settlement__correct=True)),
        "profit": Sum("settlement__flat_profit"),
        **_spread("versus_market", F("settlement__log_loss") - F("settlement__market_log_loss")),
        **_spread("versus_baseline", F("settlement__log_loss") - F("settlement__baseline_log_loss")),
        **_spread("profit_per_bet", Cast("settlement__flat_profit", FloatField())),
        **_spread("closing_line_value", F("settlement__closing_line_value")),
    }


def _spread(name: str, value: Any) -> dict[str, Any]:
    """What `Mean.of` needs of one figure; rows where it is NULL count for nothing."""
    return {f"{name}_count": Count(value), f"{name}_mean": Avg(value), f"{name}_square": Avg(value * value)}


def _totals(found: Mapping[str, Any]) -> Totals:
    def mean(name: str) -> Mean | None:
        return Mean.of(found[f"{name}_mean"], found[f"{name}_square"], found[f"{name}_count"])

    return Totals(
        matches=found["matches"],
        log_loss=found["log_loss"],
        brier=found["brier"],
        rps=found["rps"],
        called=found["called"] / found["matches"],
        versus_market=mean("versus_market"),
        versus_baseline=mean("versus_baseline"),
        profit=found["profit"] or Decimal(0),
        profit_per_bet=mean("profit_per_bet"),
        closing_line_value=mean("closing_line_value"),
    )

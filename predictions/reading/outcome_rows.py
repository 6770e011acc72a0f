"""The three outcomes of a match side by side: what we say, what the market says, and what a price is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matches.models import Match, Odds
from predictions.football.markets import LABELS, expected_value, kelly_fraction
from predictions.reading.percentages import Percentages
from predictions.reading.prices import MatchPrices
from predictions.reading.statements import Statement

KELLY_SHARE, KELLY_CAP = 0.25, 0.05
"""A quarter of Kelly's stake, at most a twentieth of the bankroll: estimates err, and full Kelly forgives nothing."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """One outcome's price beside our probability of it. `stake`: share of the bankroll, 0 where nothing is promised."""

    fair_odds: float
    best_price: float | None
    expected_value: float | None
    stake: float | None


@dataclass(frozen=True, kw_only=True)
class OutcomeRow:
    """One outcome; percentages are whole and sum to 100 down each column, None where a column is empty."""

    label: str
    name: str
    model: int | None
    opening: int | None
    closing: int | None
    value: Value | None
    happened: bool


def outcome_rows(match: Match, statement: Statement | None, prices: MatchPrices) -> list[OutcomeRow]:
    """Home win, draw and away win."""
    opening, closing = (_market(prices, phase) for phase in (Odds.Phase.OPENING, Odds.Phase.CLOSING))
    names = {"home": f"{match.home.name} win", "draw": "Draw", "away": f"{match.away.name} win"}
    best = prices.best
    return [
        OutcomeRow(
            label=label,
            name=names[label],
            model=getattr(statement.percent, label) if statement else None,
            opening=getattr(opening, label) if opening else None,
            closing=getattr(closing, label) if closing else None,
            value=_value(statement, best, label) if statement else None,
            happened=match.is_finished and _outcome(match) == label,
        )
        for label in LABELS
    ]


def _market(prices: MatchPrices, phase: str) -> Percentages | None:
    probabilities = prices.probabilities(phase)
    return Percentages.of(probabilities) if probabilities else None


def _value(statement: Statement, best: Mapping[str, float] | None, label: str) -> Value:
    probability = statement.prediction.probabilities[label]
    price = best[label] if best else None
    return Value(
        fair_odds=statement.markets.fair_odds[label],
        best_price=price,
        expected_value=expected_value(probability, price) if price else None,
        stake=kelly_fraction(probability, price, fraction=KELLY_SHARE, cap=KELLY_CAP) if price else None,
    )


def _outcome(match: Match) -> str:
    margin = (match.home_goals or 0) - (match.away_goals or 0)
    return "home" if margin > 0 else "away" if margin < 0 else "draw"

"""The three outcomes of a match side by side: what we say, what the market says, and what a price is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """One outcome, and what its price is worth where we said something of it."""

    label: str
    name: str
    value: Value | None
    happened: bool


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What one voice, ours or the market's, says of the three outcomes."""

    voice: str
    percent: Percentages


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """The outcome on which the model and the market's latest prices differ most, in whole per cent."""

    name: str
    model: int
    market: int

    @property
    def points(self) -> int:
        return abs(self.model - self.market)


def opinions(statement: Statement | None, prices: MatchPrices) -> list[Opinion]:
    """The model, the opening and the closing market, as far as each is known."""
    said = statement.prediction.probabilities if statement else None
    voices = (
        ("Model", said),
        ("Market, opening", prices.probabilities(Odds.Phase.OPENING)),
        ("Market, closing", prices.probabilities(Odds.Phase.CLOSING)),
    )
    return [Opinion(voice=voice, percent=Percentages.of(found)) for voice, found in voices if found]


def disagreement(
    rows: Sequence[OutcomeRow], statement: Statement | None, voices: Sequence[Opinion]
) -> Disagreement | None:
    """None unless both the model and the market are known."""
    if statement is None or len(voices) < 2:
        return None
    ours, theirs = statement.percent, voices[-1].percent
    both = [
        Disagreement(name=row.name, model=getattr(ours, row.label), market=getattr(theirs, row.label)) for row in rows
    ]
    return max(both, key=lambda one: one.points)


def outcome_rows(match: Match, statement: Statement | None, prices: MatchPrices) -> list[OutcomeRow]:
    """Home win, draw and away win."""
    names = {"home": f"{match.home.name} win", "draw": "Draw", "away": f"{match.away.name} win"}
    best = prices.best
    return [
        OutcomeRow(
            label=label,
            name=names[label],
            value=_value(statement, best, label) if statement else None,
            happened=match.is_finished and _outcome(match) == label,
        )
        for label in LABELS
    ]


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

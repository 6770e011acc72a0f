"""Match-result prices of many matches in one query, and what the market thinks behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import FloatField
from django.db.models.functions import Cast

from matches.models import Odds
from predictions.football.loading import CONSENSUS, OUTCOMES
from predictions.football.markets import LABELS

COMPOSITES = ("AVG",)
"""Averages of the market: prices that nobody pays."""

SIDES = (Odds.Outcome.OVER, Odds.Outcome.UNDER)

Quotes = Mapping[str, float]
"""Decimal odds by label, all three of them."""


@dataclass(frozen=True, kw_only=True)
class MatchPrices:
    """Decimal odds of one match by phase and bookmaker; only complete 1X2 quotes count."""

    books: Mapping[str, Mapping[str, Quotes]] = field(default_factory=dict)

    def consensus(self, phase: str) -> Quotes | None:
        """The prices that stand for the market at a phase, as in evaluation and settling."""
        quoted = self.books.get(phase, {})
        return next((quoted[book] for book in CONSENSUS[phase] if book in quoted), None)

    @property
    def best(self) -> Quotes | None:
        """The best opening price of each outcome over all who take bets: the prices that settling bets at."""
        books = self.books.get(Odds.Phase.OPENING, {})
        offers = [quotes for book, quotes in books.items() if book not in COMPOSITES]
        return {label: max(quotes[label] for quotes in offers) for label in LABELS} if offers else None

    def probabilities(self, phase: str) -> dict[str, float] | None:
        """What the market's consensus says of each outcome without its margin (Shin's method)."""
        from predictions.devig import shin

        quotes = self.consensus(phase)
        if quotes is None:
            return None
        return dict(zip(LABELS, shin([[quotes[label] for label in LABELS]])[0].tolist(), strict=True))


def prices_of(match_ids: Iterable[int]) -> dict[int, MatchPrices]:
    """Prices by match; a match that nobody quotes is there with none."""
    ids = tuple(match_ids)
    rows = (
        Odds.objects.for_matches(ids)
        .match_result()
        .annotate(value=Cast("price", FloatField()))
        .values_list("match_id", "phase", "bookmaker", "outcome", "value")
    )
    found: dict[int, dict[str, dict[str, dict[str, float]]]] = {pk: {} for pk in ids}
    for pk, phase, book, outcome, price in rows:
        found[pk].setdefault(phase, {}).setdefault(book, {})[LABELS[OUTCOMES.index(outcome)]] = price
    return {pk: MatchPrices(books=_complete(phases)) for pk, phases in found.items()}


def market_totals(match_id: int) -> dict[float, float]:
    """What the market's latest consensus says of "over", by goal line, without its margin (Shin's method)."""
    from predictions.devig import shin

    rows = (
        Odds.objects.for_matches([match_id])
        .filter(market=Odds.Market.TOTAL_GOALS)
        .annotate(value=Cast("price", FloatField()), goals=Cast("line", FloatField()))
        .values_list("goals", "phase", "bookmaker", "outcome", "value")
    )
    quoted: dict[float, dict[tuple[str, str], dict[str, float]]] = {}
    for line, phase, book, outcome, price in rows:
        quoted.setdefault(line, {}).setdefault((phase, book), {})[outcome] = price
    standing = {line: pair for line, quotes in quoted.items() if (pair := _latest_pair(quotes))}
    return {line: float(shin([pair])[0][0]) for line, pair in standing.items()}


def _latest_pair(quotes: Mapping[tuple[str, str], Quotes]) -> list[float] | None:
    """Prices of over and under: at closing before opening, of the first of the consensus who has both."""
    for phase in (Odds.Phase.CLOSING, Odds.Phase.OPENING):
        for book in CONSENSUS[phase]:
            found = quotes.get((phase, book), {})
            if len(found) == len(SIDES):
                return [found[side] for side in SIDES]
    return None


def _complete(phases: Mapping[str, Mapping[str, Quotes]]) -> dict[str, dict[str, Quotes]]:
    return {
        phase: {book: quotes for book, quotes in books.items() if len(quotes) == len(LABELS)}
        for phase, books in phases.items()
    }

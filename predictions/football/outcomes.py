"""How matches turned out, and what the market thought and paid."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, FloatField, Q
from django.db.models.functions import Cast

from matches.models import Match, Odds
from mlmodels.problem import Result
from predictions.football.loading import CONSENSUS, OUTCOMES, football
from predictions.football.markets import LABELS

Prices = dict[tuple[int, str, str], dict[str, float]]
"""(match, phase, bookmaker) → price by label."""


def results(references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
    """The result of each reference, None while it is not finished."""
    listed = _listed([reference["match"] for reference in references if reference.get("match") is not None])
    supposed = _supposed([reference for reference in references if reference.get("match") is None])
    matches = [
        listed.get(int(reference["match"]))
        if reference.get("match") is not None
        else supposed.get((reference["home"], reference["away"], reference["date"]))
        for reference in references
    ]
    prices = _prices([match.pk for match in matches if match])
    baselines = _baselines([match for match in matches if match])
    return [_result(match, prices, baselines[match.pk]) if match else None for match in matches]


def _listed(pks: Sequence[Any]) -> dict[int, Match]:
    return {match.pk: match for match in football().finished().filter(pk__in=pks).with_names()}


def _supposed(references: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, str], Match]:
    if not references:
        return {}
    matches = (
        football()
        .finished()
        .filter(
            date__in={reference["date"] for reference in references},
            home__slug__in={reference["home"] for reference in references},
        )
        .with_names()
    )
    return {(match.home.slug, match.away.slug, match.date.isoformat()): match for match in matches}


def _result(match: Match, prices: Prices, baseline: dict[str, float] | None) -> Result:
    from predictions.devig import shin

    margin = (match.home_goals or 0) - (match.away_goals or 0)
    closing = _first(prices, match.pk, Odds.Phase.CLOSING, CONSENSUS["close"])
    market = None
    if closing:
        market = dict(zip(LABELS, shin([[closing[label] for label in LABELS]])[0].tolist(), strict=True))
    return Result(
        outcome="home" if margin > 0 else "away" if margin < 0 else "draw",
        market_probabilities=market,
        baseline_probabilities=baseline,
        best_prices=_best(prices, match.pk),
        closing_prices=closing,
    )


def _prices(pks: Sequence[int]) -> Prices:
    rows = (
        Odds.objects.filter(match__in=pks, market=Odds.Market.MATCH_RESULT)
        .annotate(value=Cast("price", FloatField()))
        .values_list("match_id", "phase", "bookmaker", "outcome", "value")
    )
    found: Prices = {}
    for pk, phase, book, outcome, value in rows:
        found.setdefault((pk, phase, book), {})[LABELS[OUTCOMES.index(outcome)]] = value
    return found


def _first(prices: Prices, pk: int, phase: str, books: Sequence[str]) -> dict[str, float] | None:
    """The prices of the first book that quotes all three outcomes."""
    for book in books:
        quoted = prices.get((pk, phase, book), {})
        if len(quoted) == len(LABELS):
            return quoted
    return None


def _best(prices: Prices, pk: int) -> dict[str, float] | None:
    """The best opening price of each outcome over all bookmakers; averages and other composites don't take bets."""
    best: dict[str, float] = {}
    for (match, phase, book), quoted in prices.items():
        if match == pk and phase == Odds.Phase.OPENING and book != "AVG":
            for label, price in quoted.items():
                best[label] = max(price, best.get(label, 0.0))
    return best if len(best) == len(LABELS) else None


def _baselines(matches: Sequence[Match]) -> dict[int, dict[str, float] | None]:
    """By match, the frequencies of the outcomes in its competition on all days before it; None where there are none."""
    found: dict[int, dict[str, float] | None] = {}
    for code in {match.season.competition.code for match in matches}:
        days, sums = _running_counts(code)
        for match in matches:
            if match.season.competition.code == code:
                i = bisect_left(days, match.date)
                total = sum(sums[i])
                found[match.pk] = {k: n / total for k, n in zip(LABELS, sums[i], strict=True)} if total else None
    return found


def _running_counts(code: str) -> tuple[list[date], list[tuple[int, int, int]]]:
    """Days with results, ascending, and outcomes counted before each of them and after the last."""
    rows = (
        football()
        .finished()
        .in_competitions([code])
        .order_by("date")
        .values("date")
        .annotate(
            home=Count("pk", filter=Q(home_goals__gt=F("away_goals"))),
            draw=Count("pk", filter=Q(home_goals=F("away_goals"))),
            away=Count("pk", filter=Q(home_goals__lt=F("away_goals"))),
        )
    )
    days, sums = [], [(0, 0, 0)]
    for row in rows:
        days.append(row["date"])
        home, draw, away = sums[-1]
        sums.append((home + row["home"], draw + row["draw"], away + row["away"]))
    return days, sums

"""What the bets of one strategy came to, as JSON: money in text with two places, shares as fractions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmodels.evaluation.returns import Ratio, deepest_fall, falls, longest_run, ratio, sharpe
from predictions.backtesting.bankroll import Course, Floats, Ints, money
from predictions.backtesting.picking import Claims
from predictions.backtesting.strategies import Stake, Strategy

EPOCH = date(1970, 1, 1)
# Day 0, 1 January 1970, was a Thursday.
DAYS_FROM_MONDAY = 3
EVEN_PRICES = (1.8, 2.2)
CLAIM_EDGES = (-1.0, 0.0, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Lower ends of the classes of claimed expected value."""
MOST_POINTS = 160
RUIN = 0.01
"""With less than this share of the start left, the bankroll is called gone."""
LARGEST_LOGARITHM = 500.0
"""Of growth: what lies above is not worth an overflow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Played:
    """The m bets of a course beside what they rested on; all (m,) but the course itself."""

    course: Course
    strategy: Strategy
    days: Ints
    prices: Floats
    probabilities: Floats
    won: NDArray[np.bool_]
    refunded: NDArray[np.bool_]
    """Whether the stake came back."""
    refund: Floats
    """How likely that was said to be."""
    fair: Floats
    """The closing line's probability of what was bet on; NaN where there is none."""
    fair_refund: Floats
    """The closing line's probability that the stake comes back."""
    random: Floats
    """What one unit shared evenly over the event's outcomes brought."""
    favourite: Floats
    """What one unit on the event's shortest price brought."""

    @property
    def expected(self) -> Floats:
        return np.asarray(self.probabilities * self.prices + self.refund - 1)

    @property
    def returns(self) -> Floats:
        """Profit of one unit on each bet, whatever was staked."""
        return np.where(self.refunded, 0.0, np.where(self.won, self.prices - 1, -1.0))

    @property
    def closing_line_values(self) -> Floats:
        return np.asarray(self.prices * self.fair + self.fair_refund - 1)

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Whether the bet was won or lost."""
        return ~self.refunded


def played(
    course: Course, strategy: Strategy, claims: Claims, *, came: Ints, days: Ints, closing_probabilities: Floats
) -> Played:
    rows, outcomes = course.rows, course.outcomes
    returned = np.isin(came, claims.refunded)
    random, favourite = _without_a_model(claims.prices, came, returned)
    refunds = list(claims.refunded)
    return Played(
        course=course,
        strategy=strategy,
        days=days[rows],
        prices=claims.prices[rows, outcomes],
        probabilities=claims.probabilities[rows, outcomes],
        won=came[rows] == outcomes,
        refunded=returned[rows],
        refund=claims.refund[rows, 0],
        fair=closing_probabilities[rows, outcomes],
        fair_refund=closing_probabilities[:, refunds].sum(axis=1)[rows],
        random=random[rows],
        favourite=favourite[rows],
    )


def _without_a_model(prices: Floats, came: Ints, returned: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """What one unit a row brings, shared evenly over the priced outcomes, and on the shortest price (n,).

    returned: (n,) whether stakes came back.
    """
    rows = np.arange(len(prices))
    known = np.isfinite(prices)
    paid = np.where(known[rows, came], prices[rows, came], 0.0)
    shortest = np.where(known, prices, np.inf).argmin(axis=1)
    at_random, on_favourite = paid / np.maximum(known.sum(axis=1), 1) - 1, np.where(shortest == came, paid, 0.0) - 1
    return np.where(returned, 0.0, at_random), np.where(returned, 0.0, on_favourite)


def figures(bets: Played, *, seed: int) -> dict[str, Any]:
    """Everything that is reported of one strategy; intervals are 95 %, with whole weeks resampled."""
    course, strategy = bets.course, bets.strategy
    stakes, weeks = course.stakes, _weeks(bets.days)
    share = partial(_share, blocks=weeks, seed=seed)
    fall, peak, bottom = deepest_fall(np.r_[course.start, course.after])
    return {
        "strategy": strategy.name,
        "title": strategy.title,
        "bets": len(stakes),
        "events": len(np.unique(course.rows)),
        "days": len(course.days),
        "turnover": str(money(stakes.sum())),
        "profit": str(money(course.final - course.start)),
        "final_bankroll": str(money(course.final)),
        "roi": _roi(bets, seed=seed),
        "yield": share(course.profits, stakes),
        "win_rate": share(bets.won, bets.decided.astype(float)),
        "closing_line_value": _closing_line_value(bets, seed=seed),
        "expected": _mean(bets.expected),
        "mean_price": _mean(bets.prices),
        "maximum_drawdown": fall,
        "drawdown_from": _day(course, peak),
        "drawdown_to": _day(course, bottom),
        "sharpe": sharpe(course.after / course.before - 1) if len(course.days) else None,
        "longest_losing_run": longest_run(~bets.won[bets.decided]),
        "ruined": course.final < RUIN * course.start,
        "random": share(bets.random * stakes, stakes),
        "favourite": share(bets.favourite * stakes, stakes),
        "even_prices": _even_prices(bets),
        "claims": _claims(bets, seed=seed),
        "months": _months(bets),
        "curve": _curve(course),
    }


def _share(numerator: Any, denominator: Any, *, blocks: Any, seed: int) -> dict[str, Any] | None:
    found = ratio(numerator, denominator, blocks=blocks, seed=seed)
    return found.to_json() if found else None


def _roi(bets: Played, *, seed: int) -> dict[str, Any] | None:
    """Growth of the bankroll; its interval resamples weeks of profits, or of growth where stakes grow along.

    None bounds where all bets were lost, or all were won: weeks resampled from them know nothing else.
    """
    course = bets.course
    if not len(course.days):
        return None
    weeks = _weeks(course.days)
    value = course.final / course.start - 1
    is_flat = bets.strategy.stake == Stake.FLAT
    if is_flat:
        gains = (course.after - course.before) / course.start
    else:
        # Of a purse that was lost a cent is left, so that the logarithm is one.
        gains = np.log(np.maximum(course.after, 1) / np.maximum(course.before, 1))
    labels, place = np.unique(weeks, return_inverse=True)
    found = ratio(np.bincount(place, weights=gains), np.ones(len(labels)), blocks=labels, seed=seed)
    decided = bets.won[bets.decided]
    one_sided = decided.all() or not decided.any()
    if one_sided or found is None or found.low is None or found.high is None:
        return Ratio(value=value, low=None, high=None, n=len(course.rows), blocks=len(labels)).to_json()
    totals = (found.low * len(labels), found.high * len(labels))
    low, high = (max(-1.0, total if is_flat else math.expm1(min(total, LARGEST_LOGARITHM))) for total in totals)
    return Ratio(value=value, low=low, high=high, n=len(course.rows), blocks=len(labels)).to_json()


def _closing_line_value(bets: Played, *, seed: int) -> dict[str, Any] | None:
    """The mean of price × the closing line's probability - 1 over the bets that have one."""
    known = np.isfinite(bets.fair)
    if not known.any():
        return None
    values = bets.closing_line_values[known]
    return _share(values, np.ones(len(values)), blocks=_weeks(bets.days[known]), seed=seed)


def _even_prices(bets: Played) -> dict[str, Any]:
    even = bets.decided & (bets.prices >= EVEN_PRICES[0]) & (bets.prices <= EVEN_PRICES[1])
    return {"bets": int(even.sum()), "win_rate": _mean(bets.won[even])}


def _claims(bets: Played, *, seed: int) -> list[dict[str, Any]]:
    """Bets by the expected value that was claimed, and what one unit on each brought."""
    found = []
    classes = np.digitize(bets.expected, CLAIM_EDGES) - 1
    for index, low in enumerate(CLAIM_EDGES):
        inside = classes == index
        if inside.any():
            returns = bets.returns[inside]
            found.append(
                {
                    "low": low,
                    "high": CLAIM_EDGES[index + 1] if index + 1 < len(CLAIM_EDGES) else None,
                    "bets": int(inside.sum()),
                    "claimed": _mean(bets.expected[inside]),
                    "realised": _share(returns, np.ones(len(returns)), blocks=_weeks(bets.days[inside]), seed=seed),
                }
            )
    return found


def _months(bets: Played) -> list[dict[str, Any]]:
    course = bets.course
    of_bets = _month(bets.days)
    of_days = _month(course.days)
    return [
        {
            "month": month,
            "bets": int((of_bets == month).sum()),
            "won": int(bets.won[of_bets == month].sum()),
            "staked": str(money(course.stakes[of_bets == month].sum())),
            "profit": str(money(course.profits[of_bets == month].sum())),
            "bankroll": str(money(course.after[of_days == month][-1])),
        }
        for month in np.unique(of_days).tolist()
    ]


def _curve(course: Course) -> list[dict[str, Any]]:
    """(day, bankroll, fall from the highest so far), thinned to what a chart can show; the lowest point stays."""
    if not len(course.days):
        return []
    purse = np.r_[float(course.start), course.after]
    fallen = falls(purse)
    days = np.r_[course.days[0] - 1, course.days]
    kept = np.unique(
        np.r_[np.linspace(0, len(days) - 1, min(MOST_POINTS, len(days))).round().astype(int), fallen.argmax()]
    )
    return [
        {"day": _iso(days[i]), "bankroll": float(purse[i]) / 100, "drawdown": round(float(fallen[i]), 6)} for i in kept
    ]


def _day(course: Course, position: int) -> str | None:
    """The day of a position in (start, end of day 1, …)."""
    return _iso(course.days[max(position - 1, 0)]) if len(course.days) else None


def _iso(day: Any) -> str:
    return (EPOCH + timedelta(days=int(day))).isoformat()


def _weeks(days: Ints) -> Ints:
    return np.asarray((days + DAYS_FROM_MONDAY) // 7)


def _month(days: Ints) -> NDArray[np.str_]:
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(str)


def _mean(values: Any) -> float | None:
    return float(np.mean(values)) if len(values) else None


def summary(found: Mapping[str, Any]) -> dict[str, Any]:
    """The figures without their long parts, for lists and tables."""
    return {name: value for name, value in found.items() if name not in ("claims", "months", "curve")}

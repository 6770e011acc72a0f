"""A bankroll through history: a day's bets are staked together, from what the day began with, and settled together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from predictions.backtesting.picking import Claims, shares
from predictions.backtesting.strategies import Stake, Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_STAKE = 1000
"""No bet is above so many starting bankrolls: no bookmaker would take it, and sums of cents stay exact."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """The m bets of a strategy in order of time, and the bankroll at the end of each of the d days with bets.

    rows, outcomes: (m,) position of the event and of the outcome bet on. stakes, profits: (m,) in cents, whole.
    days: (d,) day numbers. before, after: (d,) cents at a day's start and end.
    """

    start: int
    rows: Ints
    outcomes: Ints
    stakes: Floats
    profits: Floats
    days: Ints
    before: Floats
    after: Floats

    @property
    def final(self) -> float:
        return float(self.after[-1]) if len(self.after) else float(self.start)


def play(claims: Claims, came: Ints, days: Ints, strategy: Strategy, *, bankroll: Decimal) -> Course:
    """Bet by a strategy from the first day to the last.

    came: (n,) the outcome that came. days: (n,) day numbers, ascending. Where a day's stakes exceed the bankroll they
    are scaled down together; stakes are whole cents, rounded down, and winnings are rounded to the cent.
    """
    wanted = shares(claims, strategy)
    start = cents(bankroll)
    purse = float(start)
    stakes = np.zeros_like(wanted)
    profits = np.zeros_like(wanted)
    edges = np.flatnonzero(np.r_[True, np.diff(days) > 0, True])
    played, before, after = [], [], []
    for begin, end in pairwise(edges.tolist()):
        staked = _stakes(wanted[begin:end], purse, start, strategy)
        if not staked.any():
            continue
        gained = _profits(staked, claims.prices[begin:end], came[begin:end], claims.refunded)
        stakes[begin:end], profits[begin:end] = staked, gained
        played.append(days[begin])
        before.append(purse)
        purse += float(gained.sum())
        after.append(purse)
    rows, outcomes = np.nonzero(stakes)
    return Course(
        start=start,
        rows=rows,
        outcomes=outcomes,
        stakes=stakes[rows, outcomes],
        profits=profits[rows, outcomes],
        days=np.array(played, dtype=np.int64),
        before=np.array(before),
        after=np.array(after),
    )


def _stakes(wanted: Floats, purse: float, start: int, strategy: Strategy) -> Floats:
    """Whole cents on each of a day's offers, together at most the purse."""
    base = start if strategy.stake == Stake.FLAT else purse
    amounts = np.minimum(wanted * base, min(strategy.cap * purse, LARGEST_STAKE * start))
    total = amounts.sum()
    if total > purse:
        amounts = amounts * (purse / total)
    # A hundred-millionth of a cent forgives the rounding of 0.01 × 100,000 = 999.99….
    return np.asarray(np.floor(amounts + 1e-8), dtype=float)


def _profits(stakes: Floats, prices: Floats, came: Ints, refunded: tuple[int, ...]) -> Floats:
    won = np.arange(stakes.shape[1]) == came[:, None]
    at_stake = (stakes > 0) & ~np.isin(came, refunded)[:, None]
    gained = np.rint(stakes * (np.where(np.isfinite(prices), prices, 1.0) - 1))
    return np.asarray(np.where(at_stake, np.where(won, gained, -stakes), 0.0), dtype=float)


def cents(money: Decimal) -> int:
    return int((money * 100).to_integral_value())


def money(cents: float) -> Decimal:
    """Cents as an amount with two places."""
    return (Decimal(round(cents)) / 100).quantize(Decimal("0.01"))

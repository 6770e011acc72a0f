"""Which offers a strategy takes, and what share of the bankroll goes on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.backtesting.strategies import Pick, Stake, Strategy

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALLEST = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Claims:
    """What a model said of n events with k outcomes, and at which prices; all that a strategy may look at.

    probabilities: (n, k), rows sum to 1. prices: decimal odds (n, k), NaN where there is none. refunded: indices of the
    outcomes that give stakes back; nobody takes bets on them.
    """

    probabilities: Floats
    prices: Floats
    refunded: tuple[int, ...] = ()

    @property
    def refund(self) -> Floats:
        """How likely a stake is given back (n, 1)."""
        return np.asarray(self.probabilities[:, list(self.refunded)].sum(axis=1, keepdims=True), dtype=float)

    @property
    def expected(self) -> Floats:
        """Expected profit of one unit, p·o + p(refund) - 1 (n, k); NaN without a price."""
        return np.asarray(self.probabilities * self.prices + self.refund - 1, dtype=float)

    @property
    def decided(self) -> Claims:
        """The same of the outcomes that can be bet on, given that stakes are not given back."""
        if not self.refunded:
            return self
        kept = [k for k in range(self.prices.shape[1]) if k not in self.refunded]
        likely = np.maximum(1 - self.refund, SMALLEST)
        return Claims(probabilities=self.probabilities[:, kept] / likely, prices=self.prices[:, kept])

    def spread(self, decided: NDArray[Any]) -> NDArray[Any]:
        """A table (n, less than k) of `decided` with empty columns where outcomes give stakes back (n, k)."""
        kept = [k for k in range(self.prices.shape[1]) if k not in self.refunded]
        table = np.zeros(self.prices.shape, dtype=decided.dtype)
        table[:, kept] = decided
        return table


def picked(claims: Claims, strategy: Strategy) -> Bools:
    """Which offers (n, k) the strategy takes."""
    with np.errstate(invalid="ignore"):
        return np.asarray(PICKS[strategy.pick](claims, strategy) & (claims.prices >= strategy.odds) & _priced(claims))


def _priced(claims: Claims) -> Bools:
    return np.asarray(np.isfinite(claims.prices) & (claims.prices > 1))


def _value(claims: Claims, strategy: Strategy) -> Bools:
    return np.asarray(claims.expected > strategy.margin)


def _confidence(claims: Claims, strategy: Strategy) -> Bools:
    """The favourite, where stakes are not given back."""
    p = claims.decided.probabilities
    favourite = np.zeros_like(p, dtype=bool)
    favourite[np.arange(len(p)), p.argmax(axis=1)] = True
    return claims.spread(favourite & (p > strategy.threshold))


def _underdog(claims: Claims, strategy: Strategy) -> Bools:
    """Value where the market, its margin shared out evenly, gives a side less than 1/k."""
    implied = 1 / claims.decided.prices
    share = implied / implied.sum(axis=1, keepdims=True)
    return np.asarray(claims.spread(share < 1 / implied.shape[1]) & _value(claims, strategy))


PICKS: Mapping[Pick, Callable[[Claims, Strategy], Bools]] = {
    Pick.VALUE: _value,
    Pick.CONFIDENCE: _confidence,
    Pick.UNDERDOG: _underdog,
}


def flat(claims: Claims, taken: Bools, strategy: Strategy) -> Floats:
    """The same share of the starting bankroll (n, k) on each offer taken."""
    return np.where(taken, strategy.unit, 0.0)


def kelly(claims: Claims, taken: Bools, strategy: Strategy) -> Floats:
    """Shares of the bankroll (n, k) that maximise its expected logarithm over one event's outcomes, by `fraction`.

    Of outcomes that exclude each other, those in S with p·o > 1 get p - R/o, where R = (1 - Σ_S p) / (1 - Σ_S 1/o) is
    the share kept back (Smoczynski & Tomkins 2010, "An explicit solution to the problem of optimizing the allocations
    of a bettor's wealth when wagering on horse races", Mathematical Scientist 35). With one such outcome it is Kelly's
    (1956) (p·o - 1) / (o - 1). A stake that comes back leaves the bankroll alone, so that p is given that none does.
    """
    worth = taken & (np.nan_to_num(claims.expected, nan=-1.0) > 0)
    p = np.where(worth, claims.spread(claims.decided.probabilities), 0.0)
    inverse = np.where(worth, 1 / np.where(worth, claims.prices, 1.0), 0.0)
    # Every p exceeds its 1/o, so that Σ 1/o < Σ p ≤ 1 and the share kept back is between 0 and 1.
    kept = (1 - p.sum(axis=1, keepdims=True)) / (1 - inverse.sum(axis=1, keepdims=True))
    return np.where(worth, strategy.fraction * np.clip(p - kept * inverse, 0.0, 1.0), 0.0)


STAKES: Mapping[Stake, Callable[[Claims, Bools, Strategy], Floats]] = {Stake.FLAT: flat, Stake.KELLY: kelly}


def shares(claims: Claims, strategy: Strategy) -> Floats:
    """What share of the (starting, for flat stakes) bankroll the strategy puts on each offer (n, k)."""
    return STAKES[strategy.stake](claims, picked(claims, strategy), strategy)

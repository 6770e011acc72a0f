"""What simulated bookmakers ask: the truth seen through noise, longshots overpriced, a margin on top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matches.simulation.league import SimulatedSeason
from matches.simulation.rules import LeagueRules
from matches.simulation.scores import Floats

BOOKS = {"SIMA": 0.03, "SIMB": 0.05, "SIMC": 0.065}
"""Invented bookmakers and their margins; AVG and MAX are made of them."""

MARKET_NOISE = {"open": 0.11, "close": 0.05}
"""Standard deviation of the whole market's error in log probability; prices learn until kick-off."""

BOOK_NOISE = 0.02
LONGSHOT_POWER = 0.97
"""Below 1, bookmakers make favourites too long and longshots too short, as real ones do."""

CHEAPEST, DEAREST = 1.02, 200.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Prices:
    """Decimal prices by (phase, bookmaker): `result` (n, 3) of home, draw, away; `totals` (n, 2) of over, under 2.5."""

    result: dict[tuple[str, str], Floats]
    totals: dict[tuple[str, str], Floats]


def prices(rules: LeagueRules, season: SimulatedSeason) -> Prices:
    """Opening and closing prices of a season's matches, from a generator apart from that of its scores."""
    rng = np.random.default_rng([rules.seed, rules.number, season.year, 1])
    totals = np.column_stack([season.over, 1 - season.over])
    return Prices(result=_market(season.probabilities, rng), totals=_market(totals, rng))


def _market(truth: Floats, rng: np.random.Generator) -> dict[tuple[str, str], Floats]:
    quoted: dict[tuple[str, str], Floats] = {}
    for phase, noise in MARKET_NOISE.items():
        view = np.log(truth) + rng.normal(0, noise, truth.shape)
        own = [_price(view + rng.normal(0, BOOK_NOISE, truth.shape), margin) for margin in BOOKS.values()]
        quoted |= {(phase, book): table for book, table in zip(BOOKS, own, strict=True)}
        quoted[phase, "AVG"] = np.mean(own, axis=0).round(2)
        quoted[phase, "MAX"] = np.max(own, axis=0)
    return quoted


def _price(log_view: Floats, margin: float) -> Floats:
    """Prices whose reciprocals sum to 1 + margin before rounding to two decimals."""
    asked = np.exp(LONGSHOT_POWER * log_view)
    asked /= asked.sum(1, keepdims=True)
    return np.asarray(np.clip(1 / (asked * (1 + margin)), CHEAPEST, DEAREST).round(2), dtype=float)

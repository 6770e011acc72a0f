"""What simulated bookmakers say of players and games: the truth seen through noise, a margin on top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matches.simulation.basketball import box_scores, minutes
from matches.simulation.basketball.people import Floats, Ints
from matches.simulation.basketball.season import SimulatedGames

STATISTICS = ("points", "rebounds", "assists", "pra")
VARIANCES = {"points": (3.2, -0.015), "rebounds": (1.29, 0.006), "assists": (1.24, 0.006), "pra": (3.2, -0.02)}
"""How a count's variance v follows from its mean m: v = a·m + b·m²."""

LEAST_MEAN = {"points": 6.0, "rebounds": 2.5, "assists": 1.8, "pra": 10.0}
"""Nobody quotes a player of whom less is expected."""

LEAST_MINUTES = 20.0
MARKET_SD, OWN_SD = 0.045, 0.03
"""Errors of all bookmakers together, and of each, in the logarithm of a mean."""

SPREAD_SD, TOTAL_SD, MARGIN_SD = 1.5, 3.5, 15.0
LEAD_KEPT = 0.7
"""What is left of the better team's lead, since leaders ease off."""

CHEAPEST, DEAREST = 1.02, 30.0


@dataclass(frozen=True, kw_only=True)
class Book:
    """An invented bookmaker: its margin, and how many hours before the tip-off it quotes.

    One that `hears` quotes after the last report of who is out; the other knows only long injuries.
    """

    name: str
    margin: float
    hours: int
    hears: bool
    statistics: tuple[str, ...] = STATISTICS
    foresees: float = 1.0
    """Factor on means for what absences not known yet will add for those who play."""


BOOKS = (
    Book(name="Mirage Sports", margin=0.065, hours=84, hears=False, statistics=("points", "pra"), foresees=1.025),
    Book(name="Chimera Bets", margin=0.045, hours=4, hears=True),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class PropQuotes:
    """q lines on players: `side` and `slot` say who (row and column of the season's arrays)."""

    statistic: str
    side: Ints
    slot: Ints
    line: Floats
    over: Floats
    under: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class GameQuotes:
    """Lines (n,) on games and prices of the home and the away side's win."""

    spread_home: Floats
    total: Floats
    home: Floats
    away: Floats


def expectations(games: SimulatedGames, there: NDArray[np.bool_]) -> dict[str, Floats]:
    """Means (2n, 13) of minutes and statistics before the games, were `there` who is there, chance left aside."""
    plan = games.plan
    time = minutes.expected(games.log_role, there)
    use = time * plan.usage
    shots = plan.shots[:, None] * use / use.sum(1, keepdims=True)
    threes, twos = shots * plan.three_share, shots * (1 - plan.three_share)
    made = threes * plan.three + twos * plan.two
    free = 2 * box_scores.TRIPS * plan.free_throw_rate * shots + box_scores.AND_ONE * twos * plan.two
    missed = (shots - made + 0.42 * free * (1 - plan.free_throw)).sum(1)
    offensive = missed * box_scores.OFFENSIVE_SHARE
    defensive = _other((missed - offensive) * box_scores.DEFENSIVE_SHARE)
    found = {
        "points": 2 * made + threes * plan.three + free * plan.free_throw,
        "rebounds": _share(offensive, plan.offensive_rebounds * time)
        + _share(defensive, plan.defensive_rebounds * time),
        "assists": _share(made.sum(1) * box_scores.ASSISTED, plan.assists * time),
    }
    return {**found, "pra": found["points"] + found["rebounds"] + found["assists"], "minutes": time}


def prop_quotes(games: SimulatedGames, book: Book, *, seed: int) -> list[PropQuotes]:
    """A bookmaker's lines on all the players it quotes, one entry a statistic."""
    there = _expected_there(games, book)
    truth = expectations(games, there)
    market = np.random.default_rng([seed, games.index, 2])
    own = np.random.default_rng([seed, games.index, 3 + BOOKS.index(book)])
    view = book.foresees * np.exp(market.normal(0, MARKET_SD, there.shape))
    quoted = there & (truth["minutes"] >= LEAST_MINUTES)
    return [
        _lines(statistic, truth[statistic] * view * np.exp(own.normal(0, OWN_SD, view.shape)), quoted, book.margin)
        for statistic in book.statistics
    ]


def game_quotes(games: SimulatedGames, book: Book, *, seed: int) -> GameQuotes:
    """A bookmaker's lines on all games of the season."""
    there = _expected_there(games, book)
    scored = expectations(games, there)["points"].sum(1).reshape(-1, 2)
    rng = np.random.default_rng([seed, games.index, 5 + BOOKS.index(book)])
    lead = LEAD_KEPT * (scored[:, 0] - scored[:, 1]) + rng.normal(0, SPREAD_SD, len(scored))
    home = _normal_cdf(lead / MARGIN_SD)
    return GameQuotes(
        spread_home=_to_half(-lead),
        total=_to_half(scored.sum(1) + rng.normal(0, TOTAL_SD, len(scored))),
        home=_price(home, book.margin),
        away=_price(1 - home, book.margin),
    )


def _expected_there(games: SimulatedGames, book: Book) -> NDArray[np.bool_]:
    """Who plays, as far as a bookmaker knows when it quotes."""
    return ~(games.absent.out if book.hears else games.absent.known)


def _lines(statistic: str, means: Floats, quoted: NDArray[np.bool_], margin: float) -> PropQuotes:
    """The half line nearest to even chances, and its prices."""
    side, slot = np.nonzero(quoted & (means >= LEAST_MEAN[statistic]))
    mean = means[side, slot]
    candidates = np.maximum(np.floor(mean)[:, None] + np.array([-1.5, -0.5, 0.5]), 0.5)
    over = _over(statistic, mean[:, None], candidates)
    best = np.abs(over - 0.5).argmin(1)[:, None]
    line, chance = (np.take_along_axis(table, best, 1)[:, 0] for table in (candidates, over))
    return PropQuotes(
        statistic=statistic,
        side=side,
        slot=slot,
        line=line,
        over=_price(chance, margin),
        under=_price(1 - chance, margin),
    )


def _over(statistic: str, mean: Floats, line: Floats) -> Floats:
    """P(count > line) of negative binomials, by the incomplete beta function (Abramowitz & Stegun, 26.5.26)."""
    from scipy.special import betainc

    linear, square = VARIANCES[statistic]
    variance = linear * mean + square * mean**2
    size = mean**2 / (variance - mean)
    return np.asarray(betainc(np.floor(line) + 1, size, 1 - mean / variance), dtype=float)


def _price(chance: Floats, margin: float) -> Floats:
    """Decimal prices whose reciprocals sum to 1 + margin before rounding to two decimals."""
    return np.asarray(np.clip(1 / (chance * (1 + margin)), CHEAPEST, DEAREST).round(2), dtype=float)


def _normal_cdf(z: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=float)


def _to_half(values: Floats) -> Floats:
    return np.asarray(np.round(values * 2) / 2, dtype=float)


def _share(total: Floats, weights: Floats) -> Floats:
    return np.asarray(total[:, None] * weights / weights.sum(1, keepdims=True), dtype=float)


def _other(values: Floats) -> Floats:
    return np.asarray(values.reshape(-1, 2)[:, ::-1].ravel(), dtype=float)

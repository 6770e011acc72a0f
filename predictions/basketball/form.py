"""A player's own form: how much he has counted, in how many minutes, lately and over time."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.asked import LEAGUE_RATES, PRIOR_MINUTES, Asked
from predictions.basketball.history import FAST, MIDDLE, SLOW, History
from predictions.basketball.sequences import Sequences, at_end, running

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WINDOW = 20
WINDOWS = (3, 5, 10, 20)

SHOOTING = {
    "field_goal_share": ("field_goals_made", "field_goals_attempted", 0.47, 60.0),
    "three_share": ("threes_made", "threes_attempted", 0.36, 100.0),
    "free_throw_share": ("free_throws_made", "free_throws_attempted", 0.78, 40.0),
}
"""Made of attempted, where a newcomer's share stands, and for how many attempts that stands."""

VOLUMES = (
    "points",
    "field_goals_attempted",
    "threes_attempted",
    "free_throws_attempted",
    "offensive_rebounds",
    "defensive_rebounds",
    "assists",
    "steals",
    "blocks",
    "turnovers",
    "fouls",
)


def form(asked: Asked, statistic: str) -> dict[str, Floats]:
    """What the statistic and the minutes have been in a player's games of earlier days."""
    return {
        **_windows(asked, statistic, prefix=""),
        **_windows(asked, "minutes", prefix="minutes_"),
        **_averages(asked, statistic),
        **_rates(asked, statistic),
        **_volumes(asked),
        **_against_this_opponent(asked, statistic),
        "games": (asked.end - asked.start).astype(float),
        "games_in_season": (asked.end - asked.season_start).astype(float),
    }


def last(asked: Asked, name: str, *, games: int = WINDOW) -> Floats:
    """(n, games) a column in the last games, the latest first; NaN where there were fewer."""
    places = asked.end[:, None] - 1 - np.arange(games)
    column = asked.history.values[name]
    if not len(column):
        return np.full(places.shape, np.nan)
    return np.asarray(np.where(places >= asked.start[:, None], column[np.maximum(places, 0)], np.nan))


def mean_of_last(asked: Asked, name: str, *, games: int) -> Floats:
    """(n,) the mean of a column over the last games; NaN without any."""
    return _mean_of_known(last(asked, name, games=games))


def _mean_of_known(games: Floats) -> Floats:
    with warnings.catch_warnings():
        # Of a player without a game the mean is NaN, which is what we mean.
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(games, axis=1), dtype=float)


def _windows(asked: Asked, name: str, *, prefix: str) -> dict[str, Floats]:
    games = last(asked, name)
    found: dict[str, Floats] = {}
    with warnings.catch_warnings():
        # Of a player without a game every figure is NaN, which is what we mean.
        warnings.simplefilter("ignore", RuntimeWarning)
        for count in WINDOWS:
            found[f"last_{count}"] = _mean_of_known(games[:, :count])
        ten = games[:, :10]
        found["spread_10"] = np.nanstd(ten, axis=1)
        found["least_10"], found["most_10"] = np.nanmin(ten, axis=1), np.nanmax(ten, axis=1)
        found["median_10"] = _median(ten)
        found["spread_20"] = np.nanstd(games, axis=1)
    found["last"] = games[:, 0]
    found["slope_10"] = _slope(ten)
    found["weighted_10"] = _weighted(ten)
    found["momentum"] = found["last_3"] - found["last_20"]
    return {f"{prefix}{key}": column for key, column in found.items()}


def _median(games: Floats) -> Floats:
    """(n,) of rows whose NaN stand at the end; NaN of rows of nothing."""
    ordered = np.sort(games, axis=1)
    count = np.isfinite(ordered).sum(1)
    rows = np.arange(len(ordered))
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, games.shape[1] - 1)
    return np.asarray((ordered[rows, low] + ordered[rows, high]) / 2, dtype=float)


def _slope(games: Floats) -> Floats:
    """(n,) least-squares slope a game, of rows with the latest game first."""
    has = np.isfinite(games)
    count = has.sum(1)
    when = np.where(has, -np.arange(games.shape[1], dtype=float), 0.0)
    what = np.where(has, games, 0.0)
    safe = np.maximum(count, 1)
    centred = np.where(has, when - (when.sum(1) / safe)[:, None], 0.0)
    spread = (centred**2).sum(1)
    return np.asarray(np.where(count > 2, (centred * what).sum(1) / np.maximum(spread, 1e-9), np.nan))


def _weighted(games: Floats) -> Floats:
    """(n,) mean weighted 10, 9, … 1 from the latest game on."""
    weights = np.where(np.isfinite(games), np.arange(games.shape[1], 0, -1.0), 0.0)
    total = weights.sum(1)
    sums = (np.where(np.isfinite(games), games, 0.0) * weights).sum(1)
    return np.asarray(np.where(total > 0, sums / np.maximum(total, 1.0), np.nan))


def _averages(asked: Asked, statistic: str) -> dict[str, Floats]:
    found = {}
    for prefix, name in (("", statistic), ("minutes_", "minutes")):
        for speed, keep in (("ema", FAST), ("middle", MIDDLE), ("slow", SLOW)):
            found[f"{prefix}{speed}"] = asked.average(name, keep=keep)
        sums = asked.history.keep(lambda name=name: running(asked.history.values[name]), "running", name)  # type: ignore[misc]  # mypy can't type a lambda's default
        found[f"{prefix}season_mean"] = _mean(sums, asked.season_start, asked.end)
        found[f"{prefix}career_mean"] = _mean(sums, asked.start, asked.end)
        before = _mean(sums, asked.start, asked.season_start)
        # Early in a season its mean is drawn to what came before, for ten games' worth.
        count = (asked.end - asked.season_start).astype(float)
        known = np.where(np.isfinite(before), before, found[f"{prefix}season_mean"])
        found[f"{prefix}season_drawn"] = np.where(
            count > 0, (np.nan_to_num(found[f"{prefix}season_mean"]) * count + known * 10) / (count + 10), known
        )
    return found


def _mean(sums: Floats, start: Ints, end: Ints) -> Floats:
    count = end - start
    return np.asarray(np.where(count > 0, (sums[end] - sums[start]) / np.maximum(count, 1), np.nan), dtype=float)


def _rates(asked: Asked, statistic: str) -> dict[str, Floats]:
    """A minute, each drawn to the slower one for its first minutes, the slowest to the league's."""
    slow = asked.rate(statistic, keep=SLOW, towards=LEAGUE_RATES[statistic])
    middle = asked.rate(statistic, keep=MIDDLE, towards=slow)
    return {
        "rate_slow": slow,
        "rate_middle": middle,
        "rate_fast": asked.rate(statistic, keep=FAST, towards=middle),
    }


def _volumes(asked: Asked) -> dict[str, Floats]:
    minutes = asked.decayed("minutes", keep=SLOW)
    found = {f"{name}_a_minute": asked.decayed(name, keep=SLOW) / np.maximum(minutes, 1.0) for name in VOLUMES}
    for share, (made, attempted, prior, weight) in SHOOTING.items():
        found[share] = (asked.decayed(made, keep=SLOW) + prior * weight) / (
            asked.decayed(attempted, keep=SLOW) + weight
        )
    return found


def _against_this_opponent(asked: Asked, statistic: str) -> dict[str, Floats]:
    """How much a minute more than usual he counted in his last three games against this opponent, drawn to nothing."""
    history = asked.history
    pairs = history.keep(lambda: _pairs(history), "against")
    start, end = pairs.before(asked.player * PAIR + asked.opponent, asked.day)
    usual = at_end(history.decayed(statistic, keep=SLOW), asked.start, asked.end) / np.maximum(
        at_end(history.decayed("minutes", keep=SLOW), asked.start, asked.end), 1.0
    )
    excess, minutes = np.zeros(len(asked)), np.zeros(len(asked))
    for back in (1, 2, 3):
        place = end - back
        has = place >= start
        if not len(pairs):
            break
        row = pairs.order[np.where(has, place, 0)]
        played = history.values["minutes"][row]
        excess += np.where(has, history.values[statistic][row] - np.nan_to_num(usual) * played, 0.0)
        minutes += np.where(has, played, 0.0)
    return {"against_opponent": excess / (minutes + PRIOR_MINUTES)}


PAIR = np.int64(1 << 31)
"""More than any opponent's number, so that player and opponent make one key."""


def _pairs(history: History) -> Sequences:
    return Sequences.of(history.player * PAIR + history.opponent, history.day, then_by=history.match)

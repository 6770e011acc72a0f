"""Statistics as columns, and the ways in which a feature is made of them: rates, shares and shrunken ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FIVE_MINUTES = 300.0
SHORTEST_STAY = 60.0
"""Seconds that somebody must have been on the pitch: rates from less would say nothing."""
THIRDS = (
    "positioning_time_defensive_third",
    "positioning_time_neutral_third",
    "positioning_time_offensive_third",
)
CAUGHT_AS_LAST = "positioning_goals_against_while_last_defender"
LAST_CAR = "positioning_time_most_back"
NOBODY_BETWEEN = 0.08
"""Share of the time; below it, being neither first nor last is a matter of rounding and of gaps: a team of two."""
NEXT_TO_NOTHING = 1e-6
Compute = Callable[["Columns"], "np.ndarray"]


class Columns:
    """Statistics of n player-matches under ballchasing's names, each an array (n,), NaN where a match has none."""

    def __init__(self, rows: Sequence[Mapping[str, float]]) -> None:
        self._rows = rows
        self._known: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        import numpy as np

        if name not in self._known:
            # None and absent are the same: not known.
            values = [row.get(name) for row in self._rows]
            found = np.array([np.nan if v is None else v for v in values], dtype=float)
            if name == CAUGHT_AS_LAST:
                # ballchasing leaves it out where it is nought; alone, one is always the last and it means nothing.
                found = np.where(np.isnan(self[LAST_CAR]), np.nan, np.nan_to_num(found))
            self._known[name] = found
        return self._known[name]

    @property
    def seconds(self) -> np.ndarray:
        """(n,) seconds the player was on the pitch: the thirds together, else the match; NaN where too short."""
        import numpy as np

        own = self.total(THIRDS)
        seconds = np.where(np.isnan(own), self["duration"], own)
        return np.where(seconds >= SHORTEST_STAY, seconds, np.nan)

    def total(self, names: Sequence[str]) -> np.ndarray:
        """(n,) the sum of statistics, NaN where any of them is missing."""
        total = self[names[0]]
        for name in names[1:]:
            total = total + self[name]
        return total


def plain(name: str) -> Compute:
    """The statistic as it is, where the player was there long enough."""

    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = columns[name] + 0 * columns.seconds
        return values

    return compute


def per_five_minutes(*names: str) -> Compute:
    """How much of it in five minutes of the player's own time."""

    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = FIVE_MINUTES * columns.total(names) / columns.seconds
        return values

    return compute


def share(*parts: str, of: Sequence[str]) -> Compute:
    """Per cent that some statistics are of others together; NaN where those are nothing."""
    return _scaled(100.0, parts, of)


def ratio(*parts: str, to: Sequence[str], times: float = 1.0) -> Compute:
    """Some statistics for one (or `times` as many) of others; NaN where those are nothing."""
    return _scaled(times, parts, to)


def shrunk(part: str, *, of: str, usual: float, weight: float) -> Compute:
    """Per cent that a count is of another, drawn towards the usual share as if `weight` more had been seen.

    Without it, one goal of one shot would be the best finishing there is. (Beta-binomial posterior mean.)
    """

    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = 100 * (columns[part] + usual * weight) / (columns[of] + weight) + 0 * columns.seconds
        return values

    return compute


def shrunk_rate(count: str, *, during: Sequence[str], usual: float, minutes: float) -> Compute:
    """How often a minute of some time, drawn towards the usual rate as if `minutes` more had been seen.

    (Gamma-Poisson posterior mean.)
    """

    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = (columns[count] + usual * minutes) / (
            columns.total(during) / 60 + minutes
        ) + 0 * columns.seconds
        return values

    return compute


def gap(name: str, other: str) -> Compute:
    """One statistic minus another."""

    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = columns[name] - columns[other] + 0 * columns.seconds
        return values

    return compute


def apart(name: str, other: str) -> Compute:
    """How far two statistics lie from each other, whichever is the greater, in per cent of both together."""

    def compute(columns: Columns) -> np.ndarray:
        both = columns.total((name, other))
        differ = abs(columns[name] - columns[other])
        values: np.ndarray = 100 * differ / _positive(both) + 0 * columns.seconds
        return values

    return compute


def shrunk_part(part: str, *, other: str, usual: float, weight: float) -> Compute:
    """Per cent that a count is of itself and another, drawn towards the usual part as if `weight` more were seen."""

    def compute(columns: Columns) -> np.ndarray:
        both = columns.total((part, other))
        values: np.ndarray = 100 * (columns[part] + usual * weight) / (both + weight) + 0 * columns.seconds
        return values

    return compute


def evenness(first: str, last: str) -> Compute:
    """How evenly time is spread over two roles and what is left between them, 0 (always one) to 1 (Shannon's entropy).

    Of two players in a team there is nobody between: then over two roles.
    """
    import numpy as np

    def compute(columns: Columns) -> np.ndarray:
        ends = np.stack([columns[first], columns[last]]) / columns.seconds
        between = 1 - ends.sum(axis=0)
        is_pair = between < NOBODY_BETWEEN
        shares = np.vstack([ends, np.where(is_pair, 0, between)])
        shares = np.clip(shares / _positive(shares.sum(axis=0)), 1e-9, 1)
        entropy: np.ndarray = -(shares * np.log(shares)).sum(axis=0) / np.log(np.where(is_pair, 2, 3))
        return entropy

    return compute


def _scaled(times: float, parts: Sequence[str], of: Sequence[str]) -> Compute:
    def compute(columns: Columns) -> np.ndarray:
        values: np.ndarray = times * columns.total(parts) / _positive(columns.total(of)) + 0 * columns.seconds
        return values

    return compute


def _positive(values: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.where(values > NEXT_TO_NOTHING, values, np.nan)

"""One probability grid of final scores, from which every football market is read.

Because 1X2, totals, both-to-score, correct score and handicaps are sums over the same cells, no two of them can
contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MAX_GOALS = 15


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """Probabilities of final scores: `probabilities[i, j]` is P(home scores i, away scores j); they sum to 1.

    >>> matrix = ScoreMatrix.from_rates(1.6, 1.1, rho=-0.05)
    >>> home, draw, away = matrix.outcome
    >>> round(home + draw + away, 9)
    1.0
    """

    probabilities: Floats

    def __post_init__(self) -> None:
        grid = np.array(self.probabilities, dtype=float)
        if grid.ndim != 2 or grid.shape[0] != grid.shape[1]:
            raise ValueError(f"A score matrix is square, this has shape {grid.shape}.")
        if not np.isfinite(grid).all() or (grid < 0).any() or not grid.sum() > 0:
            raise ValueError("A score matrix holds non-negative numbers with a positive sum.")
        grid /= grid.sum()
        grid.setflags(write=False)
        object.__setattr__(self, "probabilities", grid)

    @classmethod
    def from_rates(
        cls, home_rate: float, away_rate: float, rho: float = 0.0, max_goals: int = MAX_GOALS
    ) -> ScoreMatrix:
        """Two Poisson rates (goals a match) with the low-score correction of Dixon & Coles (1997).

        Scores run from 0 to `max_goals`, the mass beyond is spread by normalising. `rho` outside the bounds that keep
        every cell non-negative is clipped to them. Raises ValueError for rates that are negative or not finite.
        """
        log_home, log_away = poisson_log_pmf(np.array([home_rate, away_rate]), max_goals)
        # Shifting by the largest term keeps rates far beyond the grid from underflowing to an empty matrix.
        grid = np.exp(log_home - log_home.max())[:, None] * np.exp(log_away - log_away.max())[None, :]
        rho = float(bounded_rho(home_rate, away_rate, rho))
        if rho and max_goals >= 1:
            grid[:2, :2] *= low_score_factors(home_rate, away_rate, rho)
        return cls(grid)

    @property
    def outcome(self) -> tuple[float, float, float]:
        """(home win, draw, away win), summing to 1."""
        grid = self.probabilities
        draw = float(np.trace(grid))
        home = float(np.tril(grid, -1).sum())
        return home, draw, max(0.0, 1.0 - home - draw)

    @property
    def both_to_score(self) -> float:
        """Probability that each side scores at least once."""
        return float(self.probabilities[1:, 1:].sum())

    @property
    def expected_goals(self) -> tuple[float, float]:
        """Means of the grid's home and away goals."""
        goals = np.arange(len(self.probabilities))
        return float(self.probabilities.sum(1) @ goals), float(self.probabilities.sum(0) @ goals)

    def total_over(self, line: float) -> tuple[float, float, float]:
        """(over, under, push) of the total goals at a line; push is possible on whole lines.

        A quarter line (2.25, 2.75) splits the stake over its two neighbours, so each figure is the mean of theirs:
        the expected share of the stake that wins, loses and is returned.
        """
        total = np.add.outer(np.arange(len(self.probabilities)), np.arange(len(self.probabilities)))
        return self._against(total, line)

    def handicap(self, line: float) -> tuple[float, float, float]:
        """(home, away, push) with `line` goals given to the home side, e.g. -0.5; quarter lines as in `total_over`."""
        margin = np.subtract.outer(np.arange(len(self.probabilities)), np.arange(len(self.probabilities)))
        return self._against(margin, -line)

    def correct_scores(self, n: int = 10) -> list[tuple[int, int, float]]:
        """The `n` likeliest scores as (home goals, away goals, probability), likeliest first."""
        size = len(self.probabilities)
        order = np.argsort(-self.probabilities, axis=None, kind="stable")[:n]
        return [(int(i // size), int(i % size), float(self.probabilities.flat[i])) for i in order]

    def reweighted(self, p_outcome: Sequence[float]) -> ScoreMatrix:
        """The matrix nearest to this one in Kullback-Leibler divergence that has these 1X2 probabilities.

        It is the I-projection on three region sums, which scales each region by one factor (Csiszár 1975,
        "I-divergence geometry of probability distributions and minimization problems", Ann. Probab. 3). Raises
        ValueError where `p_outcome` is no distribution or asks mass of a region that has none.
        """
        target = np.asarray(p_outcome, dtype=float)
        if target.shape != (3,) or not np.isfinite(target).all() or (target < 0).any() or abs(target.sum() - 1) > 1e-6:
            raise ValueError("The outcome probabilities are three non-negative numbers that sum to 1.")
        size = len(self.probabilities)
        region = 1 - np.sign(np.subtract.outer(np.arange(size), np.arange(size)))
        mass = np.bincount(region.ravel(), weights=self.probabilities.ravel(), minlength=3)
        if ((mass <= 0) & (target > 0)).any():
            raise ValueError("The score matrix gives no mass at all to an outcome that should have some.")
        factors = np.divide(target, mass, out=np.zeros(3), where=mass > 0)
        return ScoreMatrix(self.probabilities * factors[region])

    def _against(self, value: NDArray[np.int_], line: float) -> tuple[float, float, float]:
        if not np.isfinite(line) or abs(line * 4 - round(line * 4)) > 1e-9:
            raise ValueError(f"A line is a multiple of a quarter, not {line}.")
        halves = [line] if round(line * 4) % 2 == 0 else [line - 0.25, line + 0.25]
        above = sum(float(self.probabilities[value > half].sum()) for half in halves) / len(halves)
        below = sum(float(self.probabilities[value < half].sum()) for half in halves) / len(halves)
        exactly = sum(float(self.probabilities[value == half].sum()) for half in halves) / len(halves)
        return above, below, exactly


def bounded_rho(home_rate: ArrayLike, away_rate: ArrayLike, rho: ArrayLike) -> Floats:
    """`rho` clipped to max(-1/λ, -1/μ) ≤ ρ ≤ min(1/(λμ), 1), where no cell is negative (Dixon & Coles 1997)."""
    home, away = np.asarray(home_rate, dtype=float), np.asarray(away_rate, dtype=float)
    with np.errstate(divide="ignore"):
        lowest = -1.0 / np.maximum(np.maximum(home, away), 1e-300)
        highest = np.minimum(1.0 / np.maximum(home * away, 1e-300), 1.0)
    return np.asarray(np.clip(rho, lowest, highest), dtype=float)


def low_score_factors(home_rate: float, away_rate: float, rho: float) -> Floats:
    """τ of Dixon & Coles for the scores 0-0, 0-1, 1-0, 1-1 as a (2, 2) array indexed [home, away]."""
    factors = np.array([[1 - home_rate * away_rate * rho, 1 + home_rate * rho], [1 + away_rate * rho, 1 - rho]])
    return np.asarray(np.maximum(factors, 0.0), dtype=float)


def poisson_log_pmf(rates: ArrayLike, max_goals: int = MAX_GOALS) -> Floats:
    """Log probabilities (n, max_goals + 1) of 0..max_goals goals at each rate; ValueError for an impossible rate."""
    rate = np.atleast_1d(np.asarray(rates, dtype=float))
    if not np.isfinite(rate).all() or (rate < 0).any():
        raise ValueError("Goal rates are finite and not negative.")
    if max_goals < 0:
        raise ValueError("max_goals is not negative.")
    goals = np.arange(max_goals + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, max_goals + 1)))])
    # A rate of exactly 0 would give 0 · log 0; the smallest positive float stands for it.
    log_rate = np.log(np.maximum(rate, 1e-300))
    return np.asarray(goals * log_rate[:, None] - rate[:, None] - log_factorial, dtype=float)


def outcome_probabilities(
    home_rates: ArrayLike, away_rates: ArrayLike, rho: float = 0.0, max_goals: int = MAX_GOALS
) -> Floats:
    """(n, 3) probabilities of home win, draw, away win: `ScoreMatrix.from_rates(...).outcome` for many matches."""
    home, away = np.atleast_1d(np.asarray(home_rates, float)), np.atleast_1d(np.asarray(away_rates, float))
    log_home, log_away = poisson_log_pmf(home, max_goals), poisson_log_pmf(away, max_goals)
    p = np.exp(log_home - log_home.max(1, keepdims=True))
    q = np.exp(log_away - log_away.max(1, keepdims=True))
    win = (p[:, 1:] * np.cumsum(q, 1)[:, :-1]).sum(1)
    loss = (q[:, 1:] * np.cumsum(p, 1)[:, :-1]).sum(1)
    draw = (p * q).sum(1)
    if max_goals >= 1:
        r = bounded_rho(home, away, rho)
        draw -= p[:, 0] * q[:, 0] * home * away * r + p[:, 1] * q[:, 1] * r
        win += p[:, 1] * q[:, 0] * away * r
        loss += p[:, 0] * q[:, 1] * home * r
    outcomes = np.maximum(np.column_stack([win, draw, loss]), 0.0)
    return np.asarray(outcomes / outcomes.sum(1, keepdims=True), dtype=float)

"""The likelihood of Dixon & Coles with its derivatives, and the Newton search that minimises it.

log λ = level + home + attack_home - defence_away, log μ = level + attack_away - defence_home, and the scores 0-0, 0-1,
1-0, 1-1 are corrected by τ(λ, μ, ρ). Matches of the same ordered pair of teams share λ and μ, so they are summed into
one row of weighted counts beforehand: the cost of a step depends on the number of pairs, not of matches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands in the vector θ: attacks, defences, levels, homes, rho, then four means."""

    teams: int
    competitions: int

    @property
    def level(self) -> int:
        return 2 * self.teams

    @property
    def home(self) -> int:
        return 2 * self.teams + self.competitions

    @property
    def rho(self) -> int:
        return 2 * (self.teams + self.competitions)

    @property
    def level_mean(self) -> int:
        return self.rho + 1

    @property
    def home_mean(self) -> int:
        return self.rho + 2

    @property
    def newcomer(self) -> int:
        """The newcomers' mean attack; their mean defence follows it."""
        return self.rho + 3

    @property
    def size(self) -> int:
        return self.rho + 5


@dataclass(frozen=True)
class PairCounts:
    """Weighted sums over the matches of each ordered pair of teams.

    weight, goals_home, goals_away: (pairs,). low: (4, pairs) weight of the scores 0-0, 0-1, 1-0, 1-1.
    """

    home: Ints
    away: Ints
    competition: Ints
    weight: Floats
    goals_home: Floats
    goals_away: Floats
    low: Floats


def count_pairs(home: Ints, away: Ints, competition: Ints, goals: Floats, weight: Floats, teams: int) -> PairCounts:
    """Sum matches (n,) of team indices, competition indices, goals (n, 2) and weights into ordered pairs."""
    key, first, pair = np.unique(home * teams + away, return_index=True, return_inverse=True)

    def total(values: Floats) -> Floats:
        return np.bincount(pair, weights=values, minlength=len(key)).astype(float)

    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    return PairCounts(
        home=key // teams,
        away=key % teams,
        competition=competition[first],
        weight=total(weight),
        goals_home=total(weight * goals[:, 0]),
        goals_away=total(weight * goals[:, 1]),
        low=np.array([total(weight * ((goals[:, 0] == i) & (goals[:, 1] == j))) for i, j in cells]),
    )


class PenalisedLikelihood:
    """-log likelihood(θ) + ½ θᵀPθ - qᵀθ, its gradient and Hessian; `corrected` includes τ."""

    def __init__(
        self, counts: PairCounts, layout: Layout, precision: Floats, shift: Floats, *, corrected: bool
    ) -> None:
        self.counts, self.layout, self.corrected = counts, layout, corrected
        self.precision, self.shift = precision, shift
        level, teams = layout.level + counts.competition, layout.teams
        home_terms = [counts.home, teams + counts.away, level, layout.home + counts.competition]
        away_terms = [counts.away, teams + counts.home, level]
        self._terms = np.array(home_terms + away_terms)
        self._signs = np.array([1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0])
        self._side = np.array([0, 0, 0, 0, 1, 1, 1])
        # The Hessian is symmetric: one half is summed, with half of its diagonal, and its transpose added.
        i, j = np.triu_indices(len(self._terms))
        self._cells = (self._terms[i] * layout.size + self._terms[j]).ravel()
        self._curve = self._side[i] + self._side[j]
        self._share = self._signs[i] * self._signs[j] * np.where(i == j, 0.5, 1.0)

    def rates(self, theta: Floats) -> tuple[Floats, Floats]:
        """λ and μ of each pair."""
        home, away = self._log_rates(theta)
        with np.errstate(over="ignore"):
            return np.exp(home), np.exp(away)

    def value(self, theta: Floats) -> float:
        """The objective; infinite where a rate overflows or τ is not positive."""
        c = self.counts
        log_home, log_away = self._log_rates(theta)
        lam, mu = self.rates(theta)
        if not (np.isfinite(lam).all() and np.isfinite(mu).all()):
            return float("inf")
        loss = c.weight @ (lam + mu) - c.goals_home @ log_home - c.goals_away @ log_away
        if self.corrected:
            tau = _tau(lam, mu, theta[self.layout.rho])
            observed = c.low > 0
            if (tau[observed] <= 0).any():
                return float("inf")
            loss -= float(c.low[observed] @ np.log(tau[observed]))
        return float(loss + theta @ (0.5 * (self.precision @ theta) - self.shift))

    def derivatives(self, theta: Floats) -> tuple[Floats, Floats]:
        """Gradient (size,) and Hessian (size, size)."""
        c, size, rho = self.counts, self.layout.size, self.layout.rho
        lam, mu = self.rates(theta)
        slopes = np.array([c.weight * lam - c.goals_home, c.weight * mu - c.goals_away])
        curves = np.array([c.weight * lam, np.zeros_like(lam), c.weight * mu])
        cross = np.zeros_like(slopes)
        gradient = self.precision @ theta - self.shift
        hessian = self.precision.copy()
        if self.corrected:
            low = _low_score_terms(c.low, lam, mu, theta[rho])
            slopes -= low.slopes
            curves -= low.curves
            cross -= low.cross
            gradient[rho] -= low.rho_slope
            hessian[rho, rho] -= low.rho_curve
        gradient += self._scatter(self._signs[:, None] * slopes[self._side])
        weights = self._share[:, None] * curves[self._curve]
        half = np.bincount(self._cells, weights=weights.ravel(), minlength=size * size).reshape(size, size)
        hessian += half + half.T
        border = self._scatter(self._signs[:, None] * cross[self._side])
        hessian[rho, :] += border
        hessian[:, rho] += border
        return gradient, hessian

    def _log_rates(self, theta: Floats) -> tuple[Floats, Floats]:
        parts = self._signs[:, None] * theta[self._terms]
        return parts[:4].sum(0), parts[4:].sum(0)

    def _scatter(self, values: Floats) -> Floats:
        return np.bincount(self._terms.ravel(), weights=values.ravel(), minlength=self.layout.size).astype(float)


@dataclass(frozen=True)
class _LowScoreTerms:
    """Derivatives of Σ w log τ by (log λ, log μ) per pair, and by ρ in total.

    slopes, cross (with ρ): (2, pairs). curves: (3, pairs), by λλ, λμ and μμ.
    """

    slopes: Floats
    curves: Floats
    cross: Floats
    rho_slope: float
    rho_curve: float


def _tau(lam: Floats, mu: Floats, rho: float) -> Floats:
    return np.array([1 - lam * mu * rho, 1 + lam * rho, 1 + mu * rho, np.full_like(lam, 1 - rho)])


def _low_score_terms(low: Floats, lam: Floats, mu: Floats, rho: float) -> _LowScoreTerms:
    tau = _tau(lam, mu, rho)
    # A score that was never seen has weight 0 and may have τ ≤ 0: keep it from dividing.
    tau = np.where(low > 0, tau, 1.0)
    by_rho = np.array([-lam * mu, lam, mu, -np.ones_like(lam)]) / tau
    share = rho * by_rho
    slope, curve = low * share, low * share * (1 - share)
    mixed = low * by_rho / tau
    return _LowScoreTerms(
        slopes=np.array([slope[0] + slope[1], slope[0] + slope[2]]),
        curves=np.array([curve[0] + curve[1], curve[0], curve[0] + curve[2]]),
        cross=np.array([mixed[0] + mixed[1], mixed[0] + mixed[2]]),
        rho_slope=float((low * by_rho).sum()),
        rho_curve=float(-(low * by_rho**2).sum()),
    )


def minimise(
    objective: PenalisedLikelihood,
    start: Floats,
    *,
    rho_bounds: tuple[float, float],
    tolerance: float = 1e-10,
    max_iter: int = 100,
) -> tuple[Floats, int]:
    """Newton's method with backtracking; rho stays inside its bounds. Gives θ and the number of steps."""
    theta, value = _feasible(objective, start, rho_bounds)
    scale = max(1.0, float(objective.counts.weight.sum()))
    for step_number in range(max_iter):
        gradient, hessian = objective.derivatives(theta)
        step = _newton_step(gradient, hessian, fixed=_fixed(objective, theta, gradient, rho_bounds))
        decrement = -float(gradient @ step)
        if decrement <= tolerance * scale:
            return _polish(objective, theta, step, value, rho_bounds), step_number + 1
        theta, new_value = _backtrack(objective, theta, step, value, rho_bounds)
        if new_value >= value:
            return theta, step_number + 1
        value = new_value
    return theta, max_iter


def _feasible(objective: PenalisedLikelihood, start: Floats, rho_bounds: tuple[float, float]) -> tuple[Floats, float]:
    """The start, moved to where the likelihood is positive, and its value: another season's rho may forbid a score."""
    theta = _moved(objective, start, np.zeros_like(start), rho_bounds)
    if not np.isfinite(value := objective.value(theta)):
        theta[objective.layout.rho] = np.clip(0.0, *rho_bounds)
        value = objective.value(theta)
    return theta, value


def _fixed(
    objective: PenalisedLikelihood, theta: Floats, gradient: Floats, rho_bounds: tuple[float, float]
) -> int | None:
    """The index of rho where it may not move: without correction, or at a bound that it is pushed against."""
    rho = objective.layout.rho
    low, high = rho_bounds
    stuck = (theta[rho] <= low and gradient[rho] > 0) or (theta[rho] >= high and gradient[rho] < 0)
    return rho if not objective.corrected or stuck else None


def _newton_step(gradient: Floats, hessian: Floats, *, fixed: int | None) -> Floats:
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    right = -gradient
    if fixed is not None:
        right[fixed] = 0.0
        hessian[fixed, :] = hessian[:, fixed] = 0.0
        hessian[fixed, fixed] = 1.0
    damping = 0.0
    while True:
        try:
            factor: Any = cho_factor(hessian + damping * np.eye(len(right)) if damping else hessian, check_finite=False)
        except LinAlgError:
            damping = max(10 * damping, 1e-6 * float(np.abs(np.diag(hessian)).max()))
            continue
        return np.asarray(cho_solve(factor, right, check_finite=False), dtype=float)


def _moved(objective: PenalisedLikelihood, theta: Floats, step: Floats, rho_bounds: tuple[float, float]) -> Floats:
    moved = theta + step
    moved[objective.layout.rho] = np.clip(moved[objective.layout.rho], *rho_bounds)
    return np.asarray(moved, dtype=float)


def _backtrack(
    objective: PenalisedLikelihood, theta: Floats, step: Floats, value: float, rho_bounds: tuple[float, float]
) -> tuple[Floats, float]:
    """Halve the step until the objective falls; gives θ unmoved where it never does."""
    for halving in range(40):
        candidate = _moved(objective, theta, step * 0.5**halving, rho_bounds)
        candidate_value = objective.value(candidate)
        if candidate_value < value:
            return candidate, candidate_value
    return theta, value


def _polish(
    objective: PenalisedLikelihood, theta: Floats, step: Floats, value: float, rho_bounds: tuple[float, float]
) -> Floats:
    """The last, tiny step: already solved for, so worth taking unless rounding makes it a step uphill."""
    candidate = _moved(objective, theta, step, rho_bounds)
    return candidate if objective.value(candidate) <= value + 1e-9 * abs(value) else theta

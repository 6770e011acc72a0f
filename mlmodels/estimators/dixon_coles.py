"""Dixon & Coles (1997), "Modelling association football scores and inefficiencies in the football betting market".

Goals are Poisson with rates from attack and defence strengths, a goal level and a home advantage per competition, a
correction of low scores, and older matches weighing less. Added here: a Gaussian prior that shrinks teams with few
matches, and a prior of their own for newcomers, learned from how newcomers have fared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from mlmodels.estimators.attribution import Attribution, log_probabilities, shapley
from mlmodels.estimators.dixon_coles_likelihood import (
    Floats,
    Layout,
    PenalisedLikelihood,
    count_pairs,
    minimise,
)
from mlmodels.estimators.dixon_coles_prior import Encoding, encode, freshness, gaussian_prior, no_prior
from mlmodels.estimators.likeliest import LearnsFromGoals
from mlmodels.estimators.match_rows import (
    MatchRows,
    check_columns,
    read_goals,
    read_matches,
    read_weights,
    remember_columns,
)
from mlmodels.estimators.score_matrix import ScoreMatrix, outcome_probabilities

NEGLIGIBLE = 1e-3
"""Matches whose time weight is below this are left out: ten half-lives, too old to move a digit that shows."""

FURTHEST_START = 3.0
"""No search begins at a strength further from 0: e³ is twenty times the goals of an average team."""


STRENGTHS = ("home_attack", "home_defence", "away_attack", "away_defence")
"""What a forecast is explained by."""


@dataclass(frozen=True)
class Strength:
    """A team in a competition, on the log scale of goals; higher is better for both. `weight`: matches it rests on."""

    attack: float
    defence: float
    weight: float


class DixonColes(LearnsFromGoals, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Football scores from time-decayed team strengths.

    X: columns home, away, competition, date (a DataFrame, or an array by position); y: goals (n, 2). Teams are known
    within their competition. Class order of probabilities: home, draw, away.

    half_life_days: age at which a match counts half; None weighs all alike. prior_sd: standard deviation of attack and
    defence around their prior mean; None turns every prior off (maximum likelihood). prior_correlation: how far a good
    attack speaks for a good defence. newcomer_mean, newcomer_sd: what newcomers' mean strength is shrunk to, and how
    tightly; newcomer_half_life_days: how fast a newcomer's prior mean moves to that of everyone. low_score_correction:
    off lets goals be fractions. rho_bounds: limits of rho. prior_matches: a team with fewer (time-weighted) matches
    rests on the prior. warm_start: begin at the last fit.

    Learned: `strengths_` (competition → team → Strength), `attack_` and `defence_` (competition → team → number),
    `level_` and `home_advantage_` (competition → number), `rho_`, `newcomer_` (attack, defence), `n_iter_`.
    """

    def __init__(
        self,
        *,
        half_life_days: float | None = 330.0,
        prior_sd: float | None = 0.32,
        prior_correlation: float = 0.85,
        newcomer_mean: tuple[float, float] = (-0.15, -0.15),
        newcomer_sd: float = 0.05,
        newcomer_half_life_days: float = 730.0,
        low_score_correction: bool = True,
        rho_bounds: tuple[float, float] = (-0.3, 0.3),
        prior_matches: float = 4.0,
        max_goals: int = 15,
        warm_start: bool = False,
    ) -> None:
        self.half_life_days = half_life_days
        self.prior_sd = prior_sd
        self.prior_correlation = prior_correlation
        self.newcomer_mean = newcomer_mean
        self.newcomer_sd = newcomer_sd
        self.newcomer_half_life_days = newcomer_half_life_days
        self.low_score_correction = low_score_correction
        self.rho_bounds = rho_bounds
        self.prior_matches = prior_matches
        self.max_goals = max_goals
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, start: DixonColes | None = None) -> Self:
        """Learn strengths from matches X and goals y (n, 2); `start` is a fitted model to begin the search at.

        Raises ValueError for no rows, missing or negative goals, fractional goals under the low-score correction, or
        weights that are all zero.
        """
        self._check_parameters()
        rows = read_matches(X)
        goals = read_goals(y, len(rows))
        if self.low_score_correction and (goals != np.floor(goals)).any():
            raise ValueError("The low-score correction needs whole goals: turn it off for fractional ones.")
        weight = read_weights(sample_weight, len(rows)) * self._decay(rows.day)
        kept = weight > 0
        if not kept.any():
            raise ValueError("There is no match to learn from: no rows, or all weights are zero.")
        rows, goals, weight = rows.where(kept), goals[kept], weight[kept]
        encoding = encode(rows)
        layout = Layout(len(encoding.teams), len(encoding.competitions))
        counts = count_pairs(encoding.home, encoding.away, encoding.competition, goals, weight, layout.teams)
        objective = PenalisedLikelihood(
            counts, layout, *self._prior(encoding, layout, rows.day), corrected=self.low_score_correction
        )
        origin = start or (self if self.warm_start and hasattr(self, "strengths_") else None)
        theta, self.n_iter_ = minimise(
            objective, _start(encoding, layout, goals, weight, origin), rho_bounds=self.rho_bounds
        )
        self.loss_ = objective.value(theta)
        remember_columns(self, X)
        self._learn(theta, encoding, layout, weight)
        return self

    def rates(self, X: Any) -> Floats:
        """Expected goals (n, 2) of home and away side; a team never seen has a newcomer's strength."""
        return self._rates_of(self._read_fitted(X))

    def _rates_of(self, rows: MatchRows) -> Floats:
        log_rates = [
            self._log_rates(home, away, competition)
            for home, away, competition in zip(rows.home, rows.away, rows.competition, strict=True)
        ]
        return np.asarray(np.exp(np.array(log_rates, dtype=float).reshape(len(rows), 2)), dtype=float)

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 3) of home win, draw, away win."""
        rates = self.rates(X)
        return outcome_probabilities(rates[:, 0], rates[:, 1], self.rho_, self.max_goals)

    def contributions(self, X: Any) -> Attribution:
        """What each side's attack and defence do to the outcome: exact Shapley values.

        The baseline is a match of two teams of average strength, home advantage included.
        """
        rows = self._read_fitted(X)
        triples = list(zip(rows.home, rows.away, rows.competition, strict=True))
        strengths = np.array(
            [
                (hosts.attack, hosts.defence, guests.attack, guests.defence)
                for home, away, code in triples
                for hosts, guests in [(self.strength(code, home), self.strength(code, away))]
            ]
        ).reshape(len(triples), 4)
        even = np.log(self._rates_of(rows)) - _log_rates_by_strength(strengths)

        def scores_with(known: NDArray[np.bool_]) -> Floats:
            rates = np.exp(even + _log_rates_by_strength(strengths * known[:, None, :])).reshape(-1, 2)
            p = outcome_probabilities(rates[:, 0], rates[:, 1], self.rho_, self.max_goals)
            return log_probabilities(p).reshape(len(known), len(triples), 3)

        return shapley(STRENGTHS, scores_with)

    def score_matrices(self, X: Any) -> list[ScoreMatrix]:
        """One matrix of final scores a row."""
        return [ScoreMatrix.from_rates(lam, mu, self.rho_, self.max_goals) for lam, mu in self.rates(X).tolist()]

    def prior_rows(self, X: Any) -> np.ndarray:
        """(n,) True where a team is unseen or has too few matches, so that the row rests on the prior."""
        rows = self._read_fitted(X)
        return np.array(
            [
                min(self.strength(competition, home).weight, self.strength(competition, away).weight)
                < self.prior_matches
                for home, away, competition in zip(rows.home, rows.away, rows.competition, strict=True)
            ],
            dtype=bool,
        )

    def strength(self, competition: str, team: str) -> Strength:
        """A team's strength: learned, or the newcomers' prior; the average in a competition never seen."""
        teams = self.strengths_.get(competition)
        if teams is None:
            return Strength(0.0, 0.0, 0.0)
        return teams.get(team) or Strength(*self.newcomer_, 0.0)

    @property
    def attack_(self) -> dict[str, dict[str, float]]:
        return {code: {name: s.attack for name, s in teams.items()} for code, teams in self.strengths_.items()}

    @property
    def defence_(self) -> dict[str, dict[str, float]]:
        return {code: {name: s.defence for name, s in teams.items()} for code, teams in self.strengths_.items()}

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON."""
        check_is_fitted(self, "rho_")
        return {
            "type": "dixon-coles",
            "parameters": {
                **self.get_params(),
                "newcomer_mean": list(self.newcomer_mean),
                "rho_bounds": list(self.rho_bounds),
            },
            "rho": self.rho_,
            "level_mean": self.level_mean_,
            "home_mean": self.home_mean_,
            "newcomer": list(self.newcomer_),
            "competitions": {
                code: {
                    "level": self.level_[code],
                    "home_advantage": self.home_advantage_[code],
                    "teams": {name: [s.attack, s.defence, s.weight] for name, s in sorted(teams.items())},
                }
                for code, teams in sorted(self.strengths_.items())
            },
        }

    @classmethod
    def from_weights(cls, weights: dict[str, Any]) -> Self:
        """The model that `to_weights` described; ValueError where it describes another."""
        if weights.get("type") != "dixon-coles":
            raise ValueError(f"These are not weights of Dixon-Coles but of {weights.get('type')!r}.")
        parameters = dict(weights["parameters"])
        for pair in ("newcomer_mean", "rho_bounds"):
            parameters[pair] = tuple(parameters[pair])
        model = cls(**parameters)
        model.rho_ = weights["rho"]
        model.level_mean_, model.home_mean_ = weights["level_mean"], weights["home_mean"]
        model.newcomer_ = (weights["newcomer"][0], weights["newcomer"][1])
        competitions = weights["competitions"]
        model.level_ = {code: c["level"] for code, c in competitions.items()}
        model.home_advantage_ = {code: c["home_advantage"] for code, c in competitions.items()}
        model.strengths_ = {
            code: {name: Strength(*numbers) for name, numbers in c["teams"].items()} for code, c in competitions.items()
        }
        model.n_features_in_ = 4
        return model

    def _check_parameters(self) -> None:
        if self.half_life_days is not None and not self.half_life_days > 0:
            raise ValueError("half_life_days is positive, or None for no decay.")
        if self.prior_sd is not None and not self.prior_sd > 0:
            raise ValueError("prior_sd is positive, or None for no prior.")
        if not -1 < self.prior_correlation < 1:
            raise ValueError("prior_correlation is between -1 and 1.")
        if not (self.newcomer_sd > 0 and self.newcomer_half_life_days > 0):
            raise ValueError("newcomer_sd and newcomer_half_life_days are positive.")
        low, high = self.rho_bounds
        if not -1 <= low <= high <= 1:
            raise ValueError("rho_bounds are two numbers from -1 to 1, the lower first.")
        if self.max_goals < 1:
            raise ValueError("max_goals is at least 1.")

    def _read_fitted(self, X: Any) -> MatchRows:
        check_is_fitted(self, "rho_")
        check_columns(self, X)
        return read_matches(X)

    def _decay(self, day: Floats) -> Floats:
        if self.half_life_days is None or not len(day):
            return np.ones(len(day))
        weight = 0.5 ** ((day.max() - day) / self.half_life_days)
        return np.asarray(np.where(weight >= NEGLIGIBLE, weight, 0.0), dtype=float)

    def _prior(self, encoding: Encoding, layout: Layout, day: Floats) -> tuple[Floats, Floats]:
        if self.prior_sd is None:
            return no_prior(encoding, layout)
        fresh = freshness(encoding, day, self.newcomer_half_life_days)
        correlation = np.array([[1.0, self.prior_correlation], [self.prior_correlation, 1.0]])
        block = np.asarray(np.linalg.inv(correlation) / self.prior_sd**2, dtype=float)
        return gaussian_prior(layout, fresh, block, np.asarray(self.newcomer_mean, dtype=float), self.newcomer_sd)

    def _learn(self, theta: Floats, encoding: Encoding, layout: Layout, weight: Floats) -> None:
        teams = layout.teams
        played = np.bincount(encoding.home, weight, teams) + np.bincount(encoding.away, weight, teams)
        self.strengths_: dict[str, dict[str, Strength]] = {code: {} for code in encoding.competitions}
        for i, (code, team) in enumerate(encoding.teams):
            self.strengths_[code][team] = Strength(float(theta[i]), float(theta[teams + i]), float(played[i]))
        codes = encoding.competitions
        self.level_ = dict(zip(codes, theta[layout.level : layout.home].tolist(), strict=True))
        self.home_advantage_ = dict(zip(codes, theta[layout.home : layout.rho].tolist(), strict=True))
        self.rho_ = float(theta[layout.rho])
        if self.prior_sd is None:
            self.level_mean_ = float(np.mean(list(self.level_.values())))
            self.home_mean_ = float(np.mean(list(self.home_advantage_.values())))
            self.newcomer_ = (float(self.newcomer_mean[0]), float(self.newcomer_mean[1]))
        else:
            self.level_mean_, self.home_mean_ = float(theta[layout.level_mean]), float(theta[layout.home_mean])
            self.newcomer_ = (float(theta[layout.newcomer]), float(theta[layout.newcomer + 1]))

    def _log_rates(self, home: str, away: str, competition: str) -> tuple[float, float]:
        level = self.level_.get(competition, self.level_mean_)
        advantage = self.home_advantage_.get(competition, self.home_mean_)
        hosts, guests = self.strength(competition, home), self.strength(competition, away)
        return level + advantage + hosts.attack - guests.defence, level + guests.attack - hosts.defence


def _log_rates_by_strength(strengths: Floats) -> Floats:
    """(…, 2) what strengths (…, 4), in the order of `STRENGTHS`, add to the log rates of hosts and guests."""
    host_attack, host_defence, guest_attack, guest_defence = np.moveaxis(strengths, -1, 0)
    return np.stack([host_attack - guest_defence, guest_attack - host_defence], axis=-1)


def _start(encoding: Encoding, layout: Layout, goals: Floats, weight: Floats, origin: DixonColes | None) -> Floats:
    theta = np.zeros(layout.size)
    mean = (weight @ goals + 0.5) / (weight.sum() + 0.5)
    theta[layout.level : layout.home] = theta[layout.level_mean] = np.log(mean[1])
    theta[layout.home : layout.rho] = theta[layout.home_mean] = np.log(mean[0] / mean[1])
    if origin is None:
        return theta
    theta[layout.rho] = origin.rho_
    theta[layout.level_mean], theta[layout.home_mean] = origin.level_mean_, origin.home_mean_
    theta[layout.newcomer : layout.newcomer + 2] = origin.newcomer_
    for k, code in enumerate(encoding.competitions):
        theta[layout.level + k] = origin.level_.get(code, origin.level_mean_)
        theta[layout.home + k] = origin.home_advantage_.get(code, origin.home_mean_)
    for i, (code, team) in enumerate(encoding.teams):
        strength = origin.strength(code, team)
        theta[i], theta[layout.teams + i] = strength.attack, strength.defence
    # Without a prior a team that has not scored yet runs off to minus infinity: every fit that began where the last one
    # ended would send it further, until nothing is a number.
    strengths = theta[: 2 * layout.teams]
    np.clip(strengths, -FURTHEST_START, FURTHEST_START, out=strengths)
    return theta

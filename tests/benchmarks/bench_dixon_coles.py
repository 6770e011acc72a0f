"""Dixon-Coles on five pooled leagues and three seasons, beside penaltyblog's on the same matches.

penaltyblog has one home advantage and one rho for all that it is given. Ours has a home advantage and a goal level a
competition, so here all matches are put in one competition and each club is named with its league: then both have the
same parameters. Nobody plays across leagues, so a league's goal level is free in both (attack up, defence down).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson

from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.score_matrix import outcome_probabilities
from tests.benchmarks.figures import cpu_seconds, report

LEAGUES = ("E0", "D1", "F1", "I1", "SP1")
SEASONS = ("2122", "2223", "2324")

penaltyblog_models = pytest.importorskip("penaltyblog.models", reason="the peer comes with requirements/bench.txt")


@dataclass(frozen=True)
class Fit:
    """Expected goals of each match (n, 2) and rho."""

    rates: np.ndarray
    rho: float

    def log_likelihood(self, goals: np.ndarray) -> float:
        """Of goals (n, 2), written out match by match, without either library's code."""
        (lam, mu), (x, y), rho = self.rates.T, goals.T, self.rho
        tau = np.select(
            [(x == 0) & (y == 0), (x == 0) & (y == 1), (x == 1) & (y == 0), (x == 1) & (y == 1)],
            [1 - lam * mu * rho, 1 + lam * rho, 1 + mu * rho, np.full_like(lam, 1 - rho)],
            1.0,
        )
        return float((poisson.logpmf(x, lam) + poisson.logpmf(y, mu) + np.log(tau)).sum())

    def probabilities(self) -> np.ndarray:
        return outcome_probabilities(self.rates[:, 0], self.rates[:, 1], self.rho)


@pytest.fixture(scope="module")
def matches(real_football: Path) -> pd.DataFrame:
    files = [real_football / "football-data" / code / f"{code}_{season}.csv" for code in LEAGUES for season in SEASONS]
    columns = ["Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG"]
    frame = pd.concat([pd.read_csv(file, usecols=columns) for file in files], ignore_index=True).dropna()
    named = {
        "home": frame["Div"] + " " + frame["HomeTeam"],
        "away": frame["Div"] + " " + frame["AwayTeam"],
        "competition": "all",
        "date": pd.to_datetime(frame["Date"], dayfirst=True, format="mixed"),
    }
    goals = frame[["FTHG", "FTAG"]].astype(int).set_axis(["home_goals", "away_goals"], axis=1)
    return pd.concat([pd.DataFrame(named), goals], axis=1)


def ours(matches: pd.DataFrame) -> DixonColes:
    model = DixonColes(half_life_days=None, prior_sd=None)
    return model.fit(matches[["home", "away", "competition", "date"]], matches[["home_goals", "away_goals"]].to_numpy())


def theirs(matches: pd.DataFrame, **options: Any) -> Any:
    columns = [matches[name].to_numpy() for name in ("home_goals", "away_goals", "home", "away")]
    model = penaltyblog_models.DixonColesGoalModel(*columns)
    model.fit(**options)
    return model


def read_theirs(model: Any) -> Fit:
    """log λ = attack + defence of the guests + home advantage, where a good defence is negative."""
    theta, teams, home, away = model._params, model.n_teams, model.home_idx, model.away_idx
    log_rates = theta[home] + theta[teams + away] + theta[-2], theta[away] + theta[teams + home]
    return Fit(np.exp(np.column_stack(log_rates)), float(theta[-1]))


def test_it_takes_a_twentieth_of_the_peers_cpu_time(matches: pd.DataFrame) -> None:
    our_time = cpu_seconds(lambda: ours(matches), repeats=9)
    their_time = cpu_seconds(lambda: theirs(matches), repeats=5)
    report(
        "dixon-coles fit, 5 leagues x 3 seasons",
        1000 * our_time,
        "ms CPU",
        ratio=round(their_time / our_time, 1),
        peer=f"penaltyblog {1000 * their_time:.0f} ms CPU",
    )
    assert their_time >= 20 * our_time


def test_it_finds_the_peers_optimum(matches: pd.DataFrame) -> None:
    """The peer by numerical gradients: with its analytic one it stops short of its own optimum."""
    goals = matches[["home_goals", "away_goals"]].to_numpy()
    model = ours(matches)
    our_fit = Fit(model.rates(matches), model.rho_)
    their_fit, their_quick_fit = read_theirs(theirs(matches, use_gradient=False)), read_theirs(theirs(matches))
    for name, fit in (("numerical", their_fit), ("analytic", their_quick_fit)):
        gap = (our_fit.log_likelihood(goals) - fit.log_likelihood(goals)) / len(goals)
        peer = f"penaltyblog, {name} gradient"
        report("dixon-coles log likelihood above the peer's", gap, "nats a match", peer=peer)
        apart = float(np.abs(our_fit.probabilities() - fit.probabilities()).max())
        report("dixon-coles largest difference of a probability", apart, "", peer=peer)
    assert abs(our_fit.log_likelihood(goals) - their_fit.log_likelihood(goals)) / len(goals) < 1e-6
    assert np.abs(our_fit.probabilities() - their_fit.probabilities()).max() < 1e-3
    assert our_fit.log_likelihood(goals) >= their_quick_fit.log_likelihood(goals)

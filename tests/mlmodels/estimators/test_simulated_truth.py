"""Calibrated forecasts of simulated leagues, as they would have been made, against the truth behind the matches."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.calibration import best_calibration
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.evaluation.metrics import ece, rps
from mlmodels.evaluation.walk_forward import walk_forward
from tests.mlmodels.estimators.leagues import simulate

LEAGUES, SEASONS = 4, 16
KNOWN, CALIBRATING = 10, 3
"""Seasons before the first forecast, and seasons of forecasts that the calibration learns from."""


@dataclass(frozen=True)
class Forecasts:
    """Calibrated and true probabilities (n, 3) of home, draw, away, and outcomes (n,), of the last seasons."""

    calibrated: np.ndarray
    truth: np.ndarray
    outcomes: np.ndarray


@pytest.fixture(scope="module")
def forecasts() -> Forecasts:
    leagues = [simulate(seasons=SEASONS, competition=f"L{i}", seed=i) for i in range(LEAGUES)]
    x = pd.concat([league.X for league in leagues])
    order = np.argsort(x["date"].to_numpy(), kind="stable")
    x = x.iloc[order].reset_index(drop=True)
    goals = np.vstack([league.y for league in leagues])[order]
    truth = np.vstack([league.probabilities for league in leagues])[order]
    outcomes = np.concatenate([league.outcomes for league in leagues])[order]
    season = len(x) // SEASONS
    raw = walk_forward(
        lambda: DixonColes(half_life_days=None),
        x,
        goals,
        x["date"],
        start=x["date"].iloc[KNOWN * season],
        refit_every=91,
    )
    begin = len(x) - len(raw)
    learned, tested = slice(begin, begin + CALIBRATING * season), slice(begin + CALIBRATING * season, None)
    calibration = best_calibration(raw[: CALIBRATING * season], outcomes[learned])
    return Forecasts(calibration.transform(raw[CALIBRATING * season :]), truth[tested], outcomes[tested])


def distance_to_truth(p: np.ndarray, truth: np.ndarray) -> float:
    """The calibration error with the true probabilities in the place of what happened: no luck in it."""
    bins = np.minimum((p * 10).astype(int), 9).ravel()
    return float(np.abs(np.bincount(bins, (p - truth).ravel())).sum() / p.size)


def test_calibrated_probabilities_are_within_a_hundredth_of_simulated_truth(forecasts: Forecasts) -> None:
    assert ece(forecasts.calibrated, forecasts.outcomes) <= 0.01
    assert distance_to_truth(forecasts.calibrated, forecasts.truth) <= 0.01


def test_they_lose_little_to_the_truth_itself(forecasts: Forecasts) -> None:
    """And something: who does as well as the truth has seen it."""
    excess = rps(forecasts.calibrated, forecasts.outcomes) - rps(forecasts.truth, forecasts.outcomes)
    assert 0 < excess < 0.002


def test_the_measure_would_notice_forecasts_that_are_a_little_too_bold(forecasts: Forecasts) -> None:
    bolder = forecasts.calibrated**1.2
    bolder /= bolder.sum(1, keepdims=True)
    assert ece(bolder, forecasts.outcomes) > 0.01
    assert distance_to_truth(bolder, forecasts.truth) > 0.01

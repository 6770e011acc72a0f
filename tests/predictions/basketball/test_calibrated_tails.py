"""A calibration learned in the middle leaves a distribution its tails."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlmodels.estimators.over_under import OverUnderCalibration
from predictions.basketball.forecasting import distributions

COUNTS = np.arange(60)


def calibrated(knots: Any) -> np.ndarray:
    table = stats.nbinom.pmf(COUNTS, 12, 12 / (12 + 15))[None, :]
    calibration = OverUnderCalibration("beta")
    calibration.knots_ = knots
    model = SimpleNamespace(distribution=lambda X: table)
    estimator = SimpleNamespace(estimator=model, calibration=calibration)
    return np.asarray(distributions(estimator, pd.DataFrame({"line": [14.5]}))[0])


def test_beyond_what_it_saw_chances_go_to_nothing_and_to_certainty() -> None:
    pmf = calibrated((np.array([0.1, 0.9]), np.array([0.25, 0.6])))
    above = 1 - pmf.cumsum()
    assert pmf.sum() == pytest.approx(1)
    assert (pmf >= 0).all()
    assert pmf[0] < 0.01
    assert pmf[-1] < 0.01
    assert 0.25 < above[14] < 0.6, "in the middle it says what the calibration says"
    assert 5 < (pmf * COUNTS).sum() < 25


def test_one_that_moves_nothing_moves_nothing() -> None:
    pmf = calibrated((np.array([0.1, 0.9]), np.array([0.1, 0.9])))
    np.testing.assert_allclose(pmf[:50], stats.nbinom.pmf(COUNTS, 12, 12 / (12 + 15))[:50], atol=1e-5)

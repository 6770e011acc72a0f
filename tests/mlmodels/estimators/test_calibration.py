"""Calibrations help where they can, stay away where they can't, and never promise the impossible."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlmodels.estimators.calibration import (
    IdentityCalibration,
    IsotonicCalibration,
    TemperatureCalibration,
    best_calibration,
)
from mlmodels.evaluation.metrics import ece, log_loss

KINDS = [IdentityCalibration, TemperatureCalibration, IsotonicCalibration]


def forecasts(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True probabilities (n, 3) and outcomes drawn from them."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet([4, 3, 3], n)
    return p, (rng.random(n)[:, None] > p.cumsum(1)[:, :2]).sum(1)


def bolder(p: np.ndarray, power: float) -> np.ndarray:
    raised = p**power
    return np.asarray(raised / raised.sum(1, keepdims=True))


def test_temperature_finds_by_how_much_forecasts_were_too_bold() -> None:
    p, y = forecasts(20_000)
    assert TemperatureCalibration().fit(bolder(p, 2.0), y).temperature_ == pytest.approx(2.0, abs=0.1)


def test_overconfident_forecasts_are_calibrated_to_one_percent_of_the_truth() -> None:
    p, y = forecasts(20_000)
    new, later = forecasts(20_000, seed=1)
    calibration = best_calibration(bolder(p, 2.0), y)
    assert calibration.name in {"temperature", "isotonic"}
    assert ece(bolder(new, 2.0), later) > 0.05
    assert ece(calibration.transform(bolder(new, 2.0)), later) <= 0.01
    assert log_loss(calibration.transform(bolder(new, 2.0)), later) < log_loss(bolder(new, 2.0), later)


def test_a_crooked_class_is_straightened_by_isotonic_regression() -> None:
    p, y = forecasts(20_000)
    crooked = p * [1.0, 0.4, 1.0]
    crooked /= crooked.sum(1, keepdims=True)
    assert best_calibration(crooked, y).name == "isotonic"


@pytest.mark.parametrize("n", [50, 300, 2000])
def test_forecasts_that_are_right_are_left_alone(n: int) -> None:
    kept = [best_calibration(*forecasts(n, seed)).name for seed in range(8)]
    assert kept == ["none"] * 8


@pytest.mark.parametrize("kind", KINDS)
def test_they_come_back_from_their_weights(kind: Any) -> None:
    p, y = forecasts(500)
    calibration = kind().fit(p, y)
    restored = kind.from_weights(json.loads(json.dumps(calibration.to_weights())))
    assert (restored.transform(p) == calibration.transform(p)).all()


P, Y = forecasts(200)
FITTED: list[Any] = [TemperatureCalibration().fit(P, Y), IsotonicCalibration().fit(P, Y)]


@pytest.mark.parametrize("calibration", FITTED, ids=lambda c: c.name)
@given(weights=arrays(float, (4, 3), elements=st.floats(0, 1)))
def test_they_never_give_nothing_or_nan(calibration: Any, weights: np.ndarray) -> None:
    given_p = (weights + 1e-12) / (weights + 1e-12).sum(1, keepdims=True)
    p = calibration.transform(given_p)
    assert (p > 0).all()
    assert p.sum(1) == pytest.approx(np.ones(4))


def test_a_class_that_never_came_still_may() -> None:
    p, _ = forecasts(200)
    calibrated = IsotonicCalibration().fit(p, np.zeros(200, dtype=int)).transform(p)
    assert (calibrated > 0).all()


@pytest.mark.parametrize("bad", [np.nan, -0.1, np.inf])
def test_what_is_no_probability_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="not negative"):
        FITTED[0].transform([[bad, 0.5, 0.5]])

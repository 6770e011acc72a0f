"""Contributions as drivers: grouped, ordered, rounded, and what would be said without each."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.calibrated import CalibratedForecaster
from mlmodels.estimators.calibration import IdentityCalibration, TemperatureCalibration
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.explaining import drivers_of
from mlmodels.problem import Driver

RNG = np.random.default_rng(11)
X = pd.DataFrame(RNG.normal(size=(600, 4)), columns=["pace", "speed", "weight", "noise"])
Y = np.digitize(-X["pace"] - 0.5 * X["speed"] + 0.3 * X["weight"] + RNG.logistic(size=600), [-0.6, 0.6])
LABELS = ("first", "second", "third")
GROUPS = {"pace": "quickness", "speed": "quickness", "weight": "weight", "noise": "noise"}


def fitted(calibration: Any = None) -> CalibratedForecaster:
    return CalibratedForecaster(OrderedLogit().fit(X, Y), calibration or IdentityCalibration())


def told(model: Any, rows: pd.DataFrame) -> list[tuple[Driver, ...]]:
    return drivers_of(
        model, rows, labels=LABELS, group_of=GROUPS.__getitem__, words=lambda group, effect: f"{group} {effect:+.2f}"
    )


def bolder() -> TemperatureCalibration:
    calibration = TemperatureCalibration()
    calibration.temperature_ = 0.7
    return calibration


@pytest.mark.parametrize("calibration", [None, bolder()])
def test_effects_sum_to_the_log_odds_of_what_is_said(calibration: Any) -> None:
    model = fitted(calibration)
    for row, p in zip(told(model, X[:40]), model.predict_proba(X[:40]), strict=True):
        assert sum(driver.effect for driver in row) == pytest.approx(np.log(p[0] / p[2]), abs=1e-4)


def test_features_of_a_group_are_told_as_one_and_kept_apart() -> None:
    for row in told(fitted(), X[:40]):
        quickness = next(driver for driver in row if driver.group == "quickness")
        assert set(quickness.features) == {"pace", "speed"}
        assert quickness.effect == pytest.approx(sum(quickness.features.values()), abs=3e-6)


def test_the_baseline_is_first_and_the_calibration_last_and_the_strongest_between() -> None:
    for row in told(fitted(bolder()), X[:40]):
        groups = [driver.group for driver in row]
        assert (groups[0], groups[-1]) == ("baseline", "calibration")
        between = [abs(driver.effect) for driver in row[1:-1]]
        assert between == sorted(between, reverse=True)
        assert row[0].words == f"baseline {row[0].effect:+.2f}"


def test_a_calibration_that_changes_nothing_is_not_told() -> None:
    assert all(driver.group != "calibration" for row in told(fitted(), X[:40]) for driver in row)


def test_what_would_be_said_without_a_group_is_what_the_model_says_of_its_mean() -> None:
    """For one line through the inputs, near enough: Aumann and Shapley share out the bend between the groups."""
    model = fitted()
    [row] = told(model, X[3:4])
    weight = next(driver for driver in row if driver.group == "weight")
    assert sum(weight.without.values()) == pytest.approx(1, abs=1e-5)
    at_mean = X[3:4].assign(weight=model.estimator.centre_[2])
    assert list(weight.without.values()) == pytest.approx(model.predict_proba(at_mean)[0], abs=0.01)


def test_without_the_calibration_is_what_the_estimator_says() -> None:
    model = fitted(bolder())
    [row] = told(model, X[3:4])
    assert list(row[-1].without.values()) == pytest.approx(model.estimator.predict_proba(X[3:4])[0], abs=1e-6)


def test_what_adds_nothing_is_left_out() -> None:
    model = fitted()
    model.estimator.coef_[3] = 0.0
    assert all(driver.group != "noise" for row in told(model, X[:5]) for driver in row)


def test_the_same_row_is_told_the_same_to_the_last_digit_alone_and_among_others() -> None:
    model = fitted(bolder())
    assert told(model, X[:5])[3] == told(model, X[3:4])[0]


def test_of_a_model_that_cannot_tell_there_are_no_drivers() -> None:
    assert told(CalibratedForecaster(object(), IdentityCalibration()), X[:3]) == [(), (), ()]

"""Over and under are moved against each other, the push is not, and nothing beyond what was seen is promised."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.estimators.over_under import CURVES, OverUnderCalibration, over_under_calibration
from mlmodels.estimators.weights import rebuild


def forecasts(n: int, *, seed: int = 0, power: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Over, push and under whose odds of over are the true ones to a power, and outcomes of the true ones."""
    rng = np.random.default_rng(seed)
    q, push = rng.uniform(0.2, 0.8, n), np.where(rng.random(n) < 0.3, 0.1, 0.0)
    odds = (q / (1 - q)) ** power
    told = odds / (1 + odds)
    decided = np.where(rng.random(n) < q, 0, 2)
    return np.column_stack([told * (1 - push), push, (1 - told) * (1 - push)]), np.where(
        rng.random(n) < push, 1, decided
    )


def over_share(p: np.ndarray) -> np.ndarray:
    return np.asarray(p[:, 0] / (p[:, 0] + p[:, 2]))


def test_forecasts_that_are_too_bold_come_back_to_the_truth() -> None:
    p, y = forecasts(8000, power=2.0)
    new, _ = forecasts(4000, seed=1, power=2.0)
    truth, _ = forecasts(4000, seed=1)
    calibration = over_under_calibration(p, y)
    assert calibration.name == "beta"
    assert np.abs(over_share(calibration.transform(new)) - over_share(truth)).max() < 0.04


def test_a_crooked_curve_is_straightened_by_isotonic_regression() -> None:
    p, y = forecasts(20_000)
    q = over_share(p)
    stairs = np.where(q < 0.5, 0.3 + q / 100, 0.7 + q / 100)
    crooked = np.column_stack([stairs, np.zeros(len(q)), 1 - stairs])
    assert over_under_calibration(crooked, y).name == "isotonic"


@pytest.mark.parametrize("n", [50, 300, 3000])
def test_forecasts_that_are_right_are_left_alone(n: int) -> None:
    assert [over_under_calibration(*forecasts(n, seed=seed)).name for seed in range(6)] == ["none"] * 6


@pytest.mark.parametrize("name", CURVES)
def test_the_push_stays_and_over_rises_with_over(name: str) -> None:
    calibration = OverUnderCalibration(name).fit(*forecasts(2000, power=1.7))
    new, _ = forecasts(500, seed=2)
    moved = calibration.transform(new)
    assert (moved[:, 1] == new[:, 1]).all()
    assert moved.sum(1) == pytest.approx(1.0)
    assert (np.diff(over_share(moved)[np.argsort(over_share(new))]) >= -1e-9).all()


@pytest.mark.parametrize("name", CURVES)
def test_beyond_what_was_seen_it_goes_on_level(name: str) -> None:
    p, y = forecasts(2000)
    calibration = OverUnderCalibration(name).fit(p, y)
    edge = [[over_share(p).max(), 0.0, 1 - over_share(p).max()]]
    assert calibration.transform([[0.999, 0.0, 0.001]])[0] == pytest.approx(calibration.transform(edge)[0])


@pytest.mark.parametrize("name", CURVES)
def test_it_comes_back_from_its_weights_to_the_bit(name: str) -> None:
    p, y = forecasts(1000)
    calibration = OverUnderCalibration(name).fit(p, y)
    restored = rebuild(json.loads(json.dumps(calibration.to_weights(), allow_nan=False)))
    assert (restored.transform(p) == calibration.transform(p)).all()
    assert restored.name == name


@given(
    over=st.floats(0, 1),
    push=st.floats(0, 1),
)
def test_whatever_comes_in_probabilities_come_out(over: float, push: float) -> None:
    p = np.array([[over * (1 - push), push, (1 - over) * (1 - push)]])
    moved = OverUnderCalibration("beta").fit(*forecasts(300)).transform(p)
    assert moved.sum() == pytest.approx(1.0)
    assert (moved >= 0).all()


def test_of_pushes_alone_nothing_is_learned() -> None:
    with pytest.raises(ValueError, match="pushes alone"):
        OverUnderCalibration("beta").fit([[0.4, 0.2, 0.4]] * 3, [1, 1, 1])
    assert over_under_calibration([[0.4, 0.2, 0.4]] * 300, [1] * 300).name == "none"


@pytest.mark.parametrize("p", [[[0.5, 0.5]], [[np.nan, 0.5, 0.5]], [0.2, 0.3, 0.5]])
def test_other_tables_than_over_push_and_under_are_refused(p: list[object]) -> None:
    with pytest.raises(ValueError, match="Over, push and under"):
        over_under_calibration(p, [0])  # type: ignore[arg-type]  # wrong on purpose

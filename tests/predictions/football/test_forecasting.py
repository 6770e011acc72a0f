"""What the reader of a forecast must know, and what speaks for whom."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.calibrated import CalibratedForecaster
from mlmodels.estimators.calibration import IdentityCalibration
from mlmodels.estimators.dixon_coles import STRENGTHS, DixonColes
from predictions.football import forecasting

NAN = float("nan")
ROW: dict[str, Any] = {
    "home": "england-a",
    "away": "england-b",
    "home_matches": 30.0,
    "away_matches": 30.0,
    "market_open_home": 0.5,
    "market_open_draw": 0.3,
    "market_open_away": 0.2,
}
PRICES = {"market_open_home", "market_open_draw", "market_open_away"}


class Fixed:
    """A model that says the same of every row, and shows which columns it was given."""

    def __init__(self, columns: list[str], **more: Any) -> None:
        self.feature_names_in_ = np.array(columns)
        self.asked: list[str] = []
        self.__dict__.update(more)

    def predict_proba(self, frame: pd.DataFrame) -> np.ndarray:
        self.asked = list(frame.columns)
        return np.tile([0.5, 0.3, 0.2], (len(frame), 1))


def frame(**changes: Any) -> pd.DataFrame:
    differences = {"long_supremacy": 0.0, "elo_difference": 0.0}
    rates = {"long_home_rate": 1.7, "long_away_rate": 0.9}
    return pd.DataFrame([{**ROW, **differences, **rates, "competition": "E0", **changes}])


def test_nothing_is_noted_of_teams_and_prices_that_are_known() -> None:
    assert forecasting.notes(ROW, PRICES) == ()


@pytest.mark.parametrize(("matches", "prior"), [(0, True), (3, True), (4, False)])
def test_a_team_with_few_matches_rests_on_the_prior_and_is_named(matches: float, prior: bool) -> None:
    notes = forecasting.notes({**ROW, "away_matches": matches}, set())
    assert ("prior" in notes) is prior
    assert any("england-b" in note for note in notes) is prior
    assert not any("england-a" in note for note in notes)


def test_two_teams_that_nobody_knows_are_both_named() -> None:
    _, words = forecasting.notes({**ROW, "home_matches": 0.0, "away_matches": 0.0}, set())
    assert "england-a and england-b" in words


def test_missing_prices_are_noted_only_where_the_model_would_read_them() -> None:
    without = {**ROW, "market_open_draw": NAN}
    assert "no prices" in forecasting.notes(without, PRICES)
    assert forecasting.notes(without, set()) == ()


def test_a_forecast_holds_what_the_model_read_and_hides_the_price_it_did_not() -> None:
    [told] = forecasting.forecasts(Fixed(["long_supremacy", "home_matches"]), frame(meetings_goals=NAN))
    assert told.probabilities == {"home": 0.5, "draw": 0.3, "away": 0.2}
    assert told.confidence == 0.5
    assert told.distribution == {"home_rate": 1.7, "away_rate": 0.9, "rho": forecasting.RHO}
    assert not PRICES & set(told.features)
    assert not set(forecasting.FIXTURE_COLUMNS) & set(told.features)
    assert told.features["meetings_goals"] is None
    [with_market] = forecasting.forecasts(Fixed(["long_supremacy", *sorted(PRICES)]), frame())
    assert {name: with_market.features[name] for name in PRICES} == {name: ROW[name] for name in PRICES}


def test_a_model_reads_its_own_columns_in_its_own_order() -> None:
    model = Fixed(["home_matches", "elo_difference"])
    forecasting.forecasts(model, frame())
    assert model.asked == ["home_matches", "elo_difference"]


def test_a_model_inside_its_calibration_is_found() -> None:
    inside = Fixed(["home_matches"])
    assert forecasting.inner(SimpleNamespace(estimator=inside)) is inside
    assert forecasting.inner(inside) is inside


def test_a_model_with_goal_rates_of_its_own_gives_them() -> None:
    model = Fixed(["home_matches"], rates=lambda rows: np.array([[2.5, 0.5]] * len(rows)), rho_=-0.1)
    dated = frame(date=pd.Timestamp("2024-03-02"))
    assert forecasting.forecasts(model, dated)[0].distribution == {"home_rate": 2.5, "away_rate": 0.5, "rho": -0.1}


def test_drivers_of_a_model_of_strengths_sum_to_the_log_odds_of_what_is_said() -> None:
    matches = np.array([("a", "b", "E0", i) for i in range(8)] + [("b", "a", "E0", i) for i in range(8)], dtype=object)
    model = DixonColes().fit(matches, np.array([[3, 0], [2, 1]] * 4 + [[1, 1], [0, 2]] * 4))
    asked = frame(home="a", away="b", date=9)
    [told] = forecasting.forecasts(CalibratedForecaster(model, IdentityCalibration()), asked)
    log_odds = np.log(told.probabilities["home"] / told.probabilities["away"])
    assert sum(driver.effect for driver in told.drivers) == pytest.approx(log_odds, abs=1e-4)
    assert {driver.group for driver in told.drivers} == {"baseline", *STRENGTHS}
    assert ("Attack of the home side: for the home side", True) in {(d.words, d.effect > 0) for d in told.drivers}


def test_a_model_that_cannot_say_why_has_no_drivers() -> None:
    assert forecasting.forecasts(Fixed(["home_matches"]), frame())[0].drivers == ()

"""Contributions add up to what each estimator says, and speak for whom they should."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.attribution import Attribution, along_a_line, attribution_of, shapley
from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.blend import Blend
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.calibrated import CalibratedForecaster
from mlmodels.estimators.calibration import IsotonicCalibration, TemperatureCalibration
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.elo import Elo
from mlmodels.estimators.feature_selection import SelectedFeatures
from mlmodels.estimators.given import GivenProbabilities
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.pi_ratings import PiRatings
from mlmodels.estimators.weights import rebuild
from tests.mlmodels.estimators.leagues import simulate

LEAGUE = simulate(seasons=2, teams=12)
OUTCOMES = LEAGUE.outcomes
RNG = np.random.default_rng(5)
STRENGTH = np.array(
    [
        LEAGUE.attack[h] + LEAGUE.defence[h] - LEAGUE.attack[a] - LEAGUE.defence[a]
        for h, a in LEAGUE.X[["home", "away"]].values
    ]
)
NUMBERS = pd.DataFrame(
    {"strength": STRENGTH, "noise": RNG.normal(size=len(OUTCOMES)), "other": RNG.normal(size=len(OUTCOMES))}
)
HOLES = NUMBERS.mask(RNG.random(NUMBERS.shape) < 0.2)
PRICES = pd.DataFrame(LEAGUE.probabilities, columns=["p_home", "p_draw", "p_away"])
MIXED = pd.concat([HOLES, PRICES.mask(np.tile(RNG.random((len(PRICES), 1)) < 0.3, 3))], axis=1)


def boosting() -> GradientBoosting:
    return GradientBoosting(rounds=40, columns=1.0, least_weight=5.0)


def blend() -> Blend:
    return Blend(
        [("logit", OrderedLogit(missing=0.0)), ("trees", boosting()), ("market", GivenProbabilities())],
        columns={"logit": ["strength", "noise"], "trees": list(NUMBERS.columns), "market": list(PRICES.columns)},
        optional=["market"],
    )


FITTED: dict[str, tuple[Any, pd.DataFrame]] = {
    "boosting": (boosting().fit(HOLES, OUTCOMES), HOLES),
    "ordered-logit": (OrderedLogit(missing=0.0).fit(HOLES, OUTCOMES), HOLES),
    "elo": (Elo().fit(LEAGUE.X, LEAGUE.y), LEAGUE.X),
    "pi-ratings": (PiRatings().fit(LEAGUE.X, LEAGUE.y), LEAGUE.X),
    "dixon-coles": (DixonColes().fit(LEAGUE.X, LEAGUE.y), LEAGUE.X),
    "base-rate": (BaseRate().fit(LEAGUE.X[["competition"]], OUTCOMES), LEAGUE.X[["competition"]]),
    "selected": (SelectedFeatures(blend(), keep=2, selectable=NUMBERS.columns.tolist()).fit(MIXED, OUTCOMES), MIXED),
    "blend": (blend().fit(MIXED, OUTCOMES), MIXED),
}


@pytest.mark.parametrize("name", FITTED)
def test_baseline_and_contributions_sum_to_the_log_odds_of_what_is_said(name: str) -> None:
    model, X = FITTED[name]
    told = model.contributions(X)
    said = model.predict_proba(X)
    assert told.parts.shape == (len(X), len(told.names), 3)
    for one, other in ((0, 2), (0, 1)):
        begin, parts = told.log_odds(one, other)
        np.testing.assert_allclose(begin + parts.sum(1), np.log(said[:, one] / said[:, other]), atol=1e-4)
    np.testing.assert_allclose(told.probabilities, said, atol=1e-5)


@pytest.mark.parametrize("name", FITTED)
def test_a_row_is_explained_alike_alone_and_among_others_and_after_reading_from_disc(name: str) -> None:
    model, X = FITTED[name]
    among = model.contributions(X)
    alone = rebuild(model.to_weights()).contributions(X[7:8])
    assert alone.names == among.names
    np.testing.assert_allclose(alone.parts[0], among.parts[7], atol=1e-6)
    np.testing.assert_allclose(alone.baseline[0], among.baseline[7], atol=1e-6)


@pytest.mark.parametrize("calibration", [TemperatureCalibration(), IsotonicCalibration()])
def test_what_the_calibration_added_is_one_part_more(calibration: Any) -> None:
    model, X = FITTED["boosting"]
    calibrated = CalibratedForecaster(model, calibration.fit(model.predict_proba(X), OUTCOMES))
    told = calibrated.contributions(X)
    assert told.names == (*model.contributions(X).names, "calibration")
    np.testing.assert_allclose(told.probabilities, calibrated.predict_proba(X), atol=1e-5)
    assert np.abs(told.parts[:, -1]).max() > 1e-3


def test_a_pool_is_told_by_its_members_times_their_weights() -> None:
    model, X = FITTED["blend"]
    told = model.contributions(X)
    unpriced = X["p_home"].isna().to_numpy()
    assert 0 < unpriced.sum() < len(X)
    market = told.parts[:, told.names.index("given_probabilities")]
    assert not market[unpriced].any()
    by_hand = model.blend_alpha_["market"] * np.log(PRICES.to_numpy()[~unpriced] * 3)
    np.testing.assert_allclose(market[~unpriced], by_hand)
    assert not np.isnan(told.parts).any()


@pytest.mark.parametrize("name", ["boosting", "ordered-logit"])
def test_what_matters_is_told_as_what_matters(name: str) -> None:
    model, X = FITTED[name]
    _, parts = model.contributions(X).log_odds(0, 2)
    weight = dict(zip(X.columns, np.abs(parts).mean(0), strict=True))
    assert weight["strength"] > 3 * max(weight["noise"], weight["other"])
    known = X["strength"].notna().to_numpy()
    assert np.corrcoef(X["strength"][known], parts[known, 0])[0, 1] > 0.9


def test_an_average_input_is_the_baseline() -> None:
    model, _ = FITTED["ordered-logit"]
    told = model.contributions(pd.DataFrame([dict(zip(NUMBERS.columns, model.centre_, strict=True))]))
    np.testing.assert_allclose(told.parts, 0, atol=1e-12)


def test_weights_from_before_there_were_explanations_are_told_from_zero() -> None:
    model, X = FITTED["ordered-logit"]
    old = rebuild({name: value for name, value in model.to_weights().items() if name != "centre"})
    told = old.contributions(X)
    np.testing.assert_allclose(told.probabilities, model.predict_proba(X))
    np.testing.assert_allclose(told.baseline, np.log(old.predict_proba(X * 0))[:1].repeat(len(X), 0))


@pytest.mark.parametrize("name", ["elo", "pi-ratings"])
def test_of_two_ratings_each_is_told_for_its_own_side(name: str) -> None:
    model, X = FITTED[name]
    told = model.contributions(X)
    assert told.names == ("home_rating", "away_rating")
    np.testing.assert_allclose(told.baseline, told.baseline[:1].repeat(len(X), 0), atol=1e-9)
    _, parts = told.log_odds(0, 2)
    hosts = np.array([LEAGUE.attack[team] + LEAGUE.defence[team] for team in X["home"]])
    assert np.corrcoef(hosts, parts[:, 0])[0, 1] > 0.5
    assert np.corrcoef(hosts, parts[:, 1])[0, 1] < 0.2


def test_strengths_that_are_average_say_nothing_and_good_ones_speak_for_their_side() -> None:
    model, X = FITTED["dixon-coles"]
    told = model.contributions(X[:1].assign(competition="nowhere"))
    np.testing.assert_allclose(told.parts, 0, atol=1e-12)
    begin, _ = told.log_odds(0, 2)
    assert begin[0] > 0, "the hosts are ahead where both sides are alike"
    told = model.contributions(X)
    _, parts = told.log_odds(0, 2)
    home, away = X["home"].iloc[0], X["away"].iloc[0]
    code = X["competition"].iloc[0]
    hosts, guests = model.strength(code, home), model.strength(code, away)
    signs = np.sign([hosts.attack, hosts.defence, -guests.attack, -guests.defence])
    assert np.sign(parts[0]).tolist() == signs.tolist()


def test_shapley_values_of_a_game_worked_out_by_hand() -> None:
    """Left and right gloves (Shapley 1953): one left glove, two right ones, a pair is worth 1."""

    def worth(known: np.ndarray) -> np.ndarray:
        return np.asarray((known[:, 0] & (known[:, 1] | known[:, 2]))[:, None, None], dtype=float)

    found = shapley(("left", "right", "other right"), worth)
    assert found.parts[0, :, 0] == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_a_row_that_stands_where_it_began_is_told_by_the_slope_there() -> None:
    steps = np.array([[2.0, -2.0], [1.0, 0.0]])
    told = along_a_line(("up", "down"), steps, np.zeros(2), lambda at: np.column_stack([at**2 + at, 0 * at]))
    assert told.parts[0, :, 0] == pytest.approx([2.0, -2.0])
    assert told.parts[1, :, 0] == pytest.approx([2.0, 0.0])


def test_an_estimator_that_cannot_tell_is_not_asked() -> None:
    silent = CalibratedForecaster(object(), TemperatureCalibration())
    assert attribution_of(silent, NUMBERS) is None
    assert attribution_of(object(), NUMBERS) is None
    assert isinstance(attribution_of(FITTED["elo"][0], LEAGUE.X), Attribution)

"""Elo, pi-ratings, base rates and the ordered logit against values by hand and against each other."""

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from sklearn.linear_model import LogisticRegression

from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.elo import Elo, EloRatings
from mlmodels.estimators.ordered_logit import OrderedLogit, class_probabilities, log_likelihood
from mlmodels.estimators.pi_ratings import PiRatings, PiTable
from mlmodels.evaluation.metrics import log_loss
from tests.mlmodels.estimators.leagues import League, simulate


@pytest.fixture(scope="module")
def league() -> League:
    return simulate(seasons=4, teams=10)


def test_elo_moves_as_by_hand() -> None:
    elo = EloRatings(k=10, home_advantage=100, margin_exponent=1.0)
    elo.update("A", "B", 3, 1)
    expected = 1 / (1 + 10 ** (-100 / 400))
    gain = 10 * (1 + 2) * (1 - expected)
    assert elo.rating("A") == pytest.approx(1500 + gain)
    assert elo.rating("B") == pytest.approx(1500 - gain)
    assert elo.difference("A", "B") == pytest.approx(100 + 2 * gain)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_what_one_side_wins_in_elo_the_other_loses(matches: list[tuple[int, int, int, int]]) -> None:
    elo = EloRatings()
    for home, away, home_goals, away_goals in matches:
        elo.update(str(home), str(away), home_goals, away_goals)
    assert sum(rating - 1500 for rating, _ in elo.ratings.values()) == pytest.approx(0, abs=1e-6)


def test_seasons_pull_elo_to_the_middle_and_newcomers_start_below() -> None:
    elo = EloRatings(newcomer=1400, season_regression=0.5)
    elo.update("A", "B", 5, 0)
    before = elo.rating("A")
    assert elo.rating("C") == 1500
    assert elo.rating("A", next_season=True) == pytest.approx((before + 1500) / 2)
    elo.begin_season()
    assert elo.rating("A") == pytest.approx((before + 1500) / 2)
    assert elo.rating("C") == 1400
    elo.begin_season()
    assert elo.rating("A") == 1400
    assert elo.is_new("A")


def test_pi_ratings_move_as_the_paper_has_it() -> None:
    """Hosts rated 1.6 at home and .4 away beat guests rated .3 at home and -1.2 away by 4-1, λ = .1, γ = .3.

    ĝ = (10^(1.6/3) - 1) - -(10^(1.2/3) - 1) = 2.4145 + 1.5119 = 3.9264; e = |3 - 3.9264| = .9264; ψ = 3 log10 1.9264
    = .8543, against the hosts: 1.6 - .08543 at home and .4 - .3 · .08543 away; the guests gain as much.
    """
    table = PiTable(learning_rate=0.1, ground_rate=0.3)
    table.ratings = {"hosts": ((1.6, 0.4), 0), "guests": ((0.3, -1.2), 0)}
    assert table.difference("hosts", "guests") == pytest.approx(3.9264, abs=1e-4)
    table.update("hosts", "guests", 4, 1)
    assert table.rating("hosts") == pytest.approx((1.6 - 0.08543, 0.4 - 0.02563), abs=1e-5)
    assert table.rating("guests") == pytest.approx((0.3 + 0.02563, -1.2 + 0.08543), abs=1e-5)


def test_a_result_as_expected_moves_no_pi_rating() -> None:
    table = PiTable()
    table.update("A", "B", 1, 1)
    assert table.rating("A") == (0.0, 0.0)
    assert math.isclose(table.goal_difference(3.0), 9.0)
    assert math.isclose(table.goal_difference(-3.0), -9.0)


@pytest.mark.parametrize("kind", [Elo, PiRatings])
class TestRatingForecasters:
    def test_they_beat_the_base_rate_on_matches_to_come(self, kind: Any, league: League) -> None:
        known, later = slice(0, 270), slice(270, None)
        model = kind(burn_in=30).fit(league.X[known], league.y[known])
        base = BaseRate().fit(league.X[known], league.outcomes[known])
        assert log_loss(model.predict_proba(league.X[later]), league.outcomes[later]) < log_loss(
            base.predict_proba(league.X[later]), league.outcomes[later]
        )

    def test_weights_give_the_same_model_back(self, kind: Any, league: League) -> None:
        model = kind().fit(league.X, league.y)
        restored = kind.from_weights(json.loads(json.dumps(model.to_weights())))
        fixtures = pd.concat([league.X, league.X.assign(home="Never seen"), league.X.assign(competition="L9")])
        assert (restored.predict_proba(fixtures) == model.predict_proba(fixtures)).all()
        assert restored.to_weights() == model.to_weights()
        with pytest.raises(ValueError, match="'other'"):
            kind.from_weights({"type": "other"})

    def test_fixtures_after_the_summer_start_from_next_seasons_ratings(self, kind: Any, league: League) -> None:
        model = kind(season_regression=0.5).fit(league.X, league.y)
        last = league.X.iloc[-1:]
        summer = last.assign(date=last["date"] + pd.Timedelta(days=90))
        assert model.differences(last)[0] != model.differences(summer)[0]

    def test_one_match_is_enough(self, kind: Any, league: League) -> None:
        model = kind().fit(league.X[:1], league.y[:1])
        p = model.predict_proba(league.X[:2])
        assert (p > 0).all()
        assert p.sum(1) == pytest.approx([1, 1])

    def test_matches_out_of_order_are_refused(self, kind: Any, league: League) -> None:
        with pytest.raises(ValueError, match="time order"):
            kind().fit(league.X[::-1], league.y[::-1])

    def test_no_rows_are_refused(self, kind: Any, league: League) -> None:
        with pytest.raises(ValueError, match="no rows"):
            kind().fit(league.X[:0], league.y[:0])


def test_base_rates_are_frequencies_shrunk_to_the_pool() -> None:
    x = pd.DataFrame({"competition": ["A"] * 6 + ["B"] * 2})
    model = BaseRate(shrinkage=4).fit(x, [0, 0, 0, 1, 2, 2, 0, 0])
    pooled = np.array([5 + 1, 1 + 1, 2 + 1]) / 11
    assert model.predict_proba(pd.DataFrame({"competition": ["C"]}))[0] == pytest.approx(pooled)
    assert model.predict_proba(x)[0] == pytest.approx((np.array([3, 1, 2]) + 4 * pooled) / 10)
    assert (model.predict_proba(x)[-1] > 0).all()


def test_base_rates_come_back_from_their_weights() -> None:
    x = pd.DataFrame({"competition": ["A", "B", "B"]})
    model = BaseRate().fit(x, [0, 1, 2])
    restored = BaseRate.from_weights(json.loads(json.dumps(model.to_weights())))
    assert (restored.predict_proba(x) == model.predict_proba(x)).all()


@pytest.mark.parametrize("y", [[0, 3], [0, -1], [0, 0.5], [0, np.nan], [0]])
def test_base_rates_refuse_what_is_no_outcome(y: list[float]) -> None:
    with pytest.raises(ValueError, match=r"utcome"):
        BaseRate().fit(pd.DataFrame({"competition": ["A", "B"]}), y)


def ordered_data(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    x = rng.normal(2, 3, (n, 2))
    latent = x @ [0.6, -0.3] + rng.logistic(size=n)
    return x, np.digitize(latent, [-0.5, 1.0])


def test_the_ordered_logit_finds_the_maximum_of_its_likelihood() -> None:
    x, y = ordered_data()

    def loss(theta: np.ndarray) -> float:
        p = class_probabilities(x @ theta[2:], np.array([theta[0], theta[0] + np.exp(theta[1])]))
        return float(-np.log(p[np.arange(len(y)), y]).sum())

    found = minimize(loss, np.zeros(4), method="BFGS")
    model = OrderedLogit(l2=0).fit(x, y)
    assert model.coef_ == pytest.approx(found.x[2:], abs=1e-3)
    assert model.thresholds_ == pytest.approx([found.x[0], found.x[0] + np.exp(found.x[1])], abs=1e-3)


def test_with_two_classes_it_is_logistic_regression() -> None:
    x, y = ordered_data()
    y = np.minimum(y, 1)
    ours = OrderedLogit(l2=0).fit(x, y).predict_proba(x)
    theirs = LogisticRegression(C=np.inf, tol=1e-8).fit(x, y).predict_proba(x)
    assert ours == pytest.approx(theirs, abs=1e-4)


def test_its_derivatives_are_those_of_finite_differences() -> None:
    x, y = ordered_data(50)
    weight = np.linspace(0.5, 1.5, 50)
    at = np.array([-0.4, 0.9, 0.3, -0.2])

    def value(theta: np.ndarray) -> float:
        return log_likelihood(theta, x, y, weight, 3)[0]

    _, gradient, hessian = log_likelihood(at, x, y, weight, 3)
    assert gradient == pytest.approx(approx_fprime(at, value), abs=1e-3)
    steps = 1e-6 * np.eye(4)
    numeric = [
        (log_likelihood(at + s, x, y, weight, 3)[1] - log_likelihood(at - s, x, y, weight, 3)[1]) / 2e-6 for s in steps
    ]
    assert hessian == pytest.approx(np.array(numeric), rel=1e-4, abs=1e-4)


def test_a_class_that_training_lacks_stays_possible_with_smoothing() -> None:
    model = OrderedLogit(classes=(0, 1, 2), smoothing=1.0).fit([[0.0], [1.0], [2.0]], [0, 2, 2])
    p = model.predict_proba([[1.0]])
    assert p.shape == (1, 3)
    assert (p > 0).all()
    with pytest.raises(ValueError, match="lacks a class"):
        OrderedLogit(classes=(0, 1, 2)).fit([[0.0], [1.0]], [0, 2])


def test_the_ordered_logit_comes_back_from_its_weights() -> None:
    x, y = ordered_data(60)
    frame = pd.DataFrame(x, columns=["a", "b"])
    model = OrderedLogit().fit(frame, y)
    restored = OrderedLogit.from_weights(json.loads(json.dumps(model.to_weights())))
    assert (restored.predict_proba(frame) == model.predict_proba(frame)).all()
    assert (restored.predict(frame) == model.predict(frame)).all()


def test_separable_classes_leave_finite_coefficients() -> None:
    model = OrderedLogit().fit([[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1])
    assert np.isfinite(model.coef_).all()
    assert model.predict([[-3.0], [3.0]]).tolist() == [0, 1]

"""The blend of a model of counts with the market."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from mlmodels.estimators.count_boosting import CountBoosting
from mlmodels.estimators.count_distribution import pmf_table
from mlmodels.estimators.count_forecaster import CountForecaster
from mlmodels.estimators.given_mean import GivenMean
from mlmodels.estimators.market_blend import AS_MODELLED, USUAL, MarketBlend, pulled, sides, tilted
from mlmodels.estimators.weights import rebuild

NAN = float("nan")


def rows(n: int, *, seed: int = 0, priced: bool = True, noise: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Counts about a true mean; the market knows it, the model's `form` is the mean with noise."""
    random = np.random.default_rng(seed)
    mean = random.uniform(15, 40, n)
    counts = random.negative_binomial(8, 8 / (8 + mean)).astype(float)
    line = np.floor(mean + random.normal(0, 2, n)) + 0.5
    over = nbinom.sf(np.floor(line), 8, 8 / (8 + mean)) if priced else np.full(n, NAN)
    form = mean * np.exp(random.normal(0, noise, n))
    return pd.DataFrame({"form": form, "line": line, "market_over": over, "market_under": 1 - over}), counts


def blend(**parameters: Any) -> MarketBlend:
    return MarketBlend(CountForecaster(GivenMean("form")), **parameters)


def test_no_rows_answer_the_market_and_many_what_they_teach() -> None:
    random = np.random.default_rng(1)
    design = np.column_stack([random.normal(0, 0.5, (4000, 2)), np.ones(4000)])
    true = np.array([0.3, 0.9, -0.2])
    over = (random.uniform(size=4000) < 1 / (1 + np.exp(-design @ true))).astype(float)
    assert pulled(design[:0], over[:0], USUAL, 2000).tolist() == USUAL.tolist()
    free = pulled(design, over, USUAL, 0)
    assert free == pytest.approx(true, abs=0.15)
    half = pulled(design, over, USUAL, 4000)
    assert half == pytest.approx((free + USUAL) / 2, abs=0.06)


def test_a_law_leaned_over_says_the_share_asked_for_and_keeps_its_order() -> None:
    table = pmf_table(np.array([24.0, 24.0, 3.0]), np.array([8.0, 8.0, 3.0]), length=90)
    line, share = np.array([24.5, 24.0, 2.5]), np.array([0.6, 0.3, 0.55])
    found = tilted(table, line, share)
    said = sides(found, line)
    assert said[:, 0] / (said[:, 0] + said[:, 2]) == pytest.approx(share, abs=1e-9)
    assert found.sum(axis=1) == pytest.approx(np.ones(3))
    assert (found @ np.arange(90))[1] < 24 < (found @ np.arange(90))[0]


def test_a_law_with_nothing_below_its_line_stays() -> None:
    table = pmf_table(np.array([3.0]), np.array([4.0]), length=30)
    assert tilted(table, np.array([-3.0]), np.array([0.5])).tolist() == table.tolist()


def test_a_market_that_knows_all_is_answered() -> None:
    X, y = rows(6000, noise=0.4)
    later, _ = rows(500, seed=1, noise=0.4)
    model = blend(held_out=0.5).fit(X, y)
    assert model.weights_[0] == pytest.approx(1, abs=0.15)
    assert abs(model.weights_[1]) < 0.05
    said = model.predict_proba(later)
    assert np.abs(said[:, 0] - later["market_over"]).max() < 0.05
    assert said.sum(axis=1) == pytest.approx(np.ones(500))


def test_a_model_that_knows_more_than_the_market_is_heard() -> None:
    X, y = rows(6000)
    X[["market_over", "market_under"]] = 0.5
    model = blend(held_out=0.5, pull=500).fit(X, y)
    assert model.weights_[1] > 0.7


def test_where_there_is_no_market_the_model_answers() -> None:
    X, y = rows(3000, priced=False)
    model = blend().fit(X, y)
    assert (model.weights_.tolist(), model.rows_[0]) == (USUAL.tolist(), 0)
    alone = model.model_.predict_proba(X[["form", "line"]])
    assert np.abs(model.predict_proba(X) - alone).max() < 0.05
    few = blend(held_out=0.0).fit(X, y)
    assert few.alone_.tolist() == AS_MODELLED.tolist()
    assert few.predict_proba(X) == pytest.approx(alone, abs=1e-6)


def test_every_line_and_the_mean_are_read_off_one_law() -> None:
    X, y = rows(2000, noise=0.3)
    model = blend().fit(X, y)
    table = model.distribution(X[:50])
    assert model.predict_proba(X[:50]) == pytest.approx(sides(table, X["line"].to_numpy()[:50]))
    assert model.predict_mean(X[:50]) == pytest.approx(table @ np.arange(table.shape[1]))


def test_what_moved_it_adds_up_to_what_it_says() -> None:
    X, y = rows(1200, noise=0.3)
    X.loc[::3, ["market_over", "market_under"]] = NAN
    X.loc[::4, "line"] -= 0.5
    model = MarketBlend(CountForecaster(CountBoosting(rounds=30, least_weight=20)), pull=100).fit(X, y)
    told = model.contributions(X[:60])
    assert told.names[-1] == "market_over"
    halves = (X["line"][:60] % 1 == 0.5).to_numpy()
    said = model.predict_proba(X[:60])
    assert np.abs(told.probabilities[halves] - said[halves]).max() < 1e-6


def test_its_weights_are_json_and_bring_it_back() -> None:
    X, y = rows(800, noise=0.3)
    model = blend().fit(X, y)
    again = rebuild(json.loads(json.dumps(model.to_weights())))
    assert isinstance(again, MarketBlend)
    assert (again.predict_proba(X[:40]) == model.predict_proba(X[:40])).all()


def test_without_the_markets_columns_it_says_what_is_missing() -> None:
    X, y = rows(50)
    with pytest.raises(ValueError, match="needs the columns market_under"):
        blend().fit(X.drop(columns="market_under"), y)

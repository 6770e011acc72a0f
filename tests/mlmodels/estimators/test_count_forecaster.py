"""Means become distributions whose scatter was learned on rows that the means had not seen."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import make_pipeline

from mlmodels.estimators.attribution import attribution_of
from mlmodels.estimators.count_boosting import CountBoosting
from mlmodels.estimators.count_distribution import at_lines
from mlmodels.estimators.count_forecaster import CountForecaster
from mlmodels.estimators.dispersion import Dispersion, learn_dispersion, log_score
from mlmodels.estimators.given_mean import GivenMean
from mlmodels.estimators.weights import rebuild

N = 4000
TRUE_SIZE = 6.0


def counts(n: int = N, seed: int = 0, *, size: float = TRUE_SIZE) -> tuple[pd.DataFrame, np.ndarray]:
    """Counts whose mean hangs on two of three columns, and lines near it."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"form": rng.uniform(2, 20, n), "pace": rng.normal(size=n), "noise": rng.normal(size=n)})
    mean = X["form"] * np.exp(0.1 * X["pace"])
    X["known"] = mean
    X["line"] = np.floor(X["form"]) + np.where(rng.random(n) < 0.5, 0.5, 0.0)
    return X, rng.negative_binomial(size, size / (size + mean))


X, Y = counts()
NEW, LATER = counts(seed=1)


@pytest.fixture(scope="module")
def boosted() -> CountForecaster:
    return CountForecaster(CountBoosting(rounds=150, learning_rate=0.1, columns=1.0, least_weight=20.0)).fit(
        X.drop(columns="known"), Y
    )


@pytest.fixture(scope="module")
def given_one() -> CountForecaster:
    return CountForecaster(GivenMean("known"), held_out=0.5).fit(X, Y)


def test_the_size_is_found_that_the_counts_were_drawn_with(given_one: CountForecaster) -> None:
    size = given_one.dispersion_.size(np.array([5.0, 10.0, 20.0]), np.empty((3, 0)))
    assert size == pytest.approx(TRUE_SIZE, rel=0.35)


def test_the_probability_of_over_is_that_of_the_true_law(given_one: CountForecaster) -> None:
    p = given_one.predict_proba(NEW)
    truth = at_lines(NEW["known"], TRUE_SIZE, NEW["line"])
    assert np.abs(p - truth).mean() < 0.01


def test_boosting_finds_the_means(boosted: CountForecaster) -> None:
    mean = boosted.predict_mean(NEW.drop(columns="known"))
    assert np.abs(mean / NEW["known"] - 1).mean() < 0.12


def test_no_tree_asks_for_the_line(boosted: CountForecaster) -> None:
    table = NEW.drop(columns="known")
    moved = table.assign(line=0.5)
    assert (boosted.predict_mean(table) == boosted.predict_mean(moved)).all()
    assert (boosted.predict_proba(moved)[:, 0] >= boosted.predict_proba(table)[:, 0]).all()
    assert boosted.importances_[table.columns.get_loc("line")] == 0


def test_the_distribution_says_what_the_lines_say(boosted: CountForecaster) -> None:
    table = NEW.drop(columns="known")[:50]
    pmf = boosted.distribution(table)
    p = boosted.predict_proba(table)
    places = np.arange(pmf.shape[1])
    for row, line in enumerate(table["line"]):
        ours = [pmf[row, places > line].sum(), pmf[row, places == line].sum(), pmf[row, places < line].sum()]
        assert ours == pytest.approx(p[row], abs=1e-6)


def test_contributions_add_up_to_the_forecast(boosted: CountForecaster) -> None:
    table = NEW.drop(columns="known")[:50]
    told = attribution_of(boosted, table)
    assert told is not None
    assert told.probabilities == pytest.approx(boosted.predict_proba(table), abs=1e-5)
    assert told.names == ("form", "pace", "noise")
    _, parts = told.log_odds(0, 2)
    assert np.abs(parts[:, 2]).mean() < np.abs(parts[:, 0]).mean() / 5


def test_a_regressor_that_cannot_tell_has_no_contributions() -> None:
    forecaster = CountForecaster(PoissonRegressor()).fit(X, Y)
    assert attribution_of(forecaster, X[:3]) is None
    assert not hasattr(forecaster, "to_weights")


def test_any_regressor_will_do() -> None:
    forecaster = CountForecaster(make_pipeline(PoissonRegressor(alpha=0.0))).fit(X, Y)
    assert forecaster.predict_proba(NEW).sum(1) == pytest.approx(1.0)


def test_scatter_that_hangs_on_a_column_is_learned_from_it() -> None:
    rng = np.random.default_rng(3)
    wild = rng.random(N) < 0.5
    mean = np.full(N, 10.0)
    size = np.where(wild, 1.5, 30.0)
    y = rng.negative_binomial(size, size / (size + mean)).astype(float)
    plain = learn_dispersion(y, mean, np.empty((N, 0)))
    told = learn_dispersion(y, mean, wild[:, None].astype(float))
    assert log_score(told, y, mean, wild[:, None].astype(float)).mean() > (
        log_score(plain, y, mean, np.empty((N, 0))).mean() + 0.02
    )


def test_residuals_of_another_shape_are_kept_and_of_the_right_one_are_not() -> None:
    rng = np.random.default_rng(4)
    mean = np.full(N, 12.0)
    right = rng.negative_binomial(8, 8 / (8 + mean)).astype(float)
    # One game in seven ends early: no negative binomial has a hump at nought.
    other = np.where(rng.random(N) < 0.15, 0.0, right * 12 / 10.2)
    nothing = np.empty((N, 0))
    assert not learn_dispersion(right, mean, nothing).has_shape
    assert learn_dispersion(np.floor(other), mean, nothing).has_shape


def test_little_to_learn_from_leaves_the_usual_scatter() -> None:
    few = CountForecaster(GivenMean("known")).fit(X[:40], Y[:40])
    assert few.dispersion_.size(np.array([9.0]), np.empty((1, 0))) == pytest.approx(8.0)


@pytest.mark.parametrize("volatility", [(), ("noise",)])
def test_forecasters_come_back_from_their_weights_to_the_bit(volatility: tuple[str, ...]) -> None:
    forecaster = CountForecaster(CountBoosting(rounds=5), volatility=volatility).fit(X, Y)
    restored = rebuild(json.loads(json.dumps(forecaster.to_weights(), allow_nan=False)))
    assert (restored.predict_proba(NEW) == forecaster.predict_proba(NEW)).all()
    assert restored.to_weights() == forecaster.to_weights()


def test_weights_of_rows_count() -> None:
    heavy = np.where(Y > 10, 5.0, 1.0)
    weighed = CountForecaster(CountBoosting(rounds=30)).fit(X, Y, sample_weight=heavy)
    assert (
        weighed.predict_mean(NEW).mean() > CountForecaster(CountBoosting(rounds=30)).fit(X, Y).predict_mean(NEW).mean()
    )


def test_a_row_without_a_line_has_a_mean_and_no_probabilities() -> None:
    model = CountForecaster(GivenMean("known")).fit(X, Y)
    gone = NEW.assign(line=np.nan)
    with pytest.raises(ValueError, match="some rows have none"):
        model.predict_proba(gone)
    assert len(model.predict_mean(gone)) == N


def test_what_never_saw_a_line_knows_means_only() -> None:
    model = CountForecaster(GivenMean("known")).fit(X.drop(columns="line"), Y)
    assert not hasattr(model, "predict_proba")
    assert len(model.predict_mean(NEW.drop(columns="line"))) == N


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        CountForecaster(GivenMean("known")).fit(X, Y - 30)


def test_a_mean_that_is_not_known_is_that_of_what_was_learned() -> None:
    model = GivenMean("known").fit(X, Y)
    gone = NEW.assign(known=np.nan)
    assert model.predict(gone) == pytest.approx(np.full(N, Y.mean()))
    with pytest.raises(ValueError, match="no column 'gone'"):
        GivenMean("gone").fit(X, Y)


def test_a_learning_curve_falls_on_the_rows_learned(boosted: CountForecaster) -> None:
    curve: dict[str, Any] = boosted.loss_by_round(X, Y, NEW, LATER)
    assert curve["rounds"][-1] == 150
    assert curve["learned"][-1] < curve["learned"][0]


def test_a_dispersion_survives_json() -> None:
    known = learn_dispersion(Y.astype(float), X["known"].to_numpy(), X[["noise"]].to_numpy())
    restored = Dispersion.from_weights(json.loads(json.dumps(known.to_weights())))
    mean, columns = np.array([3.0, 9.0]), np.array([[0.2], [np.nan]])
    assert (restored.size(mean, columns) == known.size(mean, columns)).all()

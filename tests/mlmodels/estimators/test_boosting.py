"""Boosted trees: what they find, what they do without, and that nothing is lost in writing them down."""

import json

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.weights import rebuild
from mlmodels.evaluation.metrics import log_loss


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, np.ndarray]:
    """Three classes that hang on `signal` alone; a third of `noise` is unknown."""
    rng = np.random.default_rng(3)
    signal, noise = rng.normal(size=3000), rng.normal(size=3000)
    noise[rng.random(3000) < 1 / 3] = np.nan
    y = np.digitize(signal + rng.logistic(scale=0.5, size=3000), [-0.5, 0.5])
    return pd.DataFrame({"signal": signal, "noise": noise}), y


@pytest.fixture(scope="module")
def fitted(table: tuple[pd.DataFrame, np.ndarray]) -> GradientBoosting:
    return GradientBoosting(rounds=60, columns=1.0).fit(*table)


def test_it_finds_the_feature_that_matters(fitted: GradientBoosting) -> None:
    assert fitted.importances_.sum() == pytest.approx(1)
    assert fitted.importances_[0] > 0.9
    low, high = fitted.predict_proba(pd.DataFrame({"signal": [-2.0, 2.0], "noise": [np.nan, np.nan]}))
    assert low[0] > 0.6 > 0.1 > low[2]
    assert high[2] > 0.6 > 0.1 > high[0]


def test_the_same_seed_gives_the_same_trees(table: tuple[pd.DataFrame, np.ndarray], fitted: GradientBoosting) -> None:
    again = GradientBoosting(rounds=60, columns=1.0).fit(*table)
    np.testing.assert_array_equal(again.predict_proba(table[0]), fitted.predict_proba(table[0]))


def test_written_and_read_again_it_says_the_same(
    table: tuple[pd.DataFrame, np.ndarray], fitted: GradientBoosting
) -> None:
    again = rebuild(json.loads(json.dumps(fitted.to_weights())))
    np.testing.assert_array_equal(again.predict_proba(table[0]), fitted.predict_proba(table[0]))
    assert again.predict(table[0]).tolist() == fitted.predict(table[0]).tolist()


def test_columns_in_another_order_are_refused(table: tuple[pd.DataFrame, np.ndarray], fitted: GradientBoosting) -> None:
    with pytest.raises(ValueError, match="order"):
        fitted.predict_proba(table[0][["noise", "signal"]])


def test_the_learning_curve_falls_on_the_rows_learned_from_and_ends_where_the_trees_do(
    table: tuple[pd.DataFrame, np.ndarray],
) -> None:
    X, y = table
    model = GradientBoosting(rounds=60, columns=1.0)
    curve = model.loss_by_round(X[:2000], y[:2000], X[2000:], y[2000:])
    assert curve["rounds"][0] == 1
    assert curve["rounds"][-1] == 60
    assert curve["learned"] == sorted(curve["learned"], reverse=True)
    assert not hasattr(model, "booster_"), "it stays as it is"
    fitted = GradientBoosting(rounds=60, columns=1.0).fit(X[:2000], y[:2000])
    assert curve["later"][-1] == pytest.approx(log_loss(fitted.predict_proba(X[2000:]), y[2000:]), abs=1e-5)


def test_a_learning_curve_has_no_classes_that_were_not_learned(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    X, y = table
    with pytest.raises(ValueError, match="only among the later rows"):
        GradientBoosting(rounds=2).loss_by_round(X[y > 0], y[y > 0], X, y)

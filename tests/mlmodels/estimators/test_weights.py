"""Every trusted estimator comes back from its JSON with the same forecasts, and nothing untrusted comes at all."""

import importlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.blend import Blend
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.calibrated import CalibratedForecaster
from mlmodels.estimators.calibration import IdentityCalibration, IsotonicCalibration, TemperatureCalibration
from mlmodels.estimators.class_forest import ClassForest
from mlmodels.estimators.count_boosting import CountBoosting
from mlmodels.estimators.count_forecaster import CountForecaster
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.elo import Elo
from mlmodels.estimators.feature_selection import SelectedFeatures
from mlmodels.estimators.given import GivenProbabilities
from mlmodels.estimators.given_mean import GivenMean
from mlmodels.estimators.largest_shortfall import LargestShortfall
from mlmodels.estimators.market_blend import MarketBlend
from mlmodels.estimators.multinomial_logit import MultinomialLogit
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.over_under import OverUnderCalibration
from mlmodels.estimators.per_subject import PerSubject
from mlmodels.estimators.pi_ratings import PiRatings
from mlmodels.estimators.shifted_means import ShiftedMeans
from mlmodels.estimators.tidied import Tidied
from mlmodels.estimators.weights import TRUSTED, rebuild
from mlmodels.evaluation.metrics import log_loss
from tests.mlmodels.estimators.counted import counted
from tests.mlmodels.estimators.leagues import simulate

LEAGUE = simulate(seasons=2, teams=12)
OUTCOMES = LEAGUE.outcomes
NUMBERS = pd.DataFrame(np.random.default_rng(0).normal(size=(len(OUTCOMES), 3)), columns=["a", "b", "c"])
PRICES = pd.DataFrame(LEAGUE.probabilities, columns=["home", "draw", "away"])

Fitted = tuple[Any, pd.DataFrame]


def of_scores(estimator: Any) -> Fitted:
    return estimator.fit(LEAGUE.X, LEAGUE.y), LEAGUE.X


def of_numbers(estimator: Any, X: pd.DataFrame = NUMBERS) -> Fitted:
    return estimator.fit(X, OUTCOMES), X


def of_counts(estimator: Any) -> Fitted:
    X, y = counted(subjects=2, rows=60)
    return estimator.fit(X, y), X


def calibrated() -> Fitted:
    model, X = of_scores(Elo())
    return CalibratedForecaster(model, TemperatureCalibration().fit(model.predict_proba(X), OUTCOMES)), X


def with_a_market() -> Fitted:
    table = NUMBERS.assign(line=1.5, market_over=0.55, market_under=0.45)
    return MarketBlend(CountForecaster(GivenMean("a"))).fit(table, OUTCOMES), table


FITTED: dict[str, Callable[[], Fitted]] = {
    "base-rate": lambda: of_numbers(BaseRate(), LEAGUE.X[["competition"]]),
    "blend": lambda: of_numbers(Blend([("logit", OrderedLogit()), ("boosting", GradientBoosting(rounds=5))])),
    "boosting": lambda: of_numbers(GradientBoosting(rounds=5, least_weight=1.0)),
    "calibrated": calibrated,
    "class-forest": lambda: of_numbers(ClassForest(trees=3)),
    "dixon-coles": lambda: of_scores(DixonColes()),
    "elo": lambda: of_scores(Elo()),
    "given": lambda: of_numbers(GivenProbabilities(), PRICES),
    "largest-shortfall": lambda: of_numbers(LargestShortfall()),
    "market-blend": with_a_market,
    "multinomial-logit": lambda: of_numbers(MultinomialLogit()),
    "ordered-logit": lambda: of_numbers(OrderedLogit()),
    "per-subject": lambda: of_counts(PerSubject(trees=3, rounds=3)),
    "pi-ratings": lambda: of_scores(PiRatings()),
    "shifted-means": lambda: of_numbers(ShiftedMeans()),
    "selected-features": lambda: of_numbers(SelectedFeatures(GradientBoosting(rounds=5, least_weight=1.0), keep=2)),
    "tidied": lambda: of_numbers(Tidied(MultinomialLogit(), classes=range(5))),
}

REGRESSORS: dict[str, Callable[[], Any]] = {
    "count-boosting": lambda: CountBoosting(rounds=5).fit(NUMBERS, OUTCOMES),
    "count-forecaster": lambda: CountForecaster(GivenMean("a")).fit(NUMBERS, OUTCOMES),
    "given-mean": lambda: GivenMean("a").fit(NUMBERS, OUTCOMES),
}

CALIBRATIONS: dict[str, Any] = {
    "identity": IdentityCalibration,
    "isotonic": IsotonicCalibration,
    "over-under": partial(OverUnderCalibration, "beta"),
    "temperature": TemperatureCalibration,
}


def stored(model: Any) -> Any:
    """The weights as they are after a trip through a file."""
    return json.loads(json.dumps(model.to_weights(), allow_nan=False))


@pytest.mark.parametrize("name", TRUSTED)
def test_every_trusted_name_is_a_class_that_writes_that_name(name: str) -> None:
    module, _, attribute = TRUSTED[name].rpartition(".")
    kind = getattr(importlib.import_module(module), attribute)
    if name in CALIBRATIONS:
        model = CALIBRATIONS[name]().fit(LEAGUE.probabilities, OUTCOMES)
    elif name in REGRESSORS:
        model = REGRESSORS[name]()
    else:
        model, _ = FITTED[name]()
    assert type(model) is kind
    assert model.to_weights()["type"] == name


@pytest.mark.parametrize("name", FITTED)
def test_rebuilt_estimators_forecast_the_same_to_the_bit(name: str) -> None:
    model, X = FITTED[name]()
    restored = rebuild(stored(model))
    assert type(restored) is type(model)
    assert (restored.predict_proba(X) == model.predict_proba(X)).all()
    assert stored(restored) == stored(model)


@pytest.mark.parametrize("name", REGRESSORS)
def test_rebuilt_regressors_of_counts_say_the_same_to_the_bit(name: str) -> None:
    model = REGRESSORS[name]()
    restored = rebuild(stored(model))
    assert (restored.predict(NUMBERS) == model.predict(NUMBERS)).all()
    assert stored(restored) == stored(model)


@pytest.mark.parametrize("name", CALIBRATIONS)
def test_rebuilt_calibrations_move_forecasts_the_same_way(name: str) -> None:
    calibration = CALIBRATIONS[name]().fit(LEAGUE.probabilities, OUTCOMES)
    restored = rebuild(stored(calibration))
    assert (restored.transform(LEAGUE.probabilities) == calibration.transform(LEAGUE.probabilities)).all()


def test_a_calibrated_forecaster_calibrates_what_its_estimator_says() -> None:
    model, X = calibrated()
    raw = model.estimator.predict_proba(X)
    assert (model.predict_proba(X) == model.calibration.transform(raw)).all()
    assert log_loss(model.predict_proba(X), OUTCOMES) <= log_loss(raw, OUTCOMES)


@pytest.mark.parametrize("kind", ["os.system", "sklearn.linear_model.LogisticRegression", "", None, 3, ["elo"]])
def test_a_type_that_is_not_trusted_is_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match="not one this server trusts"):
        rebuild({"type": kind})


def test_an_untrusted_type_inside_a_calibrated_forecaster_is_refused() -> None:
    weights = stored(calibrated()[0])
    weights["estimator"]["type"] = "os.system"
    with pytest.raises(ValueError, match="trusts"):
        rebuild(weights)

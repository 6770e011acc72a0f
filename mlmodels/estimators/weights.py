"""Fitted estimators as data: `to_weights()` gives JSON with a `type`, `rebuild` gives the estimator back."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

# The only classes that weights may name. The list lives here, in the code, and never in a file that is loaded.
TRUSTED: dict[str, str] = {
    "base-rate": "mlmodels.estimators.base_rate.BaseRate",
    "blend": "mlmodels.estimators.blend.Blend",
    "boosting": "mlmodels.estimators.boosting.GradientBoosting",
    "calibrated": "mlmodels.estimators.calibrated.CalibratedForecaster",
    "class-forest": "mlmodels.estimators.class_forest.ClassForest",
    "count-boosting": "mlmodels.estimators.count_boosting.CountBoosting",
    "count-forecaster": "mlmodels.estimators.count_forecaster.CountForecaster",
    "dixon-coles": "mlmodels.estimators.dixon_coles.DixonColes",
    "elo": "mlmodels.estimators.elo.Elo",
    "given": "mlmodels.estimators.given.GivenProbabilities",
    "given-mean": "mlmodels.estimators.given_mean.GivenMean",
    "largest-shortfall": "mlmodels.estimators.largest_shortfall.LargestShortfall",
    "market-blend": "mlmodels.estimators.market_blend.MarketBlend",
    "multinomial-logit": "mlmodels.estimators.multinomial_logit.MultinomialLogit",
    "ordered-logit": "mlmodels.estimators.ordered_logit.OrderedLogit",
    "per-subject": "mlmodels.estimators.per_subject.PerSubject",
    "over-under": "mlmodels.estimators.over_under.OverUnderCalibration",
    "pi-ratings": "mlmodels.estimators.pi_ratings.PiRatings",
    "identity": "mlmodels.estimators.calibration.IdentityCalibration",
    "isotonic": "mlmodels.estimators.calibration.IsotonicCalibration",
    "selected-features": "mlmodels.estimators.feature_selection.SelectedFeatures",
    "shifted-means": "mlmodels.estimators.shifted_means.ShiftedMeans",
    "temperature": "mlmodels.estimators.calibration.TemperatureCalibration",
    "tidied": "mlmodels.estimators.tidied.Tidied",
}


def rebuild(weights: Mapping[str, Any]) -> Any:
    """The estimator that wrote these weights. Raises ValueError for a type that is not trusted."""
    kind = weights.get("type")
    if not isinstance(kind, str) or kind not in TRUSTED:
        raise ValueError(f"A model of type {kind!r} is not one this server trusts.")
    module, _, name = TRUSTED[kind].rpartition(".")
    return getattr(importlib.import_module(module), name).from_weights(weights)

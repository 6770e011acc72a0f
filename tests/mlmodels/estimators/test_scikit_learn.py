"""The estimators keep scikit-learn's contract, and say why where they can't.

Estimators of scores need names and two columns of goals, which scikit-learn's common checks don't have. So they are
checked twice: as they are, where most checks stop at their data, and behind an adapter that makes matches of numbers.
"""

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.blend import Blend
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.class_forest import ClassForest
from mlmodels.estimators.count_boosting import CountBoosting
from mlmodels.estimators.count_forecaster import CountForecaster
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.elo import Elo
from mlmodels.estimators.given_mean import GivenMean
from mlmodels.estimators.multinomial_logit import MultinomialLogit
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.pi_ratings import PiRatings
from mlmodels.estimators.shifted_means import ShiftedMeans
from mlmodels.estimators.tidied import Tidied

GOALS = "y is home and away goals (n, 2); the check has one column of numbers"
NAMES = "X is names: any value is a label, so the check's numbers are not refused"
CLASSES = "outcomes are the indices 0, 1, 2; the check has others"

HELD_OUT = "rows are in the order of time and the newest are held out; the check repeats and shuffles rows"

NEEDS_GOALS = {
    "check_dict_unchanged",
    "check_dont_overwrite_parameters",
    "check_dtype_object",
    "check_estimators_dtypes",
    "check_estimators_fit_returns_self",
    "check_estimators_nan_inf",
    "check_estimators_overwrite_params",
    "check_estimators_pickle",
    "check_f_contiguous_array_estimator",
    "check_fit2d_1sample",
    "check_fit2d_predict1d",
    "check_fit_check_is_fitted",
    "check_fit_idempotent",
    "check_fit_score_takes_y",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_n_features_in",
    "check_n_features_in_after_fitting",
    "check_pipeline_consistency",
    "check_positive_only_tag_during_fit",
    "check_readonly_memmap_input",
}
WEIGHS = {
    "check_all_zero_sample_weights_error",
    "check_sample_weight_equivalence_on_dense_data",
    "check_sample_weights_list",
    "check_sample_weights_not_an_array",
    "check_sample_weights_not_overwritten",
    "check_sample_weights_pandas_series",
    "check_sample_weights_shape",
}


def failing(estimator: Any) -> set[str]:
    """Names of the common checks that fail; a check that starts to pass must leave the lists above."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    return {result["check_name"] for result in results if result["status"] == "failed"}


def expecting(estimator: Any, reasons: dict[str, str]) -> None:
    """Run the common checks; any failure without a reason raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(estimator, expected_failed_checks=reasons, on_skip=None)


def test_the_ordered_logit_passes_every_check() -> None:
    expecting(OrderedLogit(), {})


def test_the_ordered_logit_that_takes_nan_passes_every_check() -> None:
    expecting(OrderedLogit(missing=0.0), {})


@pytest.mark.parametrize(
    "estimator",
    [MultinomialLogit(), Tidied(MultinomialLogit()), Tidied(OrderedLogit())],
    ids=["bare", "tidied", "ordered"],
)
def test_regressions_on_tidied_numbers_pass_every_check(estimator: Any) -> None:
    expecting(estimator, {})


def test_boosting_passes_every_check() -> None:
    expecting(GradientBoosting(rounds=20), {})


@pytest.mark.parametrize("estimator", [ShiftedMeans(), ClassForest(trees=5)], ids=lambda e: type(e).__name__)
def test_estimators_of_classes_pass_every_check(estimator: Any) -> None:
    expecting(estimator, {})


@pytest.mark.parametrize(
    "estimator",
    [CountBoosting(rounds=20, rows=1.0, least_weight=1000.0), GivenMean()],
    ids=lambda e: type(e).__name__,
)
def test_estimators_of_counts_pass_every_check(estimator: Any) -> None:
    expecting(estimator, {})


def test_a_forecaster_of_counts_passes_all_but_what_forgets_the_order_of_time() -> None:
    stopped = {"check_sample_weight_equivalence_on_dense_data"}
    forecaster = CountForecaster(GivenMean())
    expecting(forecaster, dict.fromkeys(stopped, HELD_OUT))
    assert failing(forecaster) == stopped


def test_a_blend_passes_every_check() -> None:
    """Its members here read any table; `GivenProbabilities` can't be checked: its X is a column of p a class."""
    expecting(Blend([("logit", OrderedLogit(missing=0.0)), ("boosting", GradientBoosting(rounds=10))]), {})


def test_the_base_rate_passes_all_but_what_its_names_and_classes_forbid() -> None:
    reasons = {"check_dtype_object": CLASSES, "check_estimators_nan_inf": NAMES}
    expecting(BaseRate(), reasons)
    assert failing(BaseRate()) == set(reasons)


@pytest.mark.parametrize("estimator", [DixonColes(), Elo(), PiRatings()], ids=lambda e: type(e).__name__)
def test_estimators_of_scores_pass_what_does_not_hang_on_their_data(estimator: Any) -> None:
    stopped = NEEDS_GOALS | WEIGHS if isinstance(estimator, DixonColes) else NEEDS_GOALS
    expecting(estimator, dict.fromkeys(stopped, GOALS))
    assert failing(estimator) == stopped


def as_matches(X: np.ndarray) -> np.ndarray:
    """Sides whose names come from the first feature, in one competition and on one day."""
    bins = np.clip(np.floor(X[:, 0]), -3, 3).astype(int)
    return np.array([[f"home {b}", f"away {b % 2}", "L1", 0.0] for b in bins], dtype=object).reshape(-1, 4)


class OnNumbers(BaseEstimator):
    """An estimator of scores fed with scikit-learn's numbers."""

    def fit(self, X: Any, y: Any) -> "OnNumbers":
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True)
        goals = np.abs(np.column_stack([y, y])[:, :2]).astype(int) % 5
        self.model_ = self.inner().fit(as_matches(X), goals)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        p: np.ndarray = self.model_.predict_proba(as_matches(validate_data(self, X, reset=False)))
        return p

    def predict(self, X: Any) -> np.ndarray:
        return np.asarray(self.predict_proba(X).argmax(1))


class DixonColesOnNumbers(OnNumbers):
    inner = DixonColes


class EloOnNumbers(OnNumbers):
    inner = Elo


class PiRatingsOnNumbers(OnNumbers):
    inner = PiRatings


@pytest.mark.parametrize("estimator", [DixonColesOnNumbers(), EloOnNumbers(), PiRatingsOnNumbers()], ids=str)
def test_estimators_of_scores_keep_the_contract_on_adapted_data(estimator: Any) -> None:
    expecting(estimator, {})

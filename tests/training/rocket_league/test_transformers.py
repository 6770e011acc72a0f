import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from tests.training.rocket_league.ranked_rows import rows
from training.rocket_league.features import NAMES
from training.rocket_league.transformers import DataPreprocessor, FeatureExtractor, FeatureSelector


@pytest.mark.parametrize("step", [DataPreprocessor(), FeatureSelector()], ids=lambda s: type(s).__name__)
def test_the_steps_keep_scikit_learns_contract(step: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(step, on_skip=None)


def test_features_are_made_of_rows_or_of_a_table() -> None:
    statistics = rows(6)
    found = FeatureExtractor().fit_transform(statistics)
    assert list(found) == list(NAMES)
    pd.testing.assert_frame_equal(found, FeatureExtractor().fit_transform(pd.DataFrame(statistics)))
    few = FeatureExtractor(names=["shots", "saves"]).fit(statistics)
    assert list(few.transform(statistics)) == ["shots", "saves"] == few.get_feature_names_out().tolist()
    assert clone(few).names == ["shots", "saves"]
    with pytest.raises(ValueError, match="no feature 'dribbles'"):
        FeatureExtractor(names=["dribbles"]).fit(statistics)


def test_gaps_are_filled_with_the_median_and_outliers_clipped() -> None:
    X = np.array([[1.0, 5, np.nan], [2, 5, np.nan], [3, 5, np.nan], [np.nan, 5, np.nan]])
    step = DataPreprocessor().fit(X)
    assert step.median_.tolist() == [2, 5, 0]
    found = step.transform(np.array([[np.nan, 5, 1], [1e9, 7, np.nan]]))
    assert found.tolist() == [[0, 0, 0], [3, 0, 0]]


def test_twins_and_constants_are_left_out_and_the_telling_kept() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    telling, noise = y + rng.normal(0, 0.3, 300), rng.normal(size=300)
    X = pd.DataFrame({"noise": noise, "twin": telling * 2, "telling": telling, "same": 1.0})
    step = FeatureSelector(keep=2).fit(X, y)
    assert step.kept_.sum() == 2
    assert step.kept_[0]
    assert step.kept_[1] != step.kept_[2]
    assert FeatureSelector(keep=1).fit(X, y).get_feature_names_out().tolist() in (["twin"], ["telling"])


def test_they_work_in_one_pipeline() -> None:
    statistics = rows(30) + rows(30, seed=2, speed=1700)
    rank = np.repeat([0, 1], 30)
    model = make_pipeline(FeatureExtractor(), DataPreprocessor(), FeatureSelector(keep=10), LogisticRegression())
    assert model.fit(statistics, rank).score(statistics, rank) > 0.9

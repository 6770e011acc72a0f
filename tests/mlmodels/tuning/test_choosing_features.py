"""A choice of features inside a training run: what was chosen is kept readable, and serves."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pytest_django import Settings

from mlmodels import artifacts
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.models import ModelVersion
from mlmodels.moving import export_version, import_version
from mlmodels.problem import Progress, Snapshot, silent
from mlmodels.promotion import promote
from mlmodels.retraining import retrain_champions
from mlmodels.selection import Selection
from mlmodels.tuning.spaces import whole
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.tossing import trained, tunable

pytestmark = pytest.mark.django_db
COLUMNS = ("bias", "weight", "colour", "shine")


def light(**parameters: Any) -> GradientBoosting:
    return GradientBoosting(**{"rounds": 15, "least_weight": 2.0, "l2": 1.0, **parameters})


def weights(estimator: Any) -> dict[str, Any]:
    return {
        "importances": dict(zip(estimator.feature_names_in_.tolist(), estimator.importances_.tolist(), strict=True))
    }


@pytest.fixture
def coins(coin_toss: CoinToss, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CoinToss:
    """Coins of which three things more are known, none of which tells anything."""
    settings.TUNING_PROCESSES = 1
    toss = coin_toss.load

    def load(selection: Selection, *, progress: Progress = silent) -> Snapshot:
        frame = toss(selection).frame
        random = np.random.default_rng(3)
        more = {name: random.normal(size=len(frame)) for name in COLUMNS[1:]}
        return Snapshot(frame=pd.DataFrame(frame.assign(**more)))

    monkeypatch.setattr(coin_toss, "load", load)
    tunable(
        coin_toss,
        name="trees",
        title="Trees",
        build=light,
        columns=COLUMNS,
        selectable=COLUMNS,
        refit_every=timedelta(days=60),
        space=(whole("depth", 1, 3, usual=2),),
        weights=weights,
    )
    return coin_toss


def version_of(**asked: Any) -> ModelVersion:
    return ModelVersion.objects.get(run=trained(algorithm="trees", **asked))


@pytest.mark.parametrize("method", ["importance", "rfe", "l1", "correlation"])
def test_what_was_chosen_is_kept_on_the_version(coins: CoinToss, method: str) -> None:
    version = version_of(feature_selection={"method": method, "keep": 1})
    assert version.chosen_features == ["bias"]
    assert version.feature_selection == {"method": method, "keep": 1}
    assert list(version.model_weights["importances"]) == ["bias"]
    assert [column["name"] for column in version.feature_columns] == list(COLUMNS), "serving still gives them all"


def test_the_artifact_serves_the_choice_as_json_weights(coins: CoinToss) -> None:
    version = version_of(feature_selection={"method": "l1", "keep": 2})
    assert version.artifact_format == ModelVersion.Format.WEIGHTS
    frame = coins.load(Selection()).frame
    estimator = artifacts.load(version).estimator
    told = estimator.predict_proba(frame[list(COLUMNS)])
    assert told.shape == (400, 2)
    other = frame.assign(**{name: 0.0 for name in COLUMNS if name not in version.chosen_features})
    assert (estimator.predict_proba(other[list(COLUMNS)]) == told).all(), "what was left out has no say"


def test_a_choice_is_made_anew_in_each_trial_of_a_search(coins: CoinToss) -> None:
    version = version_of(feature_selection={"method": "importance", "keep": 2}, tuning={"trials": 3})
    assert version.tuning["trials"] == 3
    assert len(version.chosen_features) == 2
    assert set(version.hyper_parameters) == {"depth"}


def test_the_choice_travels_with_an_export(coins: CoinToss, tmp_path: Any) -> None:
    version = version_of(feature_selection={"method": "l1", "keep": 2}, tuning={"trials": 1})
    export_version(version, tmp_path / "trees.zip")
    ModelVersion.objects.all().delete()
    again = import_version(tmp_path / "trees.zip")
    assert again.chosen_features == version.chosen_features
    assert again.tuning["parameters"] == version.hyper_parameters


def test_a_champion_is_trained_again_with_its_choice_of_features(coins: CoinToss) -> None:
    promote(version_of(feature_selection={"method": "l1", "keep": 2}), by=None)
    [run] = retrain_champions()
    assert run.feature_selection == {"method": "l1", "keep": 2}
    assert "Nothing changed" in trained(algorithm="trees", feature_selection={"method": "l1", "keep": 2}).message

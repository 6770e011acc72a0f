"""What can't be asked for is refused, with what could be."""

from typing import Any

import pytest

from mlmodels.errors import InvalidFeatureSelection, InvalidTuning
from mlmodels.estimators.feature_selection import METHODS
from mlmodels.models import TrainingRun
from mlmodels.problem import Algorithm
from mlmodels.tuning.asking import Budget, FeatureSelection, Method
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.tossing import asked


@pytest.mark.parametrize(
    ("tuning", "words"),
    [
        ({"trials": 0}, "Trials to tune for are a whole number from 1 to 1000, not 0"),
        ({"trials": 1001}, "from 1 to 1000, not 1001"),
        ({"trials": True}, "not True"),
        ({"trials": "30"}, "not '30'"),
        ({"trials": 2.5}, "not 2.5"),
        ({"seconds": -5}, "Seconds to tune for are a whole number from 1 to 14400, not -5"),
        ({"trials": None}, "Say how long to tune"),
        ({"epochs": 3}, "tuning knows no epochs: it takes trials and seconds"),
        ([30], "tuning is an object with trials and seconds"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(trusting: Algorithm, tuning: Any, words: str) -> None:
    with pytest.raises(InvalidTuning, match=words):
        asked(tuning=tuning)
    assert not TrainingRun.objects.exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"method": "magic", "keep": 3}, "called 'magic': choose one of importance, rfe, l1, correlation"),
        ({"method": "l1", "keep": 0}, "a whole number from 1 on, not 0"),
        ({"method": "l1", "keep": -1}, "not -1"),
        ({"method": "l1"}, "not None"),
        ({"method": "l1", "keep": 3, "by": "hand"}, "feature_selection knows no by"),
        ("l1:3", "feature_selection is an object"),
    ],
)
def test_a_choice_of_features_that_makes_no_sense_is_refused(trusting: Algorithm, step: Any, words: str) -> None:
    with pytest.raises(InvalidFeatureSelection, match=words):
        asked(feature_selection=step)


def test_what_has_nothing_to_tune_is_not_tuned(trusting: Algorithm) -> None:
    with pytest.raises(InvalidTuning, match="Logit has no hyper-parameters to tune"):
        asked(algorithm="logit", tuning={"trials": 3})


def test_what_was_given_by_hand_altogether_is_not_tuned(trusting: Algorithm) -> None:
    given = {"trust": 1.0, "noise": 2, "side": "left"}
    with pytest.raises(InvalidTuning, match="Every hyper-parameter of Trusting was given by hand"):
        asked(tuning={"trials": 3}, hyper_parameters=given)


def test_what_reads_no_features_has_none_to_choose_from(trusting: Algorithm) -> None:
    with pytest.raises(InvalidFeatureSelection, match="Trusting does not read a table of numeric features"):
        asked(feature_selection={"method": "l1", "keep": 1})


def test_no_more_features_can_be_kept_than_there_are(trusting: Algorithm, coin_toss: CoinToss) -> None:
    football = pytest.importorskip("predictions.football.algorithms")
    gbm = next(algorithm for algorithm in football.ALGORITHMS if algorithm.name == "gbm")
    vars(coin_toss)["algorithms"] = (*coin_toss.algorithms, gbm)
    most = len(gbm.selectable)
    assert asked(algorithm="gbm", feature_selection={"method": "l1", "keep": most}).feature_selection["keep"] == most
    TrainingRun.objects.all().delete()
    with pytest.raises(InvalidFeatureSelection, match=f"has {most} features to choose from: {most + 1} can't be kept"):
        asked(algorithm="gbm", feature_selection={"method": "l1", "keep": most + 1})


@pytest.mark.parametrize("text", ["importance", "importance:", "importance:many", ":3", ""])
def test_a_choice_of_features_is_read_from_text(text: str) -> None:
    assert FeatureSelection.from_text("rfe:12") == FeatureSelection(method=Method.RFE, keep=12)
    with pytest.raises(InvalidFeatureSelection):
        FeatureSelection.from_text(text)


def test_nothing_asked_for_is_nothing() -> None:
    assert Budget.from_json({}) is None
    assert FeatureSelection.from_json(None) is None


def test_every_method_is_one_that_estimators_know() -> None:
    assert {method.value for method in Method} == set(METHODS)


def test_a_budget_reads_as_words() -> None:
    assert str(Budget(trials=30, seconds=60)) == "30 trials or 60 seconds"

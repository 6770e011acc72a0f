"""What a run keeps of itself, from the pipeline to the page: intervals, confusion, course over time, importances."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client

from mlmodels import runs
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.models import ModelVersion
from mlmodels.portrait import portrait
from mlmodels.problem import Algorithm
from mlmodels.selection import Selection
from tests.factories import ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.visiting import text

pytestmark = pytest.mark.django_db
BLANK = "were not kept when it was trained"
STORED: dict[str, Any] = {
    "test": {"n": 60, "brier": 0.4},
    "interval": {"metric": "brier", "value": 0.4, "low": 0.35, "high": 0.45},
    "differences": {"market-close": {"metric": "brier", "value": -0.02, "low": -0.03, "high": -0.01, "n": 60}},
    "confusion": {"labels": ["heads", "tails"], "counts": [[20, 10], [5, 25]]},
    "over_time": {
        "metric": "brier",
        "unit": "month",
        "periods": [
            {"from": "2021-01-01", "n": 30, "model": 0.4, "market-close": 0.5},
            {"from": "2021-02-01", "n": 30, "model": 0.45, "market-close": 0.4},
        ],
    },
    "learning_curve": {"rounds": [1, 5, 9], "learned": [0.7, 0.6, 0.5], "later": [0.7, 0.65, 0.66]},
    "importances": {"rows": 60, "features": [["moon_phase", 0.3], ["tide", 0.1]]},
}


def made(metrics: Any) -> str:
    version = ModelVersionFactory.create(problem="coin-toss", algorithm="logit", metrics=metrics)
    return version.version


def test_a_run_keeps_intervals_confusion_and_its_course(trained: Callable[[], ModelVersion]) -> None:
    metrics = trained().metrics
    interval = metrics["interval"]
    assert interval["low"] < interval["value"] < interval["high"]
    assert interval["value"] == pytest.approx(metrics["test"]["brier"])
    gap = metrics["differences"]["train-frequencies"]
    baseline = metrics["baselines"]["train-frequencies"]
    assert gap["value"] == pytest.approx(baseline["model"]["brier"] - baseline["brier"])
    assert np.sum(metrics["confusion"]["counts"]) == metrics["test"]["n"]
    assert sum(period["n"] for period in metrics["over_time"]["periods"]) <= 120
    assert {"from", "n", "model", "train-frequencies"} == set(metrics["over_time"]["periods"][0])


def test_an_estimator_that_cannot_say_why_and_has_no_rounds_keeps_neither(trained: Callable[[], ModelVersion]) -> None:
    assert not {"importances", "learning_curve"} & set(trained().metrics)


def test_one_that_can_say_why_keeps_what_it_looks_at(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    telling = Algorithm(name="line", title="Line", build=OrderedLogit, columns=("bias",), target=("outcome",))
    monkeypatch.setattr(coin_toss, "algorithms", (telling,))
    asked, _ = runs.request_run(problem="coin-toss", algorithm="line", selection=Selection(), dispatch=False)
    runs.execute(str(asked.pk), worker="test")
    [[name, moved]] = ModelVersion.objects.get().metrics["importances"]["features"]
    assert name == "bias"
    assert moved > 0.5, "the bias is all there is to know"


def test_a_version_is_drawn_with_a_sentence_for_each_chart(page: Client) -> None:
    shown = text(page, "version", made(STORED))
    for words in (
        "0.3500 to 0.4500",
        "Against market close: −0.0200",
        "better.",
        "What was thought likeliest came in 45 of 60.",
        "ahead of market close in 1 of 2 months",
        "the loss was lowest, 0.6500, after 5 rounds; +0.0100 since then",
        "moon phase",
        ">Called<",
    ):
        assert words in shown, words
    assert BLANK not in shown


def test_a_version_from_before_says_that_nothing_was_kept(page: Client) -> None:
    assert BLANK in text(page, "version", made({"test": {"n": 60, "brier": 0.4}}))


def test_an_interval_that_covers_no_difference_is_told_as_none(coin_toss: CoinToss) -> None:
    open_ended = {"market-close": {"metric": "brier", "value": -0.02, "low": -0.03, "high": 0.01}}
    [said] = portrait(coin_toss, {"differences": open_ended}).differences
    assert "these rows don't tell them apart" in said


def test_a_class_that_is_hardly_ever_called_is_named(coin_toss: CoinToss) -> None:
    shy = portrait(coin_toss, {"confusion": {"labels": ["heads", "tails"], "counts": [[60, 0], [40, 0]]}}).confusion
    assert shy is not None
    assert "Tails was hardly ever thought likeliest." in shy.in_words


@pytest.mark.parametrize("part", [name for name in STORED if name != "test"])
@pytest.mark.parametrize(
    "stored",
    [None, 3, "text", [], {}, [[]], {"counts": [[1]], "labels": ["a", "b"]}, {"counts": [["x"]], "labels": ["a"]},
     {"metric": "brier", "periods": [{"from": "never"}, 3]}, {"metric": "brier", "low": "x", "high": None},
     {"rounds": [1, 2], "learned": [1], "later": [1, 2]}, {"features": [["a"], 3, ["b", None], ["c", "d"]]},
     {"market": {"metric": "brier", "value": None}}],
)  # fmt: skip
def test_metrics_of_any_shape_are_shown(page: Client, part: str, stored: Any) -> None:
    assert "Lineage" in text(page, "version", made({**STORED, part: stored}))

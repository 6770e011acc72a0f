"""Several models on the same rows: each figure is that of `metrics`, and differences are paired."""

import json
import math

import numpy as np
import pytest

from mlmodels.evaluation import metrics
from mlmodels.evaluation.bootstrap import paired_difference
from mlmodels.evaluation.scorecard import FIGURES, scorecard


def models(n: int = 300) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The truth, a forecaster that knows nothing, and outcomes drawn from the truth."""
    rng = np.random.default_rng(2)
    truth = rng.dirichlet([4, 3, 3], n)
    outcomes = (rng.random(n)[:, None] > truth.cumsum(1)[:, :2]).sum(1)
    return {"truth": truth, "base": np.tile(truth.mean(0), (n, 1))}, outcomes


def test_every_figure_is_that_of_the_metrics() -> None:
    probabilities, outcomes = models()
    card = scorecard(probabilities, outcomes)["truth"]
    assert card["n"] == 300
    for name in FIGURES:
        assert card[name] == getattr(metrics, name)(probabilities["truth"], outcomes)


def test_the_difference_is_paired_with_the_reference() -> None:
    probabilities, outcomes = models()
    weeks = np.arange(300) // 10
    cards = scorecard(probabilities, outcomes, reference="base", blocks=weeks, resamples=500)
    each = {name: metrics.rps_each(p, outcomes) for name, p in probabilities.items()}
    expected = paired_difference(each["truth"], each["base"], blocks=weeks, resamples=500)
    gap = cards["truth"]["rps_difference"]
    assert gap == {"reference": "base", "mean": expected.mean, "low": expected.low, "high": expected.high}
    assert gap["high"] < 0
    assert cards["truth"]["rps"] - cards["base"]["rps"] == pytest.approx(gap["mean"])


def test_the_reference_differs_by_nothing_from_itself() -> None:
    gap = scorecard(*models(), reference="base", resamples=100)["base"]["rps_difference"]
    assert (gap["mean"], gap["low"], gap["high"]) == (0, 0, 0)


def test_expected_counts_are_measured_in_what_was_counted() -> None:
    probabilities, outcomes = models()
    counts = np.arange(300.0)
    means = {"truth": counts + 3, "base": counts - np.where(np.arange(300) % 2, 4, 2)}
    cards = scorecard(probabilities, outcomes, counts=counts, means=means, reference="base", resamples=100)
    assert (cards["truth"]["mae"], cards["truth"]["rmse"]) == (3, 3)
    assert cards["base"]["rmse"] == pytest.approx(math.sqrt(10))
    assert cards["truth"]["mae_difference"]["mean"] == pytest.approx(0)


def test_an_undefined_figure_is_null_in_json() -> None:
    probabilities = {"even": np.full((3, 3), 1 / 3)}
    assert math.isnan(metrics.draw_auc(probabilities["even"], [0, 0, 2]))
    card = json.loads(json.dumps(scorecard(probabilities, [0, 0, 2]), allow_nan=False))
    assert card["even"]["draw_auc"] is None


def test_a_reference_that_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="'market' is not among the models: truth, base"):
        scorecard(*models(), reference="market")


def test_models_of_other_rows_are_refused() -> None:
    probabilities, outcomes = models()
    with pytest.raises(ValueError, match="outcomes"):
        scorecard({"short": probabilities["truth"][1:]}, outcomes)

"""Training end to end on a problem without a sport: its figures, its lineage, and each refusal in words."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from mlmodels import artifacts, runs
from mlmodels.evaluation.metrics import reliability_bins
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Algorithm, Kind, Progress, Snapshot, silent
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
Change = Callable[[pd.DataFrame], pd.DataFrame]


def run(**asked: Any) -> TrainingRun:
    request, _ = runs.request_run(
        **{"problem": "coin-toss", "algorithm": "logit", "selection": Selection(), "dispatch": False, **asked}
    )
    done = runs.execute(str(request.pk), worker="test")
    assert done is not None
    return done


def tossing(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Have the coin come down otherwise."""
    tossed = coin_toss.load

    def load(selection: Selection, *, progress: Progress = silent) -> Snapshot:
        return Snapshot(frame=change(tossed(selection).frame))

    monkeypatch.setattr(coin_toss, "load", load)


def refusal(done: TrainingRun) -> str:
    assert done.status == TrainingRun.Status.FAILED
    assert not ModelVersion.objects.exists()
    assert "server's log" not in done.error_message, "a person can mend this"
    return done.error_message


def test_a_run_leaves_figures_of_every_part_and_its_lineage(coin_toss: CoinToss) -> None:
    done = run()
    version = ModelVersion.objects.get(run=done)
    assert [version.metrics[part]["n"] for part in ("train", "validation", "test")] == [280, 60, 60]
    assert done.metrics == version.metrics
    assert done.dataset == version.dataset
    assert (done.match_count, version.training_matches) == (400, 400)
    assert done.library_versions["numpy"] == np.__version__
    assert version.role == ModelVersion.Role.EXPERIMENTAL
    assert [line["message"] for line in done.logs if "Test: Brier" in line["message"]]


def test_the_reported_figures_are_those_of_rows_that_were_not_learned_from(coin_toss: CoinToss) -> None:
    """Worked out again from the frame: a logit on all rows before the test rows, calibrated as the version says."""
    metrics = ModelVersion.objects.get(run=run()).metrics
    frame = coin_toss.load(Selection()).frame
    algorithm = coin_toss.algorithm("logit")
    fitted = algorithm.build().fit(frame[["bias"]][:280], frame["outcome"].to_numpy()[:280])
    later = fitted.predict_proba(frame[["bias"]][280:])
    actual = frame["outcome"].to_numpy()[280:]
    brier = coin_toss.metrics[0].compute
    assert metrics["validation"]["brier"] == pytest.approx(brier(later[:60], actual[:60]))
    assert metrics["test_uncalibrated"]["brier"] == pytest.approx(brier(later[60:], actual[60:]))
    assert metrics["calibration"] == "none", "a well-specified model needs none"
    assert metrics["test"] == metrics["test_uncalibrated"]
    assert metrics["reliability"] == reliability_bins(later[60:], actual[60:])


def test_the_yardstick_is_how_often_each_outcome_came_in_training(coin_toss: CoinToss) -> None:
    found = ModelVersion.objects.get(run=run()).metrics["baselines"]["train-frequencies"]
    outcomes = coin_toss.load(Selection()).frame["outcome"].to_numpy()
    tails = outcomes[:280].mean()
    by_hand = np.mean([2 * ((tails if tail else 1 - tails) - 1) ** 2 for tail in outcomes[340:]])
    assert found["brier"] == pytest.approx(by_hand)
    assert found["model"]["brier"] < found["brier"]
    assert found["n"] == found["model"]["n"] == 60


def test_the_version_itself_has_learned_from_every_row(coin_toss: CoinToss) -> None:
    version = ModelVersion.objects.get(run=run())
    frame = coin_toss.load(Selection()).frame
    on_all = coin_toss.algorithm("logit").build().fit(frame[["bias"]], frame["outcome"].to_numpy())
    asked = pd.DataFrame({"bias": [0.1, 0.5, 0.9]})
    served = artifacts.load(version).estimator.predict_proba(asked)
    assert served == pytest.approx(on_all.predict_proba(asked))


def test_hyper_parameters_and_seed_reach_the_estimator(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []

    class Watched(LogisticRegression):
        def fit(self, X: Any, y: Any) -> Any:
            built.append(self)
            return super().fit(X, y)

    algorithm = Algorithm(
        name="logit", title="Logit", build=Watched, columns=("bias",), target=("outcome",), defaults={"C": 2.0}
    )
    monkeypatch.setattr(coin_toss, "algorithms", (algorithm,))
    monkeypatch.setattr(artifacts, "write", lambda *_, **__: (_ for _ in ()).throw(OSError("enough")))
    run(hyper_parameters={"tol": 0.01}, seed=7)
    assert built
    assert {(model.C, model.tol, model.random_state) for model in built} == {(2.0, 0.01, 7)}


def test_too_few_rows_by_the_time_it_runs_are_refused_with_the_number(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    tossing(coin_toss, monkeypatch, lambda frame: frame[:1])
    assert "has 1 finished rows; at least 50 are needed" in refusal(run())


def test_nothing_at_all_is_refused_with_the_selection(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    tossing(coin_toss, monkeypatch, lambda frame: frame[:0])
    words = refusal(run(selection=Selection(competitions=("penny",))))
    assert "Nothing finished in the selection (penny; all seasons)" in words


def test_rows_of_one_day_are_refused(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    tossing(coin_toss, monkeypatch, lambda frame: frame.assign(event_at=frame["event_at"].iloc[0]))
    assert "too few days" in refusal(run())


def test_an_outcome_that_never_came_while_learning_is_named(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    tossing(coin_toss, monkeypatch, lambda frame: frame.assign(outcome=(frame.index >= 300).astype(int)))
    assert "None of the 280 rows to learn from turned out tails: choose more" in refusal(run())


def test_what_is_no_classification_has_no_outcomes_to_miss(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CoinToss, "kind", Kind.COUNTS)
    monkeypatch.setattr(CoinToss, "labels", ("heads", "tails"))
    tossing(coin_toss, monkeypatch, lambda frame: frame.assign(outcome=0))
    assert "turned out" not in run().error_message


def test_a_metric_that_is_not_defined_on_these_rows_is_null(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    [brier] = coin_toss.metrics
    undefined = type(brier)(name="draws", title="Draws", compute=lambda p, y: float("nan"))
    monkeypatch.setattr(CoinToss, "metrics", (brier, undefined))
    assert ModelVersion.objects.get(run=run()).metrics["test"]["draws"] is None

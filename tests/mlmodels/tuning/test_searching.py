"""A search finds what does better on the validation rows, looks at no later row, and survives its workers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import time_machine
from django.utils import timezone

from mlmodels import runs
from mlmodels.models import ModelVersion, TrainingRun, TuningStudy, TuningTrial
from mlmodels.problem import Algorithm, Progress, Snapshot, silent
from mlmodels.promotion import promote
from mlmodels.selection import Selection
from mlmodels.tuning import search as searches
from mlmodels.tuning import searching
from mlmodels.tuning.reading import study_lines, study_shown
from mlmodels.tuning.spaces import real
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.tossing import asked, trained, tunable
from tests.mlmodels.tuning.trusting import Trusting

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status
State = TuningTrial.State
Clock = Callable[[], float]


def states() -> list[str]:
    return list(TuningTrial.objects.order_by("number").values_list("state", flat=True))


def test_it_finds_hyper_parameters_that_do_better_and_keeps_them_on_the_version(trusting: Algorithm) -> None:
    done = trained(tuning={"trials": 12})
    version = ModelVersion.objects.get(run=done)
    record = version.tuning
    assert record["trials"] == 12
    assert record["best_value"] < record["usual_value"]
    assert version.hyper_parameters == record["parameters"]
    assert version.hyper_parameters["trust"] > 0.5, "a trust of 1 is right, 0.2 is usual"
    assert version.metrics["validation"]["brier"] == pytest.approx(record["best_value"])
    study = TuningStudy.objects.get()
    assert (study.best_parameters, study.best_value) == (record["parameters"], record["best_value"])
    assert study.importances["trust"] == max(study.importances.values())
    assert done.study == study


def test_the_fitted_model_is_made_with_what_was_found(trusting: Algorithm) -> None:
    from mlmodels import artifacts

    version = ModelVersion.objects.get(run=trained(tuning={"trials": 6}))
    made = artifacts.load(version).estimator.estimator
    assert made.get_params()["trust"] == version.hyper_parameters["trust"]


def test_what_is_usual_is_tried_first_and_so_nothing_worse_is_kept(trusting: Algorithm) -> None:
    record = ModelVersion.objects.get(run=trained(tuning={"trials": 1})).tuning
    assert record["parameters"] == {"trust": 0.2, "noise": 1, "side": "left"}
    assert record["best_value"] == record["usual_value"]


def test_bad_trials_are_broken_off_and_are_never_the_best(trusting: Algorithm) -> None:
    record = ModelVersion.objects.get(run=trained(tuning={"trials": 20})).tuning
    assert record["pruned"] == states().count(State.PRUNED) > 0
    assert record["trials"] == 20
    broken_off = TuningTrial.objects.filter(state=State.PRUNED)
    assert set(broken_off.values_list("blocks", flat=True)) <= {2}, "not after the first block, and before the last"
    assert TuningTrial.objects.get(number=record["best_trial"]).state == State.COMPLETE


def poisoned(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first test row on, every coin comes down on the other side, and its bias is told wrongly."""
    toss = coin_toss.load

    def load(selection: Selection, *, progress: Progress = silent) -> Snapshot:
        frame = toss(selection).frame
        late = np.arange(len(frame)) >= 340
        flipped = frame.assign(
            outcome=np.where(late, 1 - frame["outcome"], frame["outcome"]),
            bias=np.where(late, 0.99, frame["bias"]),
        )
        return Snapshot(frame=pd.DataFrame(flipped))

    monkeypatch.setattr(coin_toss, "load", load)
    monkeypatch.setattr(coin_toss, "fingerprint", lambda selection: "poisoned")


def test_the_test_rows_change_nothing_of_what_is_found(
    trusting: Algorithm, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = ModelVersion.objects.get(run=trained(tuning={"trials": 10}))
    trials = list(TuningTrial.objects.order_by("number").values_list("parameters", "value", "state"))
    poisoned(coin_toss, monkeypatch)
    spoilt = ModelVersion.objects.get(run=trained(tuning={"trials": 10}, force=True))
    assert spoilt.metrics["test"] != clean.metrics["test"], "the poison works"
    assert TuningStudy.objects.count() == 2, "other rows are another question"
    newer = TuningTrial.objects.filter(study=spoilt.tuning["study"])
    assert list(newer.order_by("number").values_list("parameters", "value", "state")) == trials
    assert spoilt.hyper_parameters == clean.hyper_parameters


def test_no_trial_is_fitted_on_a_row_it_predicts_or_a_later_one(
    trusting: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    fit = Trusting.fit

    def watched(self: Trusting, X: Any, y: Any) -> Trusting:
        seen.append(len(y))
        return fit(self, X, y)

    monkeypatch.setattr(Trusting, "fit", watched)
    monkeypatch.setattr("mlmodels.pipeline._walk", lambda *_: (_ for _ in ()).throw(ValueError("enough")))
    trained(tuning={"trials": 1})
    assert seen == [280, 308, 336], "blocks of four weeks over the 60 validation rows"


def test_the_same_question_goes_on_with_the_trials_it_has(trusting: Algorithm) -> None:
    trained(tuning={"trials": 4})
    assert states() == [State.COMPLETE] * 4
    done = trained(tuning={"trials": 7}, force=True)
    assert len(states()) == 7
    assert any("4 trials are there already" in line["message"] for line in done.logs)
    assert TuningStudy.objects.count() == 1


def test_a_trial_of_a_dead_worker_does_not_block_the_study(
    trusting: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(tuning={"trials": 3})
    with monkeypatch.context() as patch:
        # As after `kill -9`: the trial stays as it was.
        patch.setattr(searching, "TRIAL_ERRORS", ())
        patch.setattr(Trusting, "predict_proba", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            runs.execute(str(run.pk), worker="w1")
    assert states() == [State.RUNNING]
    TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    runs.reap()
    done = runs.execute(str(run.pk), worker="w2")
    assert done is not None
    assert (done.status, done.attempt) == (Status.COMPLETED, 2)
    assert states() == [State.FAILED, *[State.COMPLETE] * 3]
    assert TuningTrial.objects.get(number=0).note == "Its worker died."
    again = TuningTrial.objects.get(number=1)
    assert again.parameters == {"trust": 0.2, "noise": 1, "side": "left"}, "what is usual is tried all the same"
    assert ModelVersion.objects.get(run=done).tuning["usual_value"] == again.value
    assert study_lines([TuningStudy.objects.get()])[0].usual == f"{again.value:.4f}"
    assert study_shown(TuningStudy.objects.get()).usual == f"{again.value:.4f}"


def test_a_trial_of_a_living_worker_is_left_alone(trusting: Algorithm) -> None:
    """Another machine's: it counts as under way, so that both together keep to the budget."""
    trained(tuning={"trials": 2})
    study = TuningStudy.objects.get()
    other = asked(algorithm="logit")
    claimed = runs.claim(str(other.pk), worker="elsewhere")
    assert claimed is not None
    import optuna

    from mlmodels.tuning.storage import storage_of

    elsewhere = optuna.load_study(storage=storage_of(study), study_name=study.key)
    elsewhere.ask().set_user_attr(searches.OWNER, f"{claimed.pk}:{claimed.attempt}")
    trained(tuning={"trials": 4}, force=True)
    assert states() == [State.COMPLETE] * 3, "two before, one now, and one under way elsewhere"


def test_a_trial_that_is_not_signed_yet_is_left_alone(trusting: Algorithm) -> None:
    """Between asking for a trial and signing it, another machine may join."""
    import optuna

    from mlmodels.tuning.storage import storage_of

    trained(tuning={"trials": 2})
    study = TuningStudy.objects.get()
    elsewhere = optuna.load_study(storage=storage_of(study), study_name=study.key)
    unsigned = elsewhere.ask()
    trained(tuning={"trials": 4}, force=True)
    assert elsewhere.trials[unsigned.number].state == optuna.trial.TrialState.RUNNING
    with time_machine.travel(timezone.now() + 2 * searches.SIGNED_WITHIN, tick=False):
        trained(tuning={"trials": 5}, force=True)
    assert elsewhere.trials[unsigned.number].state == optuna.trial.TrialState.FAIL


def test_what_is_usual_is_never_broken_off(trusting: Algorithm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where several are tried at once, others may be done before it."""
    import optuna

    monkeypatch.setattr(optuna.trial.Trial, "should_prune", lambda _: True)
    record = ModelVersion.objects.get(run=trained(tuning={"trials": 3})).tuning
    assert states() == [State.COMPLETE, State.PRUNED, State.PRUNED]
    assert record["usual_value"] == record["best_value"]


def test_cancelling_stops_a_search_between_blocks(trusting: Algorithm) -> None:
    run = asked(tuning={"trials": 500})

    def cancel_in_the_search(fraction: float, phrase: str) -> None:
        if "5 of 500 trials" in phrase and not run.cancel_requested:
            runs.cancel(run)

    done = runs.execute(str(run.pk), worker="w1", watch=cancel_in_the_search)
    assert done is not None
    assert done.status == Status.CANCELLED
    assert 5 <= len(states()) < 30
    assert not ModelVersion.objects.exists()


def test_progress_goes_from_phase_to_phase_and_never_back(trusting: Algorithm) -> None:
    run = asked(tuning={"trials": 5})
    told: list[float] = []
    phases: list[str] = []

    def watch(fraction: float, phrase: str) -> None:
        told.append(fraction)
        phases.append(phrase)

    runs.execute(str(run.pk), worker="w1", watch=watch)
    assert told == sorted(told)
    run.refresh_from_db()
    began = [line["message"].removesuffix(" began") for line in run.logs if line["message"].endswith(" began")]
    assert began == ["Loading", "Tuning", "Evaluating", "Calibrating", "Fitting", "Saving"]
    assert any(phrase.startswith("4 of 5 trials, best Brier 0.") for phrase in phases)


class Ticking:
    """A clock that goes on by a second at every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_a_budget_of_seconds_ends_the_search(trusting: Algorithm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches.Search.__init__, "__kwdefaults__", {"who": "", "clock": Ticking()})
    record = ModelVersion.objects.get(run=trained(tuning={"seconds": 60})).tuning
    assert 1 < record["trials"] < 12
    assert record["budget"] == {"seconds": 60}


def test_a_budget_too_short_for_one_trial_still_tries_what_is_usual(
    trusting: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches.Search.__init__, "__kwdefaults__", {"who": "", "clock": Ticking()})
    record = ModelVersion.objects.get(run=trained(tuning={"seconds": 1})).tuning
    assert record["trials"] == 1
    assert record["parameters"]["trust"] == 0.2


def test_hyper_parameters_given_by_hand_are_not_searched(trusting: Algorithm) -> None:
    version = ModelVersion.objects.get(run=trained(tuning={"trials": 6}, hyper_parameters={"trust": 0.9}))
    assert version.hyper_parameters["trust"] == 0.9
    assert set(version.tuning["parameters"]) == {"noise", "side"}
    assert TuningStudy.objects.get().fixed == {"trust": 0.9}


def test_trials_that_stumble_are_noted_and_passed_over(trusting: Algorithm, coin_toss: CoinToss) -> None:
    tunable(coin_toss, name="stumbling", defaults={"stumble": 0.3}, space=(real("trust", 0.05, 2.0, usual=0.9),))
    record = ModelVersion.objects.get(run=trained(algorithm="stumbling", tuning={"trials": 12})).tuning
    assert record["trials"] == 12
    assert (
        record["failed"] == TuningTrial.objects.filter(state=State.FAILED, note="ValueError: It stumbled.").count() > 0
    )


def test_a_search_in_which_every_trial_fails_says_so(trusting: Algorithm, coin_toss: CoinToss) -> None:
    tunable(coin_toss, name="hopeless", defaults={"stumble": 9.0})
    done = trained(algorithm="hopeless", tuning={"trials": 100})
    assert done.status == Status.FAILED
    assert done.error_message == "None of 10 trials could be completed; the last failed: ValueError: It stumbled."


def test_a_metric_that_is_higher_for_the_better_is_maximised(
    trusting: Algorithm, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    [brier] = coin_toss.metrics
    skill = replace(brier, name="skill", compute=lambda p, y: 1 - brier.compute(p, y), lower_is_better=False)
    monkeypatch.setattr(CoinToss, "metrics", (skill,))
    record = ModelVersion.objects.get(run=trained(tuning={"trials": 10})).tuning
    best = max(trial.value or 0.0 for trial in TuningTrial.objects.filter(state=State.COMPLETE))
    assert record["best_value"] == best > record["usual_value"]


def test_a_champion_that_was_tuned_the_same_way_on_the_same_rows_is_not_trained_again(trusting: Algorithm) -> None:
    promote(ModelVersion.objects.get(run=trained(tuning={"trials": 3})), by=None)
    assert "Nothing changed" in trained(tuning={"trials": 3}).message
    found = ModelVersion.objects.get().hyper_parameters
    assert "Nothing changed" in trained(hyper_parameters=found).message, "the weekly retraining asks like this"
    assert trained(tuning={"trials": 4}).message == "Done"


def test_a_retried_run_asks_for_the_same_search(trusting: Algorithm) -> None:
    done = trained(tuning={"trials": 2})
    assert runs.retry(done).tuning == {"trials": 2}


def test_trials_are_made_in_several_processes(trusting: Algorithm, settings: Any) -> None:
    settings.TUNING_PROCESSES = 2
    record = ModelVersion.objects.get(run=trained(tuning={"trials": 8})).tuning
    assert record["trials"] == 8
    assert record["best_value"] < record["usual_value"]


def test_what_can_not_travel_to_a_process_is_tried_in_this_one(trusting: Algorithm, coin_toss: CoinToss) -> None:
    from django.test import override_settings

    tunable(coin_toss, name="local", build=lambda **parameters: Trusting(**parameters))
    with override_settings(TUNING_PROCESSES=2):
        assert trained(algorithm="local", tuning={"trials": 2}).status == Status.COMPLETED

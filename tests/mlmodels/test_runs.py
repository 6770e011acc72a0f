from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from mlmodels import leases, runs
from mlmodels.errors import InvalidState, RunCancelled, TooLittleData, UnknownAlgorithm, UnknownProblem
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection
from mlmodels.tasks import train_run
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status


@pytest.fixture
def run(coin_toss: CoinToss) -> TrainingRun:
    return _request()


def _request(**kwargs: object) -> TrainingRun:
    request = {"problem": "coin-toss", "algorithm": "logit", "selection": Selection(), "dispatch": False, **kwargs}
    return runs.request_run(**request)[0]  # type: ignore[arg-type]  # a test's shorthand


def test_it_trains_evaluates_and_registers_a_version(run: TrainingRun) -> None:
    done = runs.execute(str(run.pk), worker="w1")
    assert done is not None
    assert (done.status, done.progress, done.error_message) == (Status.COMPLETED, 100, "")
    version = done.model_version
    assert version.role == ModelVersion.Role.EXPERIMENTAL
    assert version.metrics["train"]["n"] == 280
    assert version.metrics["test"]["n"] == 60
    assert version.metrics["test"]["brier"] < version.metrics["baselines"]["train-frequencies"]["brier"]
    assert [line["message"] for line in done.logs][-1] == "Run completed"


def test_a_second_request_returns_the_run_in_flight(run: TrainingRun) -> None:
    again, created = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False)
    assert (again.pk, created) == (run.pk, False)


def test_of_two_workers_one_gets_the_run(run: TrainingRun) -> None:
    assert runs.claim(str(run.pk), worker="w1") is not None
    assert runs.claim(str(run.pk), worker="w2") is None


def test_it_does_nothing_where_the_champion_saw_the_same_data(run: TrainingRun) -> None:
    from mlmodels.promotion import promote

    runs.execute(str(run.pk), worker="w1")
    promote(ModelVersion.objects.get(), by=None)
    again = runs.execute(str(_request().pk), worker="w1")
    assert again is not None
    assert again.status == Status.COMPLETED
    assert "Nothing changed" in again.message
    assert ModelVersion.objects.count() == 1
    forced = runs.execute(str(_request(force=True).pk), worker="w1")
    assert forced is not None
    assert ModelVersion.objects.count() == 2


def test_cancelling_a_queued_run_ends_it(run: TrainingRun) -> None:
    assert runs.cancel(run).status == Status.CANCELLED
    assert runs.execute(str(run.pk), worker="w1") is None
    with pytest.raises(InvalidState, match="nothing to cancel"):
        runs.cancel(run)


def test_cancelling_a_running_run_stops_it_at_its_next_step(coin_toss: CoinToss, run: TrainingRun) -> None:
    def cancel_meanwhile(fraction: float, phrase: str) -> None:
        if not run.cancel_requested:
            runs.cancel(run)

    done = runs.execute(str(run.pk), worker="w1", watch=cancel_meanwhile)
    assert done is not None
    assert done.status == Status.CANCELLED
    assert not ModelVersion.objects.exists()


def test_a_dead_workers_run_is_queued_again_and_its_writes_are_fenced(run: TrainingRun) -> None:
    first = runs.claim(str(run.pk), worker="w1")
    assert first is not None
    hold = leases.Hold(first)
    TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert [reaped.pk for reaped in runs.reap()] == [run.pk]
    second = runs.execute(str(run.pk), worker="w2")
    assert second is not None
    assert (second.status, second.attempt) == (Status.COMPLETED, 2)
    with pytest.raises(leases.LeaseLost):
        hold.finish(Status.COMPLETED)
    run.refresh_from_db()
    assert run.worker == "w2"


def test_a_run_that_waits_is_sent_again_once_a_lease(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[TrainingRun] = []
    monkeypatch.setattr(runs, "_send", sent.append)
    runs.reap()
    assert sent == [], "the broker has had no time yet"
    TrainingRun.objects.update(created_at=timezone.now() - timedelta(hours=1))
    runs.reap()
    runs.reap()
    assert sent == [run]
    TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    runs.reap()
    assert sent == [run, run]


def test_a_dead_workers_run_is_sent_once(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[TrainingRun] = []
    monkeypatch.setattr(runs, "_send", sent.append)
    runs.claim(str(run.pk), worker="w1")
    long_ago = timezone.now() - timedelta(hours=1)
    TrainingRun.objects.update(heartbeat_at=long_ago, created_at=long_ago)
    runs.reap()
    assert sent == [run]


def test_a_broker_that_does_not_answer_leaves_the_run_to_the_reaper(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(train_run, "delay", Mock(side_effect=OSError("Connection refused")))
    with django_capture_on_commit_callbacks(execute=True):
        run = _request(dispatch=True)
    run.refresh_from_db()
    assert run.status == Status.QUEUED


def test_a_run_cancelled_after_its_lease_was_lost_ends_no_one_elses(coin_toss: CoinToss, run: TrainingRun) -> None:
    def replace_and_cancel(fraction: float, phrase: str) -> None:
        TrainingRun.objects.update(attempt=2, worker="w2", cancel_requested=True)
        raise RunCancelled("Cancelled.")

    left = runs.execute(str(run.pk), worker="w1", watch=replace_and_cancel)
    assert left is not None
    assert (left.status, left.worker) == (Status.RUNNING, "w2")


def test_a_run_deleted_while_it_trains_leaves_no_version(coin_toss: CoinToss, run: TrainingRun) -> None:
    def delete(fraction: float, phrase: str) -> None:
        TrainingRun.objects.all().delete()

    assert runs.execute(str(run.pk), worker="w1", watch=delete) is None
    assert not ModelVersion.objects.exists()


def test_a_training_that_takes_too_long_fails_in_words(run: TrainingRun) -> None:
    def time_out(fraction: float, phrase: str) -> None:
        raise SoftTimeLimitExceeded

    done = runs.execute(str(run.pk), worker="w1", watch=time_out)
    assert done is not None
    assert done.status == Status.FAILED
    assert "longer than a run may" in done.error_message


def test_an_end_that_was_rolled_back_is_not_in_the_log(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlmodels.artifacts.keep", Mock(side_effect=OSError(28, "No space left on device")))
    done = runs.execute(str(run.pk), worker="w1")
    assert done is not None
    assert done.status == Status.FAILED
    assert "No space left" in done.error_message
    assert "Run completed" not in [line["message"] for line in done.logs]
    assert not ModelVersion.objects.exists()


def test_a_run_that_kills_every_worker_fails_with_words(run: TrainingRun) -> None:
    for attempt in range(leases.MAX_ATTEMPTS):
        assert runs.claim(str(run.pk), worker=f"w{attempt}") is not None
        TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        runs.reap()
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert "stopped answering" in run.error_message
    assert runs.retry(run).status == Status.QUEUED


def test_a_living_worker_is_not_reaped(run: TrainingRun) -> None:
    runs.claim(str(run.pk), worker="w1")
    assert runs.reap() == []


def test_a_heartbeat_outlives_a_database_that_does_not_answer(
    run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = leases.Hold(run)
    beats = []

    def check() -> None:
        beats.append(1)
        if len(beats) == 2:
            hold._stop.set()
        raise OperationalError("database is locked")

    monkeypatch.setattr(hold, "check", check)
    monkeypatch.setattr("mlmodels.leases.close_old_connections", lambda: None)
    monkeypatch.setattr("mlmodels.leases.connection", Mock())
    hold._beat(every=0.001)
    assert len(beats) == 2


def test_a_training_may_take_as_long_as_the_broker_waits() -> None:
    soft, hard = train_run.soft_time_limit or 0, train_run.time_limit or 0
    assert settings.CELERY_TASK_TIME_LIMIT < soft < hard <= settings.LONGEST_TASK.total_seconds()


def test_an_unforeseen_error_fails_the_run(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _request(hyper_parameters={"nonsense": 1})
    done = runs.execute(str(run.pk), worker="w1")
    assert done is not None
    assert done.status == Status.FAILED
    assert "nonsense" in done.error_message


def test_a_selection_too_small_is_refused(coin_toss: CoinToss) -> None:
    coin_toss.tosses = 1
    with pytest.raises(TooLittleData, match="has 1 finished rows; at least 50"):
        _request()


def test_unknown_names_are_refused_with_the_known_ones(coin_toss: CoinToss) -> None:
    with pytest.raises(UnknownAlgorithm, match="logit"):
        _request(algorithm="magic")
    with pytest.raises(UnknownProblem, match="coin-toss"):
        _request(problem="tarot")


def test_a_taken_version_name_is_refused(run: TrainingRun) -> None:
    runs.execute(str(run.pk), worker="w1")
    name = ModelVersion.objects.get().version
    with pytest.raises(InvalidState, match=name):
        _request(version_name=name)

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from mlmodels import runs
from mlmodels.errors import InvalidState, TooLittleData, UnknownAlgorithm, UnknownProblem
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
    hold = runs.Hold(first)
    TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert [reaped.pk for reaped in runs.reap()] == [run.pk]
    second = runs.execute(str(run.pk), worker="w2")
    assert second is not None
    assert (second.status, second.attempt) == (Status.COMPLETED, 2)
    with pytest.raises(runs.LeaseLost):
        hold.finish(Status.COMPLETED)
    run.refresh_from_db()
    assert run.worker == "w2"


def test_a_run_that_kills_every_worker_fails_with_words(run: TrainingRun) -> None:
    for attempt in range(runs.MAX_ATTEMPTS):
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
    hold = runs.Hold(run)
    beats = []

    def check() -> None:
        beats.append(1)
        if len(beats) == 2:
            hold._stop.set()
        raise OperationalError("database is locked")

    monkeypatch.setattr(hold, "check", check)
    monkeypatch.setattr("mlmodels.runs.close_old_connections", lambda: None)
    monkeypatch.setattr("mlmodels.runs.connection", Mock())
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

"""Fits shared among workers: parts are taken, handed on, given up and cleared away."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from mlmodels import artifacts, leases, runs, sweeping
from mlmodels import problem as problems
from mlmodels.errors import ArtifactError
from mlmodels.models import FitPart, ModelVersion, SubjectReport, TrainingRun
from mlmodels.parts import results, sharing, working
from mlmodels.selection import Selection
from tests.mlmodels.counted_things import CountedThings, SlowOn

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, storage: Path) -> TrainingRun:
    problem = CountedThings()
    monkeypatch.setitem(problems._problems, problem.slug, problem)
    found, _ = runs.request_run(
        problem=problem.slug, algorithm="per-subject", selection=Selection(), force=True, dispatch=False
    )
    return found


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The parts that were begun, in order."""
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(SlowOn, "begins", staticmethod(lambda subjects: told.append(tuple(subjects))))
    return told


def on_part(monkeypatch: pytest.MonkeyPatch, number: int, do: Any) -> list[int]:
    """Have something done as the part of this number (from 1) begins; gives how many began."""
    seen: list[int] = []

    def begins(subjects: Sequence[str]) -> None:
        seen.append(1)
        if len(seen) == number:
            do(subjects)

    monkeypatch.setattr(SlowOn, "begins", staticmethod(begins))
    return seen


def executed(run: TrainingRun) -> TrainingRun:
    ended = runs.execute(str(run.pk), worker="w1")
    assert ended is not None
    return ended


def files() -> list[str]:
    return sorted(path.name for path in Path(settings.ARTIFACT_DIR).glob("*.part"))


def test_a_worker_alone_fits_all_parts_and_leaves_none(run: TrainingRun, begun: list[tuple[str, ...]]) -> None:
    ended = executed(run)
    assert (ended.status, ended.error_message) == (Status.COMPLETED, "")
    assert len(begun) == 12, "six subjects for the evaluation, and again on all rows"
    assert (FitPart.objects.count(), files()) == (0, [])
    said = [line["message"] for line in ended.logs if "subjects fitted" in line["message"]]
    assert said == ["6 of 6 subjects fitted, in 6 parts by 1 worker"] * 2
    model = artifacts.load(ModelVersion.objects.get()).estimator.estimator
    assert sorted(model.ensembles_) == ["0", "1", "2", "3", "4", "5"]


def test_a_helper_fits_what_waits(
    run: TrainingRun, begun: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    helped: list[int] = []
    monkeypatch.setattr(sharing, "_hint", lambda run, parts: helped.append(working.help_fit(run.pk, worker="helper")))
    ended = executed(run)
    assert ended.status == Status.COMPLETED
    assert helped == [6, 6]
    assert len(begun) == 12, "nothing is fitted twice"


def test_a_helper_that_comes_late_finds_nothing(run: TrainingRun) -> None:
    executed(run)
    assert working.help_fit(run.pk, worker="late") == 0


def test_a_cancelled_run_ends_and_leaves_no_part(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = on_part(monkeypatch, 2, lambda subjects: runs.cancel(run))
    ended = executed(run)
    assert ended.status == Status.CANCELLED
    assert len(seen) == 2
    assert (FitPart.objects.count(), files(), ModelVersion.objects.count()) == (0, [], 0)


def test_nobody_helps_a_run_that_is_being_cancelled(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def cancel_and_help(subjects: Sequence[str]) -> None:
        runs.cancel(run)
        taken.append(working.help_fit(run.pk, worker="helper"))

    on_part(monkeypatch, 1, cancel_and_help)
    executed(run)
    assert taken == [0]


def test_a_part_that_fails_fails_alone(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(subjects: Sequence[str]) -> None:
        if subjects == ["3"]:
            raise MemoryError("no room")

    monkeypatch.setattr(SlowOn, "begins", staticmethod(fail))
    ended = executed(run)
    assert ended.status == Status.COMPLETED
    model = artifacts.load(ModelVersion.objects.get()).estimator.estimator
    assert sorted(model.ensembles_) == ["0", "1", "2", "4", "5"]
    assert "MemoryError: no room" in model.failures_["3"]
    assert SubjectReport.objects.get().lines["3"]["answered_by"] == "global"


def test_where_every_subject_fails_the_run_does(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(subjects: Sequence[str]) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(SlowOn, "begins", staticmethod(fail))
    ended = executed(run)
    assert ended.status == Status.FAILED
    assert ended.error_message.startswith("None of 6 subjects could be fitted")
    assert FitPart.objects.count() == 0


def test_a_dead_workers_part_is_taken_over(
    run: TrainingRun, begun: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die_with_one(run: TrainingRun, parts: int) -> None:
        if not FitPart.objects.filter(attempt__gt=0).exists():
            dead = leases.claim(FitPart, FitPart.objects.order_by("number")[2].pk, worker="dead")
            assert dead is not None
            FitPart.objects.filter(pk=dead.pk).update(heartbeat_at=timezone.now() - timedelta(days=1))

    monkeypatch.setattr(sharing, "_hint", die_with_one)
    monkeypatch.setattr(sharing, "LOOK_EVERY_SECONDS", 0.0)
    ended = executed(run)
    assert ended.status == Status.COMPLETED
    assert len(begun) == 12
    assert "1 taken over" in str(ended.logs)


def test_who_takes_a_run_over_keeps_the_parts_that_are_done(
    run: TrainingRun, monkeypatch: pytest.MonkeyPatch, begun: list[tuple[str, ...]]
) -> None:
    class Killed(BaseException):
        pass

    def die(subjects: Sequence[str]) -> None:
        # The reaper queues the run again while its first worker, long thought dead, is still at it.
        TrainingRun.objects.filter(pk=run.pk).update(attempt=2, status=Status.QUEUED)
        raise Killed

    on_part(monkeypatch, 4, die)
    with pytest.raises(Killed):
        runs.execute(str(run.pk), worker="w1")
    assert FitPart.objects.filter(status=Status.COMPLETED).count() == 3
    FitPart.objects.filter(status=Status.RUNNING).update(heartbeat_at=timezone.now() - timedelta(days=1))
    seen = on_part(monkeypatch, 0, None)
    monkeypatch.setattr(sharing, "LOOK_EVERY_SECONDS", 0.0)
    assert executed(run).status == Status.COMPLETED
    assert len(seen) == 3 + 6


def test_a_result_that_was_changed_is_not_read(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    real = results.write

    def forged(part: FitPart, result: Any) -> dict[str, str]:
        written = real(part, result)
        path = Path(settings.ARTIFACT_DIR) / written["result_path"]
        path.write_bytes(path.read_bytes().replace(b"forest", b"jungle"))
        return written

    monkeypatch.setattr(results, "write", forged)
    ended = executed(run)
    assert ended.status == Status.FAILED
    assert "was changed" in ended.error_message
    assert (FitPart.objects.count(), files()) == (0, [])


def test_one_parts_result_cannot_stand_for_anothers(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_remove", lambda parts: 0)
    executed(run)
    first, second = FitPart.objects.order_by("rows", "number")[:2]
    assert results.read(first)["fitted"]
    first.result_path, first.result_seal = second.result_path, second.result_seal
    with pytest.raises(ArtifactError, match="another part's"):
        results.read(first)


def test_what_a_run_that_ended_left_is_cleared(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_remove", lambda parts: 0)
    executed(run)
    monkeypatch.undo()
    assert FitPart.objects.count() == len(list(Path(settings.ARTIFACT_DIR).glob("*.part"))) == 12
    runs.reap()
    assert (FitPart.objects.count(), files()) == (0, [])


def test_files_of_parts_that_no_row_names_are_swept(run: TrainingRun) -> None:
    executed(run)
    forgotten = Path(settings.ARTIFACT_DIR) / artifacts.keep("x.part", json.dumps({}).encode())
    os.utime(forgotten, (0, 0))
    assert [orphan.path for orphan in sweeping.orphans()] == [forgotten]

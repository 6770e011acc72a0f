"""The life of a training run: asked for, claimed, watched, ended.

The row is the truth, whatever the broker remembers or forgets. A state moves by one conditional UPDATE, so that of two
workers one wins. A running row carries a lease (its heartbeat) and an attempt number: a worker that lost its lease can
no longer write, because each of its writes asks for its own attempt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from mlmodels import registry
from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.errors import InvalidState, ModelError, RunCancelled, TooLittleData
from mlmodels.models import TrainingRun
from mlmodels.problem import get_problem
from mlmodels.selection import Selection

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
# So many heartbeats may fail (a locked database, a busy machine) before a living worker is taken for dead.
HEARTBEATS_IN_A_LEASE = 18
MAX_LOG_LINES = 500
Status = TrainingRun.Status


def request_run(
    *,
    problem: str,
    algorithm: str,
    selection: Selection,
    requested_by: User | None = None,
    trigger: TrainingRun.Trigger = TrainingRun.Trigger.PERSON,
    hyper_parameters: dict[str, Any] | None = None,
    force: bool = False,
    seed: int = 0,
    version_name: str = "",
    dispatch: bool = True,
) -> tuple[TrainingRun, bool]:
    """Queue a run and send it to a worker once committed; the run already in flight for the same thing is returned.

    Returns the run and whether it is new. Raises UnknownProblem, UnknownAlgorithm, InvalidSelection, InvalidName,
    InvalidState where a version already has the wished name, and TooLittleData where the selection has fewer finished
    rows than the problem needs.
    `dispatch=False` leaves the sending to the caller.
    """
    declared = get_problem(problem)
    declared.algorithm(algorithm)
    refuse_what_is_not_there(declared, selection)
    if version_name:
        registry.check_name(version_name)
    rows = declared.count(selection)
    if rows < declared.minimum_rows:
        raise TooLittleData(
            f"The selection ({selection}) has {rows} finished rows; at least {declared.minimum_rows} are needed: "
            "choose more competitions or seasons, or a longer period."
        )
    same = TrainingRun.objects.in_flight().filter(problem=problem, algorithm=algorithm, selection_hash=selection.hash)
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(
                problem=problem,
                algorithm=algorithm,
                selection=selection.to_json(),
                selection_hash=selection.hash,
                requested_by=requested_by,
                trigger=trigger,
                hyper_parameters=hyper_parameters or {},
                force=force,
                seed=seed,
                version_name=version_name,
                match_count=rows,
                message="Waiting for a worker",
            )
            if dispatch:
                _send(run)
    except IntegrityError:
        if (other := same.first()) is None:
            raise
        return other, False
    return run, True


def cancel(run: TrainingRun) -> TrainingRun:
    """End a queued run now, and a running one at its next step. Raises InvalidState where it has ended."""
    now = timezone.now()
    queued = TrainingRun.objects.filter(pk=run.pk, status=Status.QUEUED)
    running = TrainingRun.objects.filter(pk=run.pk, status=Status.RUNNING)
    ended = queued.update(status=Status.CANCELLED, completed_at=now, cancel_requested=True, message="Cancelled")
    asked = ended or running.update(cancel_requested=True, message="Cancelling")
    run.refresh_from_db()
    if not asked:
        raise InvalidState(f"The run has {run.get_status_display().lower()} already: there is nothing to cancel.")
    return run


def abandon(run: TrainingRun) -> None:
    """End a run that this very process was training and stopped."""
    TrainingRun.objects.filter(pk=run.pk, status__in=TrainingRun.IN_FLIGHT).update(
        status=Status.CANCELLED, cancel_requested=True, completed_at=timezone.now(), message="Interrupted"
    )


def retry(run: TrainingRun, requested_by: User | None = None) -> TrainingRun:
    """A new run asking for the same. Raises InvalidState while the run has not ended."""
    if run.is_in_flight:
        raise InvalidState("The run has not ended yet: cancel it first, or wait.")
    again, _ = request_run(
        problem=run.problem,
        algorithm=run.algorithm,
        selection=Selection.from_json(run.selection),
        requested_by=requested_by,
        hyper_parameters=run.hyper_parameters,
        force=run.force,
        seed=run.seed,
    )
    return again


def execute(run_id: str, *, worker: str, watch: Callable[[float, str], None] | None = None) -> TrainingRun | None:
    """Claim a queued run and train it; None where another worker has it, it has ended or it was deleted.

    `watch` is told of progress beside the row (a command's progress bar). Whatever goes wrong in training is written to
    the run; errors that a person can mend are shown in their words.
    """
    from mlmodels.pipeline import train

    run = claim(run_id, worker=worker)
    if run is None:
        return None
    hold = Hold(run, watch=watch)
    try:
        with hold.heartbeats(), hold.ends_when_cancelled():
            train(run, hold=hold)
    except LeaseLost:
        log.warning("run_lease_lost", run=str(run.pk), attempt=run.attempt, worker=worker)
    except Exception as error:
        hold.fail(error)
    return TrainingRun.objects.filter(pk=run.pk).first()


def claim(run_id: str, *, worker: str) -> TrainingRun | None:
    """Take a queued run: of several workers asking, one gets it."""
    now = timezone.now()
    taken = TrainingRun.objects.filter(pk=run_id, status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker[:100],
        started_at=now,
        heartbeat_at=now,
        progress=0,
        phase="starting",
        message="Started",
    )
    return TrainingRun.objects.get(pk=run_id) if taken else None


def reap() -> list[TrainingRun]:
    """Deal with runs whose worker stopped answering: queue them again, and after the last attempt fail them.

    Queued runs that no worker took for a whole lease are sent again, since a broker may have lost the message.
    """
    now = timezone.now()
    stale = now - settings.RUN_LEASE
    dealt_with = [
        run
        for run in TrainingRun.objects.filter(status=Status.RUNNING, heartbeat_at__lt=stale)
        if _give_up(run) or _queue_again(run)
    ]
    waiting = Q(heartbeat_at__lt=stale) | Q(heartbeat_at=None, created_at__lt=stale)
    for run in TrainingRun.objects.filter(waiting, status=Status.QUEUED):
        # Noted as a sign of life, so that a run that waits behind a long one is not sent again at each look.
        if TrainingRun.objects.filter(waiting, pk=run.pk, status=Status.QUEUED).update(heartbeat_at=now):
            _send(run)
    return dealt_with


def _still_held_by_the_dead(run: TrainingRun) -> Any:
    return TrainingRun.objects.filter(
        pk=run.pk, status=Status.RUNNING, attempt=run.attempt, heartbeat_at=run.heartbeat_at
    )


def _give_up(run: TrainingRun) -> bool:
    if run.attempt < MAX_ATTEMPTS and not run.cancel_requested:
        return False
    status = Status.CANCELLED if run.cancel_requested else Status.FAILED
    words = f"The worker {run.worker} stopped answering (attempt {run.attempt} of {MAX_ATTEMPTS})."
    return bool(
        _still_held_by_the_dead(run).update(
            status=status,
            completed_at=timezone.now(),
            message="Stopped: the worker died",
            error_message=f"{words} Look at the worker's memory and log, then retry the run.",
        )
    )


def _queue_again(run: TrainingRun) -> bool:
    words = f"The worker {run.worker} stopped answering; queued again (attempt {run.attempt} of {MAX_ATTEMPTS})"
    line = {"at": timezone.now().isoformat(), "level": "warning", "message": words}
    with transaction.atomic():
        freed = _still_held_by_the_dead(run).update(
            status=Status.QUEUED, message=words, progress=0, heartbeat_at=timezone.now(), logs=[*run.logs, line]
        )
        if freed:
            _send(run)
    return bool(freed)


def _send(run: TrainingRun) -> None:
    """Tell a worker once committed. A broker that does not answer is logged: the run waits, and the reaper sends it."""
    from mlmodels.tasks import train_run

    def tell() -> None:
        train_run.delay(str(run.pk))

    transaction.on_commit(tell, robust=True)


class LeaseLost(Exception):
    """This worker was thought dead and replaced; nothing it does counts any more."""


class Hold:
    """One worker's hold on a run it claimed: progress, log lines, heartbeats, and the fenced end."""

    def __init__(self, run: TrainingRun, *, watch: Callable[[float, str], None] | None = None) -> None:
        self.run = run
        self._watch = watch
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._lines: list[dict[str, str]] = list(run.logs)
        self._phase = ("", 0.0, 1.0)
        self._written = (-1, "")

    @property
    def _mine(self) -> Any:
        return TrainingRun.objects.filter(pk=self.run.pk, attempt=self.run.attempt, status=Status.RUNNING)

    @contextmanager
    def heartbeats(self) -> Iterator[None]:
        """Keep the lease alive from a thread, so that a long fit without progress is not taken for dead.

        Without a thread where the database lives in this process's memory (one connection can't serve two threads).
        """
        if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's own
            yield
            return
        every = settings.RUN_LEASE.total_seconds() / HEARTBEATS_IN_A_LEASE
        thread = threading.Thread(target=self._beat, args=(every,), name=f"heartbeat-{self.run.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    @contextmanager
    def ends_when_cancelled(self) -> Iterator[None]:
        """Turn the stop that `progress` raised into the run's end. Raises LeaseLost."""
        try:
            yield
        except RunCancelled:
            self.finish(Status.CANCELLED, message="Cancelled")

    def _beat(self, every: float) -> None:
        while not self._stop.wait(every):
            close_old_connections()
            try:
                self.check()
            except DatabaseError as error:
                # A locked or restarting database is no reason to stop: the lease outlives many beats.
                log.warning("heartbeat_missed", run=str(self.run.pk), error=str(error))
        connection.close()

    def check(self) -> None:
        """Renew the lease and learn whether someone cancelled or replaced us."""
        if not self._mine.update(heartbeat_at=timezone.now()):
            self._lost.set()
        elif TrainingRun.objects.filter(pk=self.run.pk, cancel_requested=True).exists():
            self._cancelled.set()

    def enter(self, phase: str, *, start: int, end: int) -> None:
        """Begin a phase that takes the run from `start` to `end` per cent."""
        self._phase = (phase, start / 100, end / 100)
        self.say(f"{phase.capitalize()} began")
        self.progress(0.0, phase.capitalize())

    def progress(self, fraction: float, phrase: str) -> None:
        """Report a fraction 0..1 of the present phase. Raises RunCancelled, LeaseLost."""
        phase, start, end = self._phase
        overall = start + (end - start) * min(max(fraction, 0.0), 1.0)
        if self._watch is not None:
            self._watch(overall, phrase)
        percent = int(overall * 100)
        if (percent, phase) != self._written:
            self._written = (percent, phase)
            self.check()
            self._mine.update(progress=percent, phase=phase, message=phrase[:300])
        if self._lost.is_set():
            raise LeaseLost
        if self._cancelled.is_set():
            raise RunCancelled("Cancelled.")

    def say(self, message: str, level: str = "info") -> None:
        """Add a line to the run's log."""
        self._lines = self._with(message, level)
        self._mine.update(logs=self._lines)

    def _with(self, message: str, level: str = "info") -> list[dict[str, str]]:
        line = {"at": timezone.now().isoformat(), "level": level, "message": message}
        return [*self._lines, line][-MAX_LOG_LINES:]

    def finish(self, status: TrainingRun.Status, **fields: Any) -> None:
        """End the run, once. Raises LeaseLost where the run is no longer ours."""
        # Not kept in `_lines`: where the end is rolled back, what follows must not read "completed".
        logs = self._with(f"Run {status.label.lower()}")
        if not self._mine.update(status=status, completed_at=timezone.now(), logs=logs, **fields):
            raise LeaseLost

    def fail(self, error: Exception) -> None:
        """End the run as failed, in the error's words; a lost lease is only logged."""
        if isinstance(error, ModelError):
            words = str(error)
        elif isinstance(error, SoftTimeLimitExceeded):
            words = f"It took longer than a training may ({settings.LONGEST_TASK}): choose less data, or train by hand."
        else:
            log.exception("run_failed", run=str(self.run.pk))
            words = f"{type(error).__name__}: {error}. The server's log has the details."
        self.say(words, "error")
        self._mine.update(status=Status.FAILED, completed_at=timezone.now(), message="Failed", error_message=words)

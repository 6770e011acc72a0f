"""Leases: of several workers one does a piece of work, and a dead one is noticed.

The row is the truth, whatever the broker remembers or forgets. A state moves by one conditional UPDATE, so that of two
workers one wins. A running row carries a lease (its heartbeat) and an attempt number: a worker that lost its lease can
no longer write, because each of its writes asks for its own attempt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from mlmodels.errors import InvalidState, ModelError, RunCancelled
from mlmodels.models.work import LeasedWork

if TYPE_CHECKING:
    from uuid import UUID

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
# So many heartbeats may fail (a locked database, a busy machine) before a living worker is taken for dead.
HEARTBEATS_IN_A_LEASE = 18
MAX_LOG_LINES = 500
Status = LeasedWork.Status
W = TypeVar("W", bound=LeasedWork)


def claim(kind: type[W], pk: UUID | str, *, worker: str) -> W | None:
    """Take queued work: of several workers asking, one gets it."""
    now = timezone.now()
    taken = kind.objects.filter(pk=pk, status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker[:100],
        started_at=now,
        heartbeat_at=now,
        progress=0,
        phase="starting",
        message="Started",
    )
    found: W | None = kind.objects.filter(pk=pk).first() if taken else None
    return found


def cancel(work: W) -> W:
    """End queued work now, and running work at its next step. Raises InvalidState where it has ended."""
    now = timezone.now()
    rows = type(work).objects.filter(pk=work.pk)
    ended = rows.filter(status=Status.QUEUED).update(
        status=Status.CANCELLED, completed_at=now, cancel_requested=True, message="Cancelled"
    )
    asked = ended or rows.filter(status=Status.RUNNING).update(cancel_requested=True, message="Cancelling")
    work.refresh_from_db()
    if not asked:
        raise InvalidState(
            f"The {work.noun} has {work.get_status_display().lower()} already: there is nothing to cancel."
        )
    return work


def abandon(work: LeasedWork) -> None:
    """End work that this very process was doing and stopped."""
    type(work).objects.filter(pk=work.pk, status__in=LeasedWork.IN_FLIGHT).update(
        status=Status.CANCELLED, cancel_requested=True, completed_at=timezone.now(), message="Interrupted"
    )


def reap(kind: type[W], send: Callable[[W], None]) -> list[W]:
    """Deal with work whose worker stopped answering: queue it again, and after the last attempt fail it.

    Queued work that no worker took for a whole lease is sent again, since a broker may have lost the message.
    """
    now = timezone.now()
    stale = now - settings.RUN_LEASE
    dealt_with = [
        work
        for work in kind.objects.filter(status=Status.RUNNING, heartbeat_at__lt=stale)
        if _give_up(work) or _queue_again(work, send)
    ]
    waiting = Q(heartbeat_at__lt=stale) | Q(heartbeat_at=None, created_at__lt=stale)
    for work in kind.objects.filter(waiting, status=Status.QUEUED):
        # Noted as a sign of life, so that work that waits behind a long one is not sent again at each look.
        if kind.objects.filter(waiting, pk=work.pk, status=Status.QUEUED).update(heartbeat_at=now):
            send(work)
    return dealt_with


def _still_held_by_the_dead(work: LeasedWork) -> Any:
    return type(work).objects.filter(
        pk=work.pk, status=Status.RUNNING, attempt=work.attempt, heartbeat_at=work.heartbeat_at
    )


def _give_up(work: LeasedWork) -> bool:
    if work.attempt < MAX_ATTEMPTS and not work.cancel_requested:
        return False
    status = Status.CANCELLED if work.cancel_requested else Status.FAILED
    words = f"The worker {work.worker} stopped answering (attempt {work.attempt} of {MAX_ATTEMPTS})."
    return bool(
        _still_held_by_the_dead(work).update(
            status=status,
            completed_at=timezone.now(),
            message="Stopped: the worker died",
            error_message=f"{words} Look at the worker's memory and log, then retry the {work.noun}.",
        )
    )


def _queue_again(work: W, send: Callable[[W], None]) -> bool:
    words = f"The worker {work.worker} stopped answering; queued again (attempt {work.attempt} of {MAX_ATTEMPTS})"
    line = {"at": timezone.now().isoformat(), "level": "warning", "message": words}
    with transaction.atomic():
        freed = _still_held_by_the_dead(work).update(
            status=Status.QUEUED, message=words, progress=0, heartbeat_at=timezone.now(), logs=[*work.logs, line]
        )
        if freed:
            send(work)
    return bool(freed)


class LeaseLost(Exception):
    """This worker was thought dead and replaced; nothing it does counts any more."""


class Hold:
    """One worker's hold on work it claimed: progress, log lines, heartbeats, and the fenced end."""

    def __init__(self, work: LeasedWork, *, watch: Callable[[float, str], None] | None = None) -> None:
        self.work = work
        self._watch = watch
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._lines: list[dict[str, str]] = list(work.logs)
        self._phase = ("", 0.0, 1.0)
        self._written = (-1, "")

    @property
    def _mine(self) -> Any:
        return type(self.work).objects.filter(pk=self.work.pk, attempt=self.work.attempt, status=Status.RUNNING)

    @contextmanager
    def heartbeats(self) -> Iterator[None]:
        """Keep the lease alive from a thread, so that a long fit without progress is not taken for dead.

        Without a thread where the database lives in this process's memory (one connection can't serve two threads).
        """
        if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's own
            yield
            return
        every = settings.RUN_LEASE.total_seconds() / HEARTBEATS_IN_A_LEASE
        thread = threading.Thread(target=self._beat, args=(every,), name=f"heartbeat-{self.work.pk}", daemon=True)
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
                log.warning("heartbeat_missed", work=str(self.work.pk), error=str(error))
        connection.close()

    def check(self) -> None:
        """Renew the lease and learn whether someone cancelled or replaced us."""
        if not self._mine.update(heartbeat_at=timezone.now()):
            self._lost.set()
        elif type(self.work).objects.filter(pk=self.work.pk, cancel_requested=True).exists():
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

    def finish(self, status: LeasedWork.Status, **fields: Any) -> None:
        """End the run, once. Raises LeaseLost where the run is no longer ours."""
        # Not kept in `_lines`: where the end is rolled back, what follows must not read "completed".
        logs = self._with(f"{self.work.noun.capitalize()} {status.label.lower()}")
        if not self._mine.update(status=status, completed_at=timezone.now(), logs=logs, **fields):
            raise LeaseLost

    def fail(self, error: Exception) -> None:
        """End the run as failed, in the error's words; a lost lease is only logged."""
        if isinstance(error, ModelError):
            words = str(error)
        elif isinstance(error, SoftTimeLimitExceeded):
            words = f"It took longer than a {self.work.noun} may ({settings.LONGEST_TASK}): choose less data."
        else:
            log.exception("work_failed", noun=self.work.noun, work=str(self.work.pk))
            words = f"{type(error).__name__}: {error}. The server's log has the details."
        self.say(words, "error")
        self._mine.update(status=Status.FAILED, completed_at=timezone.now(), message="Failed", error_message=words)


def carry_out(hold: Hold, do: Callable[[], None]) -> None:
    """Do claimed work under its lease: whatever goes wrong is written to the row, in the words of who can mend it."""
    try:
        with hold.heartbeats(), hold.ends_when_cancelled():
            do()
    except LeaseLost:
        log.warning("lease_lost", work=str(hold.work.pk), attempt=hold.work.attempt, worker=hold.work.worker)
    except Exception as error:
        hold.fail(error)

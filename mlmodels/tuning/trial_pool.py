"""Processes that work on trials, as seen by the one process that holds the study."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mlmodels.tuning.work import Work

ROOT = Path(__file__).resolve().parents[2]
MOST_DEATHS = 3
"""So many processes may die (killed, out of memory) before the search gives up replacing them."""


class PoolBroken(Exception):
    """Processes die whatever they are given."""


@dataclass(kw_only=True, eq=False)
class Child:
    process: subprocess.Popen[bytes]
    connection: Connection
    trial: Any = None


class TrialPool:
    """`size` processes that know the work. Leave the context to end them, whatever they are doing."""

    def __init__(self, work: Work, *, size: int) -> None:
        self._work = pickle.dumps(work)
        self._children = [self._start() for _ in range(size)]
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for child in self._children:
            self._end(child)

    @property
    def free(self) -> Sequence[Child]:
        return [child for child in self._children if child.trial is None]

    @property
    def is_busy(self) -> bool:
        return any(child.trial is not None for child in self._children)

    def ask(self, child: Child, trial: Any, parameters: Mapping[str, Any]) -> None:
        """Have a free child work on a trial."""
        child.trial = trial
        self._tell(child, dict(parameters))

    def answer(self, child: Child, *, go_on: bool) -> None:
        """Let a child that reported a block go on, or break its trial off."""
        if not go_on:
            child.trial = None
        self._tell(child, go_on)

    def messages(self, seconds: float) -> list[tuple[Child, str, Any]]:
        """What children said, within `seconds`: ("block", Block), ("done", None), ("failed", words), ("died", words).

        Raises PoolBroken after too many deaths.
        """
        busy = {child.connection: child for child in self._children if child.trial is not None}
        found: list[tuple[Child, str, Any]] = []
        for ready in wait(list(busy), timeout=seconds):
            child = busy[ready]  # type: ignore[index]  # it gives back what it was given
            try:
                found.append((child, *child.connection.recv()))
            except (EOFError, OSError):
                found.append((child, "died", "The process that worked on it died."))
                self._replace(child)
        return found

    def _replace(self, dead: Child) -> None:
        self._end(dead)
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise PoolBroken
        self._children[self._children.index(dead)] = self._start()

    def _start(self) -> Child:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - ourselves, with a number
                [sys.executable, "-m", "mlmodels.tuning.trial_process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                # One thread each: there is a process for every core.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": _path()},
                stdin=subprocess.DEVNULL,
                # An interrupt on the terminal is for us; we then end them.
                start_new_session=True,
            )
        child = Child(process=process, connection=Connection(ours.detach()))
        # It died where this fails: its connection then reads as ended when it is given a trial.
        with suppress(OSError):
            child.connection.send_bytes(self._work)
        return child

    def _tell(self, child: Child, what: Any) -> None:
        with suppress(OSError):
            child.connection.send(what)

    def _end(self, child: Child) -> None:
        child.connection.close()
        child.process.kill()
        child.process.wait()


def _path() -> str:
    return os.pathsep.join(entry for entry in sys.path if entry)

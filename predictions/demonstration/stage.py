"""Where a demonstration is told: a terminal, a test, nowhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from mlmodels.problem import Progress


class Stage(Protocol):
    def step(self, title: str) -> AbstractContextManager[Progress]:
        """A step with a progress bar; the callable takes a fraction 0..1 and a phrase."""
        ...

    def say(self, words: str) -> None:
        """A line under the present step."""
        ...

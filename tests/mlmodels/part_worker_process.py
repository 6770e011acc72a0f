"""A worker in a process of its own, which knows the counted things and can be told to wait, or to die, at its parts.

`python -m tests.mlmodels.part_worker_process migrate,ask,work waits|dies`: what to do, one after the other, and what to
do as its first part begins. It prints `part` then; one that waits goes on when it is told so on its standard input.
"""

import sys
from collections.abc import Sequence

from tests.mlmodels.worker_process import die, migrate, say, work  # isort: skip - it sets Django up

from mlmodels import problem as problems
from mlmodels import runs
from mlmodels.selection import Selection
from tests.mlmodels.counted_things import CountedThings, SlowOn


def ask() -> None:
    runs.request_run(problem=CountedThings.slug, algorithm="per-subject", selection=Selection())


def begins(subjects: Sequence[str]) -> None:
    if not begun:
        begun.append(subjects)
        say("part")
        if AT_PART == "dies":
            die()
        sys.stdin.readline()


if __name__ == "__main__":
    AT_PART = sys.argv[2]
    begun: list[Sequence[str]] = []
    SlowOn.begins = staticmethod(begins)  # type: ignore[method-assign]  # that is what it is there for
    problems._problems[CountedThings.slug] = CountedThings()
    for verb in sys.argv[1].split(","):
        {"migrate": migrate, "ask": ask, "work": work}[verb]()

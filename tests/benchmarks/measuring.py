"""What a child process took."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """What a command printed and took; CPU time is that of the children, memory the most that any had so far."""

    told: str
    seconds: float
    cpu: float
    megabytes: float


def timed(work: Callable[[], str]) -> Taken:
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = work()
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(told, seconds, cpu, after.ru_maxrss / 1024)

"""What the benchmarks share: CPU time of a call, and the one line of JSON that a figure is printed as."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any


def cpu_seconds(work: Callable[[], Any], *, repeats: int) -> float:
    """Median CPU time of `work` over all threads of this process, after one call that warms caches."""
    work()
    spent = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return statistics.median(spent)


def report(name: str, value: float, unit: str, *, ratio: float | None = None, peer: str | None = None) -> None:
    """One figure; `ratio` is how many times as much the peer's is."""
    print(json.dumps({"name": name, "value": float(f"{value:.4g}"), "unit": unit, "ratio": ratio, "peer": peer}))

"""Several models walked forward over the same rows, in stretches that processes can share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmodels.estimators.match_rows import days
from mlmodels.evaluation.walk_forward import Answer, Progress, probabilities, walk_forward

Floats = NDArray[np.float64]

STRETCH_DAYS = 182
"""How far one task walks: short enough to share among processes, long enough to pay for its first fit."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A model to walk. build: makes it unfitted; importable by name. X, y: all rows in time order, as it reads them."""

    name: str
    build: Callable[[], Any]
    X: Any
    y: Any
    refit_every: timedelta | None
    answer: Answer = probabilities


def walk_side_by_side(
    candidates: Sequence[Candidate],
    times: Any,
    chosen: NDArray[np.bool_],
    *,
    width: int,
    jobs: int = 1,
    progress: Progress | None = None,
) -> dict[str, Floats]:
    """What each candidate answers, (n, width), on the stretches that hold chosen rows, NaN on the others.

    times: (n,) datetimes, ascending. jobs: processes, -1 for one a core; figures do not depend on it. The period from
    the first chosen day on is cut in stretches of half a year, each walked as `walk_forward` does; estimators that
    begin at the one before do so within a stretch. A candidate that is not refitted walks all of it at once. Raises
    what `walk_forward` raises.
    """
    from joblib import Parallel, delayed

    stretches, whole = _stretches(days(times), chosen), _whole(days(times), chosen)
    tables = {candidate.name: np.full((len(chosen), width), np.nan) for candidate in candidates}
    tasks = [
        delayed(_walk)(candidate, times, begin, end)
        for candidate in candidates
        for begin, end in (whole if candidate.refit_every is None else stretches)
    ]
    done = Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks)
    for count, (name, begin, end, walked) in enumerate(done, start=1):
        tables[name][begin:end] = walked
        if progress is not None:
            progress(count / len(tasks), f"{count} of {len(tasks)} stretches walked, the last by {name}")
    return tables


def _whole(day: Floats, chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From the first chosen day to the last chosen row: for those who are fitted once."""
    begin = int(np.searchsorted(day, np.floor(day[chosen][0])))
    return [(begin, int(chosen.nonzero()[0][-1]) + 1)]


def _stretches(day: Floats, chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first row, row after the last) of each half year that has a chosen row, whole days together."""
    found = []
    begin = int(np.searchsorted(day, np.floor(day[chosen][0])))
    last = int(chosen.nonzero()[0][-1])
    while begin <= last:
        end = int(np.searchsorted(day, np.floor(day[begin]) + STRETCH_DAYS))
        if chosen[begin:end].any():
            found.append((begin, end))
        begin = end
    return found


def _walk(candidate: Candidate, times: Any, begin: int, end: int) -> tuple[str, int, int, Floats]:
    when = days(times)[:end]
    walked = walk_forward(
        candidate.build,
        candidate.X.iloc[:end] if hasattr(candidate.X, "iloc") else candidate.X[:end],
        candidate.y[:end],
        when,
        start=float(np.floor(when[begin])),
        refit_every=candidate.refit_every,
        answer=candidate.answer,
    )
    return candidate.name, begin, end, walked

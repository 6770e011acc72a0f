"""Forecasts as they would have been made: refitted as time goes by, always on earlier rows only."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmodels.estimators.match_rows import days

Floats = NDArray[np.float64]
Answer = Callable[[Any, Any], Floats]
"""What a fitted model (first) says of rows (second): a table with a row each."""

Progress = Callable[[float, str], None]


def probabilities(model: Any, X: Any) -> Floats:
    """(n, k), one column a class."""
    return np.asarray(model.predict_proba(X), dtype=float)


def probabilities_and_mean(model: Any, X: Any) -> Floats:
    """(n, k + 1): one column a class, and last the mean of what is counted."""
    return np.column_stack([probabilities(model, X), model.predict_mean(X)])


def walk_forward(
    build: Callable[[], Any],
    X: Any,
    y: Any,
    times: Any,
    *,
    start: Any,
    refit_every: timedelta | float | None,
    progress: Progress | None = None,
    sample_weight: Any = None,
    answer: Answer = probabilities,
) -> Floats:
    """What `answer` gives, probabilities (m, k), of the m rows from `start` on, in row order.

    build: makes an unfitted estimator. X, y: all rows, in time order (`times`: datetimes, or day numbers; UTC days).
    The rows from `start` on are cut in blocks of `refit_every` (a timedelta or days; None: one block); each is
    predicted by an estimator fitted on all rows of strictly earlier days than the block's first. An estimator whose
    `fit` takes `start=` is handed the previous one, to begin its search there. sample_weight: (n,) of all rows; each
    fit gets those of its own.

    One fitted estimator is held at a time, and rows are sliced, not copied; the time is the number of blocks with rows
    in them times one fit. Raises ValueError where rows are out of order, or nothing precedes `start`, or nothing
    follows it.
    """
    parts: list[Floats] = []
    blocks = walk_blocks(
        build, X, y, times, start=start, refit_every=refit_every, sample_weight=sample_weight, answer=answer
    )
    for done, rows, said in blocks:
        parts.append(said)
        if progress is not None:
            progress(done / rows, f"{done} of {rows} predicted")
    return np.vstack(parts)


def walk_blocks(
    build: Callable[[], Any],
    X: Any,
    y: Any,
    times: Any,
    *,
    start: Any,
    refit_every: timedelta | float | None,
    sample_weight: Any = None,
    answer: Answer = probabilities,
) -> Iterator[tuple[int, int, Floats]]:
    """The same, a block at a time: (rows predicted so far, rows to predict, probabilities (b, k) of the block's rows).

    Nothing is fitted for a block before it is asked for, so whoever has seen enough saves the rest.
    """
    day = days(times)
    first = _first_row(day, start)
    step = refit_every.total_seconds() / 86_400 if isinstance(refit_every, timedelta) else refit_every
    if step is not None and not step > 0:
        raise ValueError("refit_every is positive, or None to fit once.")
    model: Any = None
    for begin, end in _blocks(day, first, step):
        known = int(np.searchsorted(day, np.floor(day[begin]), side="left"))
        weights = {} if sample_weight is None else {"sample_weight": sample_weight[:known]}
        model = _fit(build(), _rows(X, 0, known), y[:known], model, weights)
        yield end - first, len(day) - first, answer(model, _rows(X, begin, end))


def _first_row(day: Floats, start: Any) -> int:
    if not np.isfinite(day).all():
        raise ValueError("A row has no time.")
    if (np.diff(day) < 0).any():
        raise ValueError("The rows are not in time order: sort them by time.")
    begin = days([start])[0] if isinstance(start, (str, date, datetime)) else float(days(np.array([start]))[0])
    first = int(np.searchsorted(day, begin, side="left"))
    if first == len(day):
        raise ValueError("Nothing to predict: no row is at or after the start.")
    if not day[0] < np.floor(day[first]):
        raise ValueError("Nothing to learn from: no row is of an earlier day than the first to predict.")
    return first


def _blocks(day: Floats, first: int, step: float | None) -> Iterator[tuple[int, int]]:
    begin = first
    while begin < len(day):
        end = len(day) if step is None else int(np.searchsorted(day, np.floor(day[begin]) + step, side="left"))
        # A step below one day still predicts whole days: later matches of a day must not learn from earlier ones.
        end = max(end, int(np.searchsorted(day, np.floor(day[begin]) + 1, side="left")))
        yield begin, end
        begin = end


def _fit(model: Any, X: Any, y: Any, previous: Any, weights: dict[str, Any]) -> Any:
    if previous is not None and "start" in inspect.signature(model.fit).parameters:
        return model.fit(X, y, start=previous, **weights)
    return model.fit(X, y, **weights)


def _rows(X: Any, begin: int, end: int) -> Any:
    return X.iloc[begin:end] if hasattr(X, "iloc") else X[begin:end]

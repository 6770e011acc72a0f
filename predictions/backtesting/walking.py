"""What a model would have said of each chosen event, from earlier days only, and the prices of the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlmodels.errors import TooLittleData
from mlmodels.estimators.building import Recipe
from mlmodels.evaluating import rows_until
from mlmodels.pipeline import targets
from mlmodels.problem import Algorithm, Kind, Offers, Problem, Progress, get_problem, silent
from mlmodels.tuning.asking import FeatureSelection
from predictions.backtesting.plans import Plan

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

RECALIBRATE_DAYS = 28
"""A calibration is learned anew so often at most: it takes many rows to change one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Walked:
    """The n chosen events in order of time. frame: their rows of the data set. probabilities: (n, k), calibrated.

    raw: (n, k), before calibration. learned_from: rows before the first. skipped: chosen rows that could only teach,
    since too few were before them.
    """

    frame: pd.DataFrame
    probabilities: np.ndarray
    raw: np.ndarray
    offers: Offers
    learned_from: int
    skipped: int


def walk(plan: Plan, *, loading: Progress = silent, walking: Progress = silent) -> Walked:
    """Forecasts of the plan's events, refitted at its cadence on the rows of earlier days.

    Where fewer than the problem's minimum of rows come before the chosen ones, the first of these only teach. A
    calibration, where the algorithm has one, is learned from rows walked on earlier days.
    Raises InvalidSelection, TooLittleData.
    """
    problem = get_problem(plan.problem)
    algorithm = problem.algorithm(plan.algorithm)
    frame, chosen = rows_until(problem, plan.selection, progress=loading)
    first = _first_to_predict(problem, frame, chosen)
    skipped = int(chosen[:first].sum())
    wanted = chosen[first:]
    offers = _offers(problem, frame.iloc[first:][wanted], plan)
    _refuse_outcomes_never_seen(problem, frame.iloc[:first])
    raw = _walk_forward(problem, algorithm, frame, first, plan, walking)
    said = _calibrated(problem, algorithm, frame.iloc[first:], raw)
    return Walked(
        frame=frame.iloc[first:][wanted].reset_index(drop=True),
        probabilities=said[wanted],
        raw=raw[wanted],
        offers=offers,
        learned_from=first,
        skipped=skipped,
    )


def _first_to_predict(problem: Problem, frame: pd.DataFrame, chosen: np.ndarray) -> int:
    """The first row of the first day with a chosen row and enough rows before it."""
    import numpy as np

    days = day_numbers(frame[problem.time_column])
    taught = np.searchsorted(days, days, side="left")
    fit = np.flatnonzero(chosen & (taught >= problem.minimum_rows))
    if not len(fit):
        raise TooLittleData(
            f"None of the {chosen.sum()} {problem.unit} chosen has {problem.minimum_rows} before it to learn from: "
            "choose later seasons, or import earlier ones."
        )
    return int(taught[fit[0]])


def _offers(problem: Problem, frame: pd.DataFrame, plan: Plan) -> Offers:
    import numpy as np

    offers = problem.offers(frame, book=plan.book)
    if offers is None or not np.isfinite(offers.prices).any():
        whose = f" of {problem.bookmakers.get(plan.book, plan.book)}" if plan.book else ""
        raise TooLittleData(
            f"None of the {len(frame)} {problem.unit} chosen has a price{whose}: import prices, or choose others."
        )
    return offers


def _refuse_outcomes_never_seen(problem: Problem, frame: pd.DataFrame) -> None:
    seen = set(frame[problem.outcome_column])
    missing = [label for index, label in enumerate(problem.labels) if index not in seen]
    if problem.kind == Kind.CLASSIFICATION and missing:
        raise TooLittleData(
            f"None of the {len(frame)} {problem.unit} before the first one bet on turned out {' or '.join(missing)}: "
            "choose a later first day."
        )


def _walk_forward(
    problem: Problem, algorithm: Algorithm, frame: pd.DataFrame, first: int, plan: Plan, progress: Progress
) -> np.ndarray:
    from mlmodels.evaluation.walk_forward import walk_forward

    times = frame[problem.time_column]
    return walk_forward(
        _recipe(algorithm, plan).make,
        frame[list(algorithm.columns)],
        targets(algorithm, frame),
        times,
        start=times.iloc[first].normalize().to_pydatetime(),
        refit_every=plan.refit_days,
        progress=progress,
    )


def _recipe(algorithm: Algorithm, plan: Plan) -> Recipe:
    step = FeatureSelection.from_json(plan.feature_selection)
    return Recipe(
        build=algorithm.build,
        parameters={**algorithm.defaults, **plan.hyper_parameters},
        seed=plan.seed,
        method=step.method if step else None,
        keep=step.keep if step else 0,
        selectable=algorithm.selectable,
    )


def _calibrated(problem: Problem, algorithm: Algorithm, frame: pd.DataFrame, raw: np.ndarray) -> np.ndarray:
    """Each stretch of days by the calibration that the walked rows before it teach."""
    import numpy as np

    from mlmodels.estimators.calibration import LEAST_ROWS

    if not algorithm.calibrates:
        return raw
    days = day_numbers(frame[problem.time_column])
    outcomes = frame[problem.outcome_column].to_numpy()
    said = raw.copy()
    begin = int(np.searchsorted(days, days[min(LEAST_ROWS, len(days) - 1)]))
    while 0 < begin < len(days):
        end = int(np.searchsorted(days, days[begin] + RECALIBRATE_DAYS))
        said[begin:end] = problem.calibration(raw[:begin], outcomes[:begin]).transform(raw[begin:end])
        begin = end
    return said


def day_numbers(times: pd.Series) -> Any:
    """UTC days since 1970 (n,), whole."""
    import numpy as np

    naive = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return naive.to_numpy().astype("datetime64[D]").astype(np.int64)

"""Models side by side on the same rows, each refitted as time goes by on earlier rows only, or on other groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.datasets import snapshot
from mlmodels.errors import TooLittleData, UnknownAlgorithm
from mlmodels.pipeline import targets
from mlmodels.problem import Algorithm, Problem, Progress, silent
from mlmodels.selection import Selection

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.evaluation.side_by_side import Candidate


FOLDS = 5
"""Whole groups are held out a fifth at a time."""


def evaluate(
    problem: Problem,
    selection: Selection,
    *,
    models: Sequence[str] = (),
    reference: str | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Figures of algorithms and yardsticks on the selected rows, walked forward from all earlier rows.

    models: names of algorithms and yardsticks; all of them where empty. reference: the one that the paired differences
    are taken to (the last yardstick where None). jobs: processes to walk on, -1 for one a core. Only rows on which
    every named yardstick is known count, so that all figures are of the same rows. Returns {"problem", "selection",
    "reference", "rows", "left_out", "from", "models": {name: figures}}.
    Raises InvalidSelection, TooLittleData, UnknownAlgorithm.
    """
    frame, chosen = rows_until(problem, selection, progress=_part(progress, 0.0, 0.3))
    yardsticks = problem.yardsticks(frame)
    names = list(models) or [*(algorithm.name for algorithm in problem.algorithms), *yardsticks]
    _refuse_unknown(problem, names, yardsticks)
    measured = problem.measured(frame, chosen, selection)
    if not measured.any():
        raise TooLittleData(f"None of the {chosen.sum()} {problem.unit} chosen is one that models are measured on.")
    paired = measured & _all_known([yardsticks[name] for name in names if name in yardsticks], len(frame))
    candidates = [_candidate(problem, name, frame) for name in names if name not in yardsticks]
    walked = _said(problem, candidates, frame, chosen, jobs=jobs, progress=_part(progress, 0.3, 1.0))
    for name, table in walked.items():
        _calibrate(problem, name, table, frame, chosen & ~measured, measured)
    against = reference or next((name for name in reversed(names) if name in yardsticks), names[-1])
    return {
        "problem": problem.slug,
        "selection": selection.to_json(),
        "reference": against,
        "rows": int(paired.sum()),
        "left_out": int(measured.sum() - paired.sum()),
        "from": frame[problem.time_column][measured].iloc[0].date().isoformat(),
        "models": _scorecard(problem, frame[paired], names, _of_rows({**walked, **yardsticks}, paired), against),
    }


def _said(
    problem: Problem,
    candidates: Sequence[Candidate],
    frame: pd.DataFrame,
    chosen: np.ndarray,
    *,
    jobs: int,
    progress: Progress,
) -> dict[str, np.ndarray]:
    """What each candidate says (n, width) of the chosen rows, from earlier rows, or from those of other groups."""
    from mlmodels.evaluation.side_by_side import walk_side_by_side

    width = len(problem.labels) + bool(problem.count_column)
    if problem.group_column:
        return _across_folds(problem, candidates, frame, width=width, progress=progress)
    times = frame[problem.time_column]
    return walk_side_by_side(candidates, times, chosen, width=width, jobs=jobs, progress=progress)


def _across_folds(
    problem: Problem, candidates: Sequence[Candidate], frame: pd.DataFrame, *, width: int, progress: Progress
) -> dict[str, np.ndarray]:
    from mlmodels.evaluation.held_out import across_folds
    from mlmodels.splitting import group_folds

    folds = group_folds(frame[problem.group_column], frame[problem.outcome_column], folds=FOLDS)
    said = {}
    for count, each in enumerate(candidates, start=1):
        said[each.name] = across_folds(each.build, each.X, each.y, folds, width=width, answer=each.answer)
        progress(count / len(candidates), f"{each.name} asked about every group, from all other groups")
    return said


def _of_rows(tables: Mapping[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: table[rows] for name, table in tables.items()}


def _scorecard(
    problem: Problem, frame: pd.DataFrame, names: Sequence[str], said: Mapping[str, np.ndarray], against: str
) -> dict[str, dict[str, Any]]:
    """said: probabilities (n, k) by name, and in one column more the mean, where counts are told and it has one."""
    from mlmodels.evaluation.scorecard import scorecard

    classes = len(problem.labels)
    means = {name: said[name][:, classes] for name in names if said[name].shape[1] > classes}
    return scorecard(
        {name: said[name][:, :classes] for name in names},
        frame[problem.outcome_column].to_numpy(),
        figures={metric.name: metric.compute for metric in problem.metrics},
        counts=frame[problem.count_column].to_numpy() if problem.count_column else None,
        means=means,
        reference=against,
        blocks=(
            frame[problem.group_column].to_numpy(dtype=str)
            if problem.group_column
            else frame[problem.time_column].dt.strftime("%G-%V").to_numpy()
        ),
    )


def _calibrate(
    problem: Problem, name: str, said: np.ndarray, frame: pd.DataFrame, earlier: np.ndarray, measured: np.ndarray
) -> None:
    """Calibrate what was said (n, k or more) on the measured rows by what the chosen rows before them teach."""
    if not earlier.any() or not problem.algorithm(name).calibrates:
        return
    classes = slice(len(problem.labels))
    outcomes = frame[problem.outcome_column].to_numpy()
    first = measured.nonzero()[0][0]
    taught = earlier.copy()
    taught[first:] = False
    if taught.any():
        calibration = problem.calibration(said[taught, classes], outcomes[taught])
        said[measured, classes] = calibration.transform(said[measured, classes])


def rows_until(problem: Problem, selection: Selection, *, progress: Progress) -> tuple[pd.DataFrame, np.ndarray]:
    """Every row up to the last chosen one, of groups every row of all, and which of them are chosen."""
    refuse_what_is_not_there(problem, selection)
    everything = Selection(competitions=selection.competitions, date_to=selection.date_to, subjects=selection.subjects)
    frame = snapshot(problem, everything, progress=progress).frame
    chosen = problem.chosen(frame, selection).to_numpy()
    if not chosen.any():
        raise TooLittleData(f"Nothing finished in the selection ({selection}).")
    if problem.group_column:
        return frame, chosen
    last = int(chosen.nonzero()[0][-1])
    return frame.iloc[: last + 1], chosen[: last + 1]


def _candidate(problem: Problem, name: str, frame: pd.DataFrame) -> Candidate:
    from mlmodels.evaluation.side_by_side import Candidate
    from mlmodels.evaluation.walk_forward import probabilities, probabilities_and_mean

    algorithm = problem.algorithm(name)
    return Candidate(
        name=name,
        build=partial(algorithm.build, **algorithm.defaults),
        X=frame[list(algorithm.columns)],
        y=targets(algorithm, frame),
        refit_every=_cadence(algorithm),
        answer=probabilities_and_mean if problem.count_column else probabilities,
    )


def _cadence(algorithm: Algorithm) -> timedelta | None:
    """The shorter of how often it is refitted as a rule and where models are compared."""
    known = [each for each in (algorithm.refit_every, algorithm.compared_every) if each is not None]
    return min(known, default=None)


def _refuse_unknown(problem: Problem, names: Sequence[str], yardsticks: Any) -> None:
    known = [*(algorithm.name for algorithm in problem.algorithms), *yardsticks]
    if unknown := [name for name in names if name not in known]:
        raise UnknownAlgorithm(f"{problem.title} has no {', '.join(unknown)}: choose from {', '.join(known)}.")


def _all_known(tables: Sequence[np.ndarray], rows: int) -> np.ndarray:
    import numpy as np

    known = np.ones(rows, dtype=bool)
    for table in tables:
        known &= ~np.isnan(table).any(axis=1)
    return known


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda fraction, phrase: progress(start + (end - start) * fraction, phrase)

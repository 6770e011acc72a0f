"""Models side by side on the same rows, each refitted as time goes by on earlier rows only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.datasets import snapshot
from mlmodels.errors import TooLittleData, UnknownAlgorithm
from mlmodels.pipeline import targets
from mlmodels.problem import Problem, Progress, silent
from mlmodels.selection import Selection

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.evaluation.side_by_side import Candidate

REFIT_AT_LEAST = timedelta(days=7)


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
    "reference", "rows", "left_out", "models": {name: figures}}.
    Raises InvalidSelection, TooLittleData, UnknownAlgorithm.
    """
    from mlmodels.evaluation.scorecard import scorecard
    from mlmodels.evaluation.side_by_side import walk_side_by_side

    frame, chosen = rows_until(problem, selection, progress=_part(progress, 0.0, 0.3))
    yardsticks = problem.yardsticks(frame)
    names = list(models) or [*(algorithm.name for algorithm in problem.algorithms), *yardsticks]
    _refuse_unknown(problem, names, yardsticks)
    paired = chosen & _all_known([yardsticks[name] for name in names if name in yardsticks], len(frame))
    walked = walk_side_by_side(
        [_candidate(problem, name, frame) for name in names if name not in yardsticks],
        frame[problem.time_column],
        chosen,
        classes=len(problem.labels),
        jobs=jobs,
        progress=_part(progress, 0.3, 1.0),
    )
    said = {**walked, **yardsticks}
    against = reference or next((name for name in reversed(names) if name in yardsticks), names[-1])
    return {
        "problem": problem.slug,
        "selection": selection.to_json(),
        "reference": against,
        "rows": int(paired.sum()),
        "left_out": int(chosen.sum() - paired.sum()),
        "models": scorecard(
            {name: said[name][paired] for name in names},
            frame[problem.outcome_column].to_numpy()[paired],
            reference=against,
            blocks=frame[problem.time_column].dt.strftime("%G-%V").to_numpy()[paired],
        ),
    }


def rows_until(problem: Problem, selection: Selection, *, progress: Progress) -> tuple[pd.DataFrame, np.ndarray]:
    """Every row up to the last chosen one, and which of them are chosen."""
    refuse_what_is_not_there(problem, selection)
    everything = Selection(competitions=selection.competitions, date_to=selection.date_to, subjects=selection.subjects)
    frame = snapshot(problem, everything, progress=progress).frame
    chosen = problem.chosen(frame, selection).to_numpy()
    if not chosen.any():
        raise TooLittleData(f"Nothing finished in the selection ({selection}).")
    last = int(chosen.nonzero()[0][-1])
    return frame.iloc[: last + 1], chosen[: last + 1]


def _candidate(problem: Problem, name: str, frame: pd.DataFrame) -> Candidate:
    from mlmodels.evaluation.side_by_side import Candidate

    algorithm = problem.algorithm(name)
    return Candidate(
        name=name,
        build=partial(algorithm.build, **algorithm.defaults),
        X=frame[list(algorithm.columns)],
        y=targets(algorithm, frame),
        refit_every=min(algorithm.refit_every or REFIT_AT_LEAST, REFIT_AT_LEAST),
    )


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

"""Models side by side on the same rows, each refitted as time goes by on earlier rows only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mlmodels.datasets import snapshot
from mlmodels.errors import TooLittleData, UnknownAlgorithm
from mlmodels.pipeline import targets
from mlmodels.problem import Problem, Progress, silent
from mlmodels.selection import Selection

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

REFIT_AT_LEAST = timedelta(days=7)


def evaluate(
    problem: Problem,
    selection: Selection,
    *,
    models: Sequence[str] = (),
    reference: str | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Figures of algorithms and yardsticks on the selected rows, walked forward from all earlier rows.

    models: names of algorithms and yardsticks; all of them where empty. reference: the one that the paired differences
    are taken to (the last yardstick where None). Only rows on which every named yardstick is known count, so that all
    figures are of the same rows. Returns {"problem", "selection", "reference", "rows", "left_out",
    "models": {name: figures}}.
    Raises TooLittleData, UnknownAlgorithm.
    """
    from mlmodels.evaluation.scorecard import scorecard

    everything = Selection(competitions=selection.competitions, date_to=selection.date_to, subjects=selection.subjects)
    frame = snapshot(problem, everything, progress=_part(progress, 0.0, 0.3)).frame
    chosen = problem.chosen(frame, selection).to_numpy()
    if not chosen.any():
        raise TooLittleData(f"Nothing finished in the selection ({selection}).")
    last = int(chosen.nonzero()[0][-1])
    frame, chosen = frame.iloc[: last + 1], chosen[: last + 1]
    yardsticks = problem.yardsticks(frame)
    names = list(models) or [*(algorithm.name for algorithm in problem.algorithms), *yardsticks]
    _refuse_unknown(problem, names, yardsticks)
    paired = chosen & _all_known([yardsticks[name] for name in names if name in yardsticks], len(frame))
    probabilities = {}
    for index, name in enumerate(names):
        part = _part(progress, 0.3 + 0.7 * index / len(names), 0.3 + 0.7 * (index + 1) / len(names))
        every = yardsticks[name] if name in yardsticks else walk(problem, name, frame, chosen, progress=part)
        probabilities[name] = every[paired]
    against = reference or next((name for name in reversed(names) if name in yardsticks), names[-1])
    return {
        "problem": problem.slug,
        "selection": selection.to_json(),
        "reference": against,
        "rows": int(paired.sum()),
        "left_out": int(chosen.sum() - paired.sum()),
        "models": scorecard(
            probabilities,
            frame[problem.outcome_column].to_numpy()[paired],
            reference=against,
            blocks=frame[problem.time_column].dt.strftime("%G-%V").to_numpy()[paired],
        ),
    }


def walk(problem: Problem, name: str, frame: pd.DataFrame, chosen: np.ndarray, *, progress: Progress) -> np.ndarray:
    """Probabilities (n, k) of one algorithm from the first chosen row on; NaN before it."""
    import numpy as np

    from mlmodels.evaluation.walk_forward import walk_forward

    algorithm = problem.algorithm(name)
    times = frame[problem.time_column]
    start = times[chosen].iloc[0].normalize().to_pydatetime()
    walked = walk_forward(
        lambda: algorithm.build(**algorithm.defaults),
        frame[list(algorithm.columns)],
        targets(algorithm, frame),
        times,
        start=start,
        refit_every=min(algorithm.refit_every or REFIT_AT_LEAST, REFIT_AT_LEAST),
        progress=lambda fraction, _: progress(fraction, f"Walking {name} forward"),
    )
    return np.vstack([np.full((len(frame) - len(walked), walked.shape[1]), np.nan), walked])


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

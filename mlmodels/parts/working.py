"""A worker's share of a fit: take parts that wait, fit them, write down what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from mlmodels import leases
from mlmodels.datasets import read
from mlmodels.leases import Hold, LeaseLost
from mlmodels.models import FitPart, TrainingRun
from mlmodels.parts import results
from mlmodels.pipeline import recipe_of, targets
from mlmodels.problem import Progress, get_problem, silent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.models import Dataset

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a fit learns from, and what is fitted. estimator: unfitted; X, y: (n, …) in time order."""

    estimator: Any
    X: pd.DataFrame
    y: np.ndarray


def help_fit(run_id: UUID, *, worker: str) -> int:
    """Fit parts of a run that another worker is training, until none waits; how many were taken here.

    Where the data set can't be read here, nothing is taken: the worker that holds the run fits it all.
    """
    table, taken = _Tables(), 0
    while part := _next(run_id):
        try:
            rows = table.rows(part)
        except OSError as error:
            log.warning("part_left", run=str(run_id), error=str(error))
            break
        taken += take(part, rows, worker=worker)
    return taken


def take(part: FitPart, rows: Rows, *, worker: str, watch: Progress = silent) -> bool:
    """Fit a part, unless another worker has it by now; whether it was ours.

    Whatever goes wrong is written to the part. `watch` is told of progress; what it raises ends the part.
    """
    mine = leases.claim(FitPart, part.pk, worker=worker)
    if mine is None:
        return False
    hold = Hold(mine, watch=watch)
    leases.carry_out(hold, lambda: _fit(mine, rows, hold))
    return True


def _fit(part: FitPart, rows: Rows, hold: Hold) -> None:
    began = time.monotonic()
    hold.enter("fitting", start=0, end=100)
    result = rows.estimator.fit_part(rows.X, rows.y, part.subjects, alive=hold.progress)
    report = {
        "fitted": len(result["fitted"]),
        "failures": result["failures"],
        "seconds": round(time.monotonic() - began, 1),
    }
    written = results.write(part, result)
    try:
        hold.finish(FitPart.Status.COMPLETED, progress=100, message="Done", report=report, **written)
    except LeaseLost:
        results.remove([written["result_path"]])
        raise


def _next(run_id: UUID) -> FitPart | None:
    waiting = FitPart.objects.to_take().filter(run=run_id)
    return waiting.select_related("run", "dataset").first()


class _Tables:
    """The rows of the part before, since the next is of the same fit as a rule."""

    def __init__(self) -> None:
        self._of: tuple[Any, ...] = ()
        self._rows: Rows | None = None

    def rows(self, part: FitPart) -> Rows:
        """Raises OSError where the data set is not there."""
        asked = (part.run_id, part.dataset_id, part.rows, repr(part.hyper_parameters))
        if self._rows is None or self._of != asked:
            self._of, self._rows = asked, _rows(part.run, part.dataset, part)
        return self._rows


def _rows(run: TrainingRun, dataset: Dataset, part: FitPart) -> Rows:
    algorithm = get_problem(run.problem).algorithm(run.algorithm)
    recipe = recipe_of(algorithm, run)
    frame = read(dataset).frame.iloc[: part.rows]
    return Rows(
        estimator=replace(recipe, parameters={**recipe.parameters, **part.hyper_parameters}).make(),
        X=frame[list(algorithm.columns)],
        y=targets(algorithm, frame),
    )

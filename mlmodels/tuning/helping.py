"""Another machine's hand in a search: trials of a run that a worker elsewhere is tuning, into the same study."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from mlmodels.datasets import snapshot
from mlmodels.errors import InvalidState, RunCancelled
from mlmodels.models import TrainingRun
from mlmodels.pipeline import recipe_of
from mlmodels.problem import Progress, get_problem, silent
from mlmodels.selection import Selection
from mlmodels.splitting import split_rows
from mlmodels.tuning.searching import make_trials, prepare, processes

if TYPE_CHECKING:
    from uuid import UUID


class Beside:
    """Stands where a worker's hold on the run would: it watches the run, and writes nothing to it."""

    def __init__(self, run: TrainingRun, watch: Progress) -> None:
        self.work = run
        self._watch = watch

    def progress(self, fraction: float, phrase: str) -> None:
        """Raises RunCancelled where the run is not at this attempt's tuning any more."""
        self._watch(fraction, phrase)
        tuning = TrainingRun.objects.filter(pk=self.work.pk, phase="tuning", cancel_requested=False)
        if not tuning.is_held(str(self.work.pk), self.work.attempt):
            raise RunCancelled("The run is not tuning any more.")


def help_tune(run_id: UUID, *, watch: Progress = silent) -> int:
    """Make trials for a run that is tuning until its budget is spent or it goes on; how many were finished here.

    The rows are loaded here, from this machine's view of the same database. Raises InvalidState where the run is not
    tuning, or other rows or other code would give its trials other values.
    """
    from mlmodels.tuning.search import Search

    run = TrainingRun.objects.select_related("study").filter(pk=run_id, phase="tuning").first()
    if run is None or run.study is None or run.status != TrainingRun.Status.RUNNING:
        raise InvalidState("The run is not tuning now, so there is nothing to help with.")
    problem = get_problem(run.problem)
    algorithm = problem.algorithm(run.algorithm)
    examples = snapshot(problem, Selection.from_json(run.selection))
    split = split_rows(problem, examples.frame)
    ready = prepare(run, problem, algorithm, recipe_of(algorithm, run), examples, split)
    if ready.question.key != run.study.key:
        raise InvalidState("Here the same run has other rows, or other code: its trials would not compare.")
    search = Search(run.study, ready=ready, hold=Beside(run, watch), who=uuid4().hex[:8])
    try:
        make_trials(search, ready.work, processes=processes())
    except RunCancelled:
        search.leave()
    return search.finished_here

"""The search of a training run: sets the work up, has trials made on the machine's cores, and says what was found."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from mlmodels.errors import InvalidTuning, RunCancelled, TuningFailed
from mlmodels.models import TrainingRun
from mlmodels.tuning.asking import Budget, free_space
from mlmodels.tuning.studies import Question
from mlmodels.tuning.work import Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from mlmodels.datasets import Examples
    from mlmodels.estimators.building import Recipe
    from mlmodels.leases import Hold
    from mlmodels.problem import Algorithm, Problem
    from mlmodels.splitting import Split
    from mlmodels.tuning.search import Search
    from mlmodels.tuning.spaces import Dimension
    from mlmodels.tuning.trial_pool import Child, TrialPool

TUNING_REFIT = timedelta(days=28)
"""While searching, models are refitted no more often: hyper-parameters rank alike, at a quarter of the work."""

MOST_FAILURES = 10
LOOK_EVERY_SECONDS = 1.0
TRIAL_ERRORS = (ValueError, ArithmeticError, RuntimeError)
"""What estimators raise for hyper-parameters that do not fit together or do not converge."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Hyper-parameters that did best on the validation rows, and the record of the search."""

    parameters: Mapping[str, Any]
    record: Mapping[str, Any]


def tune(
    run: TrainingRun,
    *,
    problem: Problem,
    algorithm: Algorithm,
    recipe: Recipe,
    examples: Examples,
    split: Split,
    hold: Hold,
) -> Found | None:
    """Search the algorithm's space on the validation rows; None where the run asks for no tuning.

    The rows that test are cut off before anything is fitted. A search that was begun before (by a worker
    that died, or for another run on the same rows) goes on with the trials it has.
    Raises TuningFailed where no trial could be completed, RunCancelled, LeaseLost.
    """
    if not run.tuning:
        return None
    from mlmodels.tuning.search import Search

    ready = prepare(run, problem, algorithm, recipe, examples, split)
    row = ready.question.study()
    TrainingRun.objects.filter(pk=run.pk, attempt=run.attempt).update(study=row)
    search = Search(row, ready=ready, hold=hold)
    _say_what_is_there(search, hold)
    try:
        make_trials(search, ready.work, processes=processes())
    except RunCancelled:
        search.leave()
        raise
    search.summarise()
    return _found(search, hold)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A question with what trials need to answer it. outcomes: (m,) of the validation rows."""

    question: Question
    work: Work
    outcomes: np.ndarray
    space: tuple[Dimension, ...]
    budget: Budget


def prepare(
    run: TrainingRun,
    problem: Problem,
    algorithm: Algorithm,
    recipe: Recipe,
    examples: Examples,
    split: Split,
) -> Ready:
    """Set a run's search up. Raises InvalidTuning where the run asks for none."""
    budget = Budget.from_json(run.tuning)
    if budget is None:
        raise InvalidTuning("The run asks for no tuning.")
    refit_every = None if algorithm.refit_every is None else max(algorithm.refit_every, TUNING_REFIT)
    work, outcomes = _work(problem, algorithm, recipe, examples, split, refit_every)
    return Ready(
        question=Question(
            problem=problem,
            algorithm=algorithm,
            dataset=examples.dataset,
            split=split,
            refit_every=refit_every,
            run=run,
        ),
        work=work,
        outcomes=outcomes,
        space=free_space(algorithm, run.hyper_parameters),
        budget=budget,
    )


def processes() -> int:
    """How many trials are made at a time: `TUNING_PROCESSES`, or one a core."""
    return settings.TUNING_PROCESSES or os.cpu_count() or 1


def make_trials(search: Search, work: Work, *, processes: int) -> None:
    """Have trials made until the budget is spent; in this process where only one is asked for.

    Raises TuningFailed where trial after trial fails, RunCancelled, LeaseLost.
    """
    if processes > 1 and _can_travel(work):
        _in_processes(search, work, processes)
    else:
        _in_this_process(search, work)


def _in_this_process(search: Search, work: Work) -> None:
    while (running := search.begin()) is not None:
        try:
            for block in work.blocks(running.parameters):
                if not search.block(running, block):
                    break
            else:
                search.complete(running)
        except TRIAL_ERRORS as error:
            search.fail(running, f"{type(error).__name__}: {error}")
            _refuse_hopeless(search)


def _in_processes(search: Search, work: Work, processes: int) -> None:
    from mlmodels.tuning.trial_pool import PoolBroken, TrialPool

    with TrialPool(work, size=processes) as pool:
        while _hand_out(search, pool):
            try:
                said = pool.messages(LOOK_EVERY_SECONDS)
            except PoolBroken:
                raise TuningFailed("The processes that try hyper-parameters die: is there enough memory?") from None
            for child, kind, what in said:
                _hear(search, pool, child, kind, what)
            search.tick()


def _hand_out(search: Search, pool: TrialPool) -> bool:
    """Give every free process a trial while the budget lasts; whether any process is at work."""
    for child in pool.free:
        if (running := search.begin()) is None:
            break
        pool.ask(child, running, running.parameters)
    return pool.is_busy


def _hear(search: Search, pool: TrialPool, child: Child, kind: str, what: Any) -> None:
    running = child.trial
    if kind == "block":
        pool.answer(child, go_on=search.block(running, what))
        return
    child.trial = None
    if kind == "done":
        search.complete(running)
    else:
        search.fail(running, what)
        _refuse_hopeless(search)


def _refuse_hopeless(search: Search) -> None:
    if search.best is None and search.failures >= MOST_FAILURES:
        raise TuningFailed(
            f"None of {search.failures} trials could be completed; the last failed: {_last_words(search)}"
        )


def _last_words(search: Search) -> str:
    return search.row.trials.exclude(note="").values_list("note", flat=True).last() or "for no reason it gave."


def _can_travel(work: Work) -> bool:
    """Whether another process can be told the work: factories made inside a function can't."""
    try:
        pickle.dumps(work.recipe)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _work(
    problem: Problem,
    algorithm: Algorithm,
    recipe: Recipe,
    examples: Examples,
    split: Split,
    refit_every: timedelta | None,
) -> tuple[Work, Any]:
    """The work, and the outcomes (m,) of the validation rows."""
    from mlmodels.pipeline import targets

    masks = split.masks(examples.frame[problem.split_column])
    rows, times, start = _in_order(split, masks, examples.frame[problem.time_column])
    frame = examples.frame.iloc[rows]
    work = Work(
        recipe=recipe,
        X=frame[list(algorithm.columns)],
        y=targets(algorithm, frame),
        times=times,
        start=start,
        refit_every=None if problem.group_column else refit_every,
    )
    return work, examples.frame[problem.outcome_column].to_numpy()[masks["validation"]]


def _in_order(split: Split, masks: Mapping[str, np.ndarray], times: pd.Series) -> tuple[np.ndarray, np.ndarray, float]:
    """Places of the rows that train and validate, the day number of each, and that of the first that validates.

    Of groups those that validate come the day after those that train.
    """
    import numpy as np

    from mlmodels.estimators.match_rows import days
    from mlmodels.splitting import TimeSplit

    if isinstance(split, TimeSplit):
        seen = ~masks["test"]
        return seen.nonzero()[0], days(times[seen]), float(days([split.validation_from])[0])
    train, validation = masks["train"].nonzero()[0], masks["validation"].nonzero()[0]
    return np.concatenate([train, validation]), np.repeat([0.0, 1.0], [len(train), len(validation)]), 1.0


def _say_what_is_there(search: Search, hold: Hold) -> None:
    there = search.row.trials.finished().count()
    hold.say(
        f"Search over {', '.join(dimension.name for dimension in search.space)}, for {search.budget}"
        + (f"; {there} trials are there already" if there else "")
    )


def _found(search: Search, hold: Hold) -> Found:
    best, row, budget = search.best, search.row, search.budget
    if best is None:
        raise TuningFailed(f"No trial could be completed within {budget}: {_last_words(search)}")
    trials = row.trials.all()
    usual = search.usual_value
    record = {
        "study": str(row.pk),
        "budget": budget.to_json(),
        "metric": row.metric,
        "trials": trials.finished().count(),
        "pruned": trials.filter(state="pruned").count(),
        "failed": trials.filter(state="failed").count(),
        "best_trial": best.number,
        "best_value": best.value,
        "usual_value": usual,
        "parameters": dict(best.params),
        "space": row.space,
        "importances": row.importances,
    }
    hold.say(
        f"Best of {record['trials']} trials ({record['pruned']} broken off): {search.metric.title} {best.value:.4f} "
        f"on the validation rows" + (f", {usual:.4f} with what is usual" if usual is not None else "")
    )
    return Found(parameters=best.params, record=record)

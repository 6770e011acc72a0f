"""The life of a training run: asked for, claimed, watched, ended. The row is the truth (`mlmodels.leases`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from mlmodels import leases, registry, tracking
from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.emphasis import Emphasis
from mlmodels.errors import InvalidState, TooLittleData
from mlmodels.leases import Hold
from mlmodels.models import TrainingRun
from mlmodels.problem import Problem, get_problem
from mlmodels.selection import Selection
from mlmodels.tuning.asking import Budget, FeatureSelection, check_feature_selection, check_tuning

if TYPE_CHECKING:
    from accounts.models import User


def request_run(
    *,
    problem: str,
    algorithm: str,
    selection: Selection,
    requested_by: User | None = None,
    trigger: TrainingRun.Trigger = TrainingRun.Trigger.PERSON,
    hyper_parameters: dict[str, Any] | None = None,
    tuning: Mapping[str, Any] | None = None,
    feature_selection: Mapping[str, Any] | None = None,
    force: bool = False,
    seed: int = 0,
    version_name: str = "",
    emphasis: Emphasis | None = None,
    dispatch: bool = True,
) -> tuple[TrainingRun, bool]:
    """Queue a run and send it to a worker once committed; the run already in flight for the same thing is returned.

    tuning: {"trials", "seconds"}, how long to search for hyper-parameters that are not given; feature_selection:
    {"method", "keep"}. Returns the run and whether it is new. Raises UnknownProblem, UnknownAlgorithm,
    InvalidSelection, InvalidTuning, InvalidFeatureSelection, InvalidName, InvalidState where a version already has the
    wished name, TooLittleData where the selection has fewer finished rows than the problem needs, and CannotEmphasise
    where the algorithm can't learn what `emphasis` names harder.
    `dispatch=False` leaves the sending to the caller.
    """
    declared = get_problem(problem)
    budget, step = Budget.from_json(tuning), FeatureSelection.from_json(feature_selection)
    check_tuning(declared.algorithm(algorithm), budget, hyper_parameters or {})
    check_feature_selection(declared.algorithm(algorithm), step)
    if emphasis is not None:
        emphasis.refuse_unfit(declared.algorithm(algorithm), selects_features=step is not None)
    refuse_what_is_not_there(declared, selection)
    if version_name:
        registry.check_name(version_name)
    rows = _rows_enough(declared, selection)
    same = TrainingRun.objects.in_flight().filter(problem=problem, algorithm=algorithm, selection_hash=selection.hash)
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(
                problem=problem,
                algorithm=algorithm,
                selection=selection.to_json(),
                selection_hash=selection.hash,
                requested_by=requested_by,
                trigger=trigger,
                hyper_parameters=hyper_parameters or {},
                tuning=budget.to_json() if budget else {},
                feature_selection=step.to_json() if step else {},
                force=force,
                seed=seed,
                version_name=version_name,
                emphasis=emphasis.to_json() if emphasis else {},
                match_count=rows,
                message="Waiting for a worker",
            )
            if dispatch:
                _send(run)
    except IntegrityError:
        if (other := same.first()) is None:
            raise
        return other, False
    return run, True


def _rows_enough(problem: Problem, selection: Selection) -> int:
    """How many the selection has. Raises TooLittleData where the problem needs more."""
    rows = problem.count(selection)
    if rows < problem.minimum_rows:
        raise TooLittleData(
            f"The selection ({selection}) has {rows} finished rows; at least {problem.minimum_rows} are needed: "
            "choose more competitions or seasons, or a longer period."
        )
    return rows


def cancel(run: TrainingRun) -> TrainingRun:
    """End a queued run now, and a running one at its next step. Raises InvalidState where it has ended."""
    return leases.cancel(run)


def abandon(run: TrainingRun) -> None:
    """End a run that this very process was training and stopped."""
    leases.abandon(run)


def retry(run: TrainingRun, requested_by: User | None = None) -> TrainingRun:
    """A new run asking for the same. Raises InvalidState while the run has not ended."""
    if run.is_in_flight:
        raise InvalidState("The run has not ended yet: cancel it first, or wait.")
    again, _ = request_run(
        problem=run.problem,
        algorithm=run.algorithm,
        selection=Selection.from_json(run.selection),
        requested_by=requested_by,
        hyper_parameters=run.hyper_parameters,
        tuning=run.tuning,
        feature_selection=run.feature_selection,
        force=run.force,
        seed=run.seed,
        emphasis=Emphasis.from_json(run.emphasis),
    )
    return again


def execute(run_id: str, *, worker: str, watch: Callable[[float, str], None] | None = None) -> TrainingRun | None:
    """Claim a queued run and train it; None where another worker has it, it has ended or it was deleted.

    `watch` is told of progress beside the row (a command's progress bar). Whatever goes wrong in training is written to
    the run; errors that a person can mend are shown in their words.
    """
    run = claim(run_id, worker=worker)
    if run is None:
        return None
    hold = Hold(run, watch=watch)
    leases.carry_out(hold, lambda: _train(run, hold))
    ended = TrainingRun.objects.filter(pk=run.pk).first()
    if ended is not None and ended.status == TrainingRun.Status.COMPLETED and ended.attempt == run.attempt:
        tracking.track(ended)
    return ended


def _train(run: TrainingRun, hold: Hold) -> None:
    from mlmodels.pipeline import train

    train(run, hold=hold)


def claim(run_id: str, *, worker: str) -> TrainingRun | None:
    """Take a queued run: of several workers asking, one gets it."""
    return leases.claim(TrainingRun, run_id, worker=worker)


def reap() -> list[TrainingRun]:
    """Queue again, or fail, the runs whose worker died, and send once a lease what no worker took; parts too."""
    from mlmodels.parts import sharing

    sharing.reap()
    return leases.reap(TrainingRun, lambda run: _send(run))


def _send(run: TrainingRun) -> None:
    """Tell a worker once committed. A broker that does not answer is logged: the run waits, and the reaper sends it."""
    from mlmodels.tasks import train_run

    def tell() -> None:
        train_run.delay(str(run.pk))

    transaction.on_commit(tell, robust=True)

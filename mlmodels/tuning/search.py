"""One worker's search: asks a study for trials, records what becomes of them, and breaks bad ones off.

Sources: Bergstra et al. (2011), "Algorithms for hyper-parameter optimization" (TPE); Watanabe (2023), "Tree-structured
Parzen estimator"; Golovin et al. (2017), "Google Vizier" (the median rule for breaking trials off); Watanabe et al.
(2023), "PED-ANOVA", for the importance of hyper-parameters.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import optuna
from django.db import transaction
from django.utils import timezone
from optuna.trial import FrozenTrial, Trial, TrialState

from mlmodels.models import TrainingRun, TuningStudy, TuningTrial
from mlmodels.tuning.spaces import Scale
from mlmodels.tuning.storage import storage_of

if TYPE_CHECKING:
    import numpy as np

    from mlmodels.tuning.searching import Ready
    from mlmodels.tuning.spaces import Dimension
    from mlmodels.tuning.work import Block

FIRST_TRIALS = 5
"""Trials that are never broken off: there is too little to compare them with."""

FIRST_BLOCKS = 1
"""Blocks after which no trial is broken off: a few weeks' matches say little."""

SIGNED_WITHIN = timedelta(minutes=1)
"""A younger trial without an owner was asked for this moment: its worker is about to sign it."""

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
OWNER = "owner"
FEWEST_TO_WEIGH = 8
"""Completed trials from which on it is said which hyper-parameters mattered."""


@dataclass(kw_only=True, eq=False)
class Running:
    """A trial under way: what it has predicted so far."""

    trial: Trial
    parameters: dict[str, Any]
    began: float
    tables: list[np.ndarray] = field(default_factory=list)
    value: float | None = None


class Watch(Protocol):
    """Who is told of progress, and may stop the search by raising: a worker's hold on its run, or a helper."""

    @property
    def work(self) -> Any: ...
    def progress(self, fraction: float, phrase: str) -> None: ...


class Search:
    """The study's side of the work. `begin`, then `block` after each block, then `complete`; or `fail`.

    who: tells several searches for one run apart.
    """

    def __init__(
        self,
        row: TuningStudy,
        *,
        ready: Ready,
        hold: Watch,
        who: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.row = row
        self.space = ready.space
        self.usual = {dimension.name: dimension.usual for dimension in self.space}
        self.metric = ready.question.problem.primary_metric
        self.outcomes = ready.outcomes
        self.budget = ready.budget
        self.finished_here = 0
        self.hold = hold
        self._clock = clock
        self._began = clock()
        self._owner = f"{hold.work.pk}:{hold.work.attempt}:{who}"
        self.study = self._open()
        self._fail_what_the_dead_left()
        self._begin_with_what_is_usual()

    # ---- What the drivers call ----

    def begin(self) -> Running | None:
        """The next trial; None where the budget is spent."""
        self.tick()
        if self._is_spent():
            return None
        trial = self.study.ask({dimension.name: _distribution(dimension) for dimension in self.space})
        trial.set_user_attr(OWNER, self._owner)
        running = Running(trial=trial, parameters=dict(trial.params), began=self._clock())
        self._write(running, TuningTrial.State.RUNNING)
        return running

    def block(self, running: Running, block: Block) -> bool:
        """Record a block's predictions; False where the trial shall be broken off. Raises RunCancelled, LeaseLost."""
        done, rows, probabilities = block
        running.tables.append(probabilities)
        value = self._measure(running.tables)
        if not math.isfinite(value):
            self.fail(running, f"{self.metric.title} can't be measured on what it predicted.")
            return False
        running.value = value
        if done == rows:
            return True
        running.trial.report(value, step=len(running.tables) - 1)
        if self._out_of_time() and self.best is not None:
            self.fail(running, "The time was up.")
            return False
        # What is usual goes to the end, however bad: what is won is told against it.
        if running.parameters != self.usual and running.trial.should_prune():
            self._end(running, TrialState.PRUNED, TuningTrial.State.PRUNED)
            return False
        self.tick()
        return True

    def complete(self, running: Running) -> None:
        self._end(running, TrialState.COMPLETE, TuningTrial.State.COMPLETE)

    def fail(self, running: Running, words: str) -> None:
        self._end(running, TrialState.FAIL, TuningTrial.State.FAILED, words)

    def tick(self) -> None:
        """Report how far the budget is spent. Raises RunCancelled, LeaseLost."""
        done = len(self._trials(FINISHED))
        shares = [done / self.budget.trials] if self.budget.trials else []
        shares += [(self._clock() - self._began) / self.budget.seconds] if self.budget.seconds else []
        of = f" of {self.budget.trials}" if self.budget.trials else ""
        best = f", best {self.metric.title} {self.best.value:.4f}" if self.best else ""
        self.hold.progress(min(1.0, max(shares)), f"{done}{of} trials{best}")

    def leave(self) -> None:
        """End trials of ours that are under way, because nobody wants them any more."""
        for trial in self._trials((TrialState.RUNNING,)):
            if trial.user_attrs.get(OWNER) == self._owner:
                self._drop(trial, "The search was left.")

    # ---- What came of it ----

    @property
    def best(self) -> FrozenTrial | None:
        completed = self._trials((TrialState.COMPLETE,))
        sign = 1 if self.metric.lower_is_better else -1
        return min(completed, key=lambda trial: sign * (trial.value or 0.0), default=None)

    @property
    def usual_value(self) -> float | None:
        """What the usual hyper-parameters came to; None where that trial was not completed."""
        completed = self._trials((TrialState.COMPLETE,))
        return next((trial.value for trial in completed if trial.params == self.usual), None)

    @property
    def failures(self) -> int:
        return len(self._trials((TrialState.FAIL,)))

    def summarise(self) -> None:
        """Write the best trial and the importances to the study's row."""
        best = self.best
        if best is not None:
            TuningStudy.objects.filter(pk=self.row.pk).update(
                best_value=best.value, best_parameters=best.params, importances=self._importances()
            )
            self.row.refresh_from_db()

    # ---- Inside ----

    def _open(self) -> optuna.Study:
        storage = storage_of(self.row)
        sampler = optuna.samplers.TPESampler(seed=self.row.seed + self.row.length)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=FIRST_TRIALS, n_warmup_steps=FIRST_BLOCKS)
        return optuna.create_study(
            storage=storage,
            study_name=self.row.key,
            direction="minimize" if self.metric.lower_is_better else "maximize",
            sampler=sampler,
            pruner=pruner,
            load_if_exists=True,
        )

    def _begin_with_what_is_usual(self) -> None:
        """What is found is then never worse on these rows. A trial of it whose worker died is made again."""
        waiting_or_made = self._trials((TrialState.WAITING, TrialState.RUNNING, *FINISHED))
        if not any(trial.system_attrs.get("fixed_params") == self.usual for trial in waiting_or_made):
            self.study.enqueue_trial(self.usual)

    def _fail_what_the_dead_left(self) -> None:
        """Trials whose worker is gone would be waited for as if they were running."""
        for trial in self._trials((TrialState.RUNNING,)):
            run, attempt, *_ = [*str(trial.user_attrs.get(OWNER, "")).split(":"), "", ""]
            if not _is_newborn(trial) and not (
                attempt.isdigit() and TrainingRun.objects.all().is_held(run, int(attempt))
            ):
                self._drop(trial, "Its worker died.")

    def _drop(self, trial: FrozenTrial, words: str) -> None:
        self.study.tell(trial.number, state=TrialState.FAIL)
        dropped = TuningTrial.objects.filter(study=self.row, number=trial.number)
        dropped.update(state=TuningTrial.State.FAILED, note=words)

    def _is_spent(self) -> bool:
        if self._out_of_time():
            # Never without an answer: the usual hyper-parameters at least are tried.
            return self.best is not None or bool(self._trials((TrialState.RUNNING,)))
        if self.budget.trials is None:
            return False
        return len(self._trials((*FINISHED, TrialState.RUNNING))) >= self.budget.trials

    def _out_of_time(self) -> bool:
        return self.budget.seconds is not None and self._clock() - self._began >= self.budget.seconds

    def _trials(self, states: Sequence[TrialState]) -> list[FrozenTrial]:
        return self.study.get_trials(deepcopy=False, states=tuple(states))

    def _measure(self, tables: Sequence[np.ndarray]) -> float:
        import numpy as np

        said = np.vstack(tables)
        return float(self.metric.compute(said, self.outcomes[: len(said)]))

    def _end(self, running: Running, state: TrialState, shown: TuningTrial.State, note: str = "") -> None:
        with transaction.atomic():
            value = running.value if state == TrialState.COMPLETE else None
            self.study.tell(running.trial, values=value, state=state)
            self._write(running, shown, note)
        self.finished_here += state in FINISHED

    def _write(self, running: Running, state: TuningTrial.State, note: str = "") -> None:
        TuningTrial.objects.update_or_create(
            study=self.row,
            number=running.trial.number,
            defaults={
                "state": state,
                "parameters": running.parameters,
                "value": running.value,
                "blocks": len(running.tables),
                "note": note[:300],
                "seconds": self._clock() - running.began,
            },
        )

    def _importances(self) -> Mapping[str, float]:
        if len(self._trials((TrialState.COMPLETE,))) < FEWEST_TO_WEIGH or len(self.space) < 2:
            return {}
        try:
            return {name: float(share) for name, share in optuna.importance.get_param_importances(self.study).items()}
        except (ValueError, RuntimeError):
            # All trials came out alike: nothing to attribute.
            return {}


def _is_newborn(trial: FrozenTrial) -> bool:
    """Whether its worker may be about to sign it. Optuna's times are local ones without a zone."""
    began = trial.datetime_start
    return OWNER not in trial.user_attrs and began is not None and timezone.now() - began.astimezone() < SIGNED_WITHIN


def _distribution(dimension: Dimension) -> optuna.distributions.BaseDistribution:
    if dimension.scale == Scale.CATEGORICAL:
        return optuna.distributions.CategoricalDistribution(dimension.choices)
    if dimension.scale == Scale.INT:
        return optuna.distributions.IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return optuna.distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.log)

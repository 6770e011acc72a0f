"""Searches as pages and API show them: read from rows, without the search library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mlmodels import listing, tables
from mlmodels.charts import Bar, bars
from mlmodels.errors import ModelError
from mlmodels.models import TrainingRun, TuningStudy, TuningTrial
from mlmodels.problem import get_problem
from mlmodels.tuning.asking import FeatureSelection
from mlmodels.tuning.chart import TrialsChart, trials_chart

MOST_TRIALS_SHOWN = 200
BADGES = {
    TuningTrial.State.RUNNING: "info dot",
    TuningTrial.State.COMPLETE: "good",
    TuningTrial.State.PRUNED: "",
    TuningTrial.State.FAILED: "bad",
}


@dataclass(frozen=True, kw_only=True)
class TrialLine:
    trial: TuningTrial
    badge: str
    value: str
    cells: tuple[str, ...]
    """Values of the hyper-parameters, in the order of the study's columns."""
    took: str
    is_best: bool


@dataclass(frozen=True, kw_only=True)
class StudyShown:
    study: TuningStudy
    title: str
    problem: str
    metric: str
    columns: tuple[str, ...]
    trials: tuple[TrialLine, ...]
    left_out: int
    counts: dict[str, int]
    best: TrialLine | None
    usual: str
    sentence: str
    chart: TrialsChart | None
    importances: list[Bar]
    step: str
    """The choice of features before the algorithm, in words; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class StudyLine:
    """One study in a list."""

    study: TuningStudy
    title: str
    problem: str
    metric: str
    best: str
    usual: str


def study_shown(study: TuningStudy) -> StudyShown:
    """One search with all its trials, the best first. Two queries."""
    trials = list(study.trials.all())
    metric = metric_title(study)
    columns = tuple(str(dimension["name"]) for dimension in study.space)
    best = _best(trials, lower_is_better=study.lower_is_better)
    lines = {trial.number: _line(trial, columns, best) for trial in trials}
    ranked = sorted(trials, key=lambda trial: _rank(trial, lower_is_better=study.lower_is_better))
    counts = {state.value: sum(trial.state == state for trial in trials) for state in TuningTrial.State}
    complete = (trial for trial in trials if trial.state == TuningTrial.State.COMPLETE)
    usual = next((trial.value for trial in complete if trial.parameters == study.usual_parameters), None)
    step = FeatureSelection.from_json(study.feature_selection)
    return StudyShown(
        study=study,
        title=listing.algorithm_title(study.problem, study.algorithm),
        problem=_problem_title(study),
        metric=metric,
        columns=columns,
        trials=tuple(lines[trial.number] for trial in ranked[:MOST_TRIALS_SHOWN]),
        left_out=max(0, len(trials) - MOST_TRIALS_SHOWN),
        counts=counts,
        best=lines[best.number] if best else None,
        usual=tables.shown(usual),
        sentence=_in_words(metric, best.value if best else None, usual, counts, study.lower_is_better),
        chart=trials_chart(trials, lower_is_better=study.lower_is_better),
        importances=bars(sorted(study.importances.items(), key=lambda pair: -pair[1])),
        step=str(step) if step else "",
    )


def study_lines(studies: Sequence[TuningStudy]) -> list[StudyLine]:
    """Needs `with_counts`. One query more, for the trial of what is usual of each."""
    usual_of = {study.pk: study.usual_parameters for study in studies}
    complete = TuningTrial.objects.filter(study__in=studies, state=TuningTrial.State.COMPLETE)
    made = complete.values_list("study_id", "parameters", "value")
    usual = {study: value for study, parameters, value in made if parameters == usual_of[study]}
    return [
        StudyLine(
            study=study,
            title=listing.algorithm_title(study.problem, study.algorithm),
            problem=_problem_title(study),
            metric=metric_title(study),
            best=tables.shown(study.best_value),
            usual=tables.shown(usual.get(study.pk)),
        )
        for study in studies
    ]


def study_of(run: TrainingRun) -> StudyShown | None:
    """The search of a run, if it asked for one and has begun."""
    return study_shown(run.study) if run.study else None


def metric_title(study: TuningStudy) -> str:
    try:
        metrics = get_problem(study.problem).metrics
    except ModelError:
        return study.metric
    return next((metric.title for metric in metrics if metric.name == study.metric), study.metric)


def _problem_title(study: TuningStudy) -> str:
    try:
        return get_problem(study.problem).title
    except ModelError:
        return study.problem


def _best(trials: Sequence[TuningTrial], *, lower_is_better: bool) -> TuningTrial | None:
    complete = [t for t in trials if t.state == TuningTrial.State.COMPLETE and t.value is not None]
    sign = 1 if lower_is_better else -1
    return min(complete, key=lambda trial: sign * (trial.value or 0.0), default=None)


def _rank(trial: TuningTrial, *, lower_is_better: bool) -> tuple[int, float, int]:
    """Under way first, then the best, then what was broken off, then what failed."""
    states = (TuningTrial.State.RUNNING, TuningTrial.State.COMPLETE, TuningTrial.State.PRUNED)
    place = states.index(TuningTrial.State(trial.state)) if trial.state in states else len(states)
    value = (trial.value or 0.0) * (1 if lower_is_better else -1)
    return place, value if place == 1 else 0.0, trial.number


def _line(trial: TuningTrial, columns: Sequence[str], best: TuningTrial | None) -> TrialLine:
    return TrialLine(
        trial=trial,
        badge=BADGES[TuningTrial.State(trial.state)],
        value=tables.shown(trial.value),
        cells=tuple(_shortly(trial.parameters.get(column)) for column in columns),
        took="" if trial.seconds is None else f"{trial.seconds:.1f} s",
        is_best=trial == best,
    )


def _shortly(value: Any) -> str:
    if value is None:
        return tables.NOTHING
    number = tables.number(value)
    return str(value) if number is None else f"{number:.4g}"


def _in_words(
    metric: str, best: float | None, usual: float | None, counts: dict[str, int], lower_is_better: bool
) -> str:
    if best is None:
        return "No trial has been completed yet."
    finished = counts["complete"] + counts["pruned"]
    words = f"The best of {finished} trials has a {metric} of {best:.4f} on the validation rows"
    if usual is None:
        return f"{words}."
    gain = (usual - best) if lower_is_better else (best - usual)
    if gain <= 0:
        return f"{words}: nothing did better than what is usual."
    return f"{words}; what is usual has {usual:.4f}, so {gain:.4f} is won. On the rows it was chosen by, that flatters."

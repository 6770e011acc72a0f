"""How a model is made: load, split, tune, forecast what is held out, calibrate, evaluate, fit on all, register."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mlmodels import insight, promotion, registry, subject_reports
from mlmodels.datasets import Examples, snapshot
from mlmodels.emphasis import Emphasis, fitted
from mlmodels.errors import InvalidHyperParameters, TooLittleData
from mlmodels.estimators.building import Recipe
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Algorithm, Kind, Problem, get_problem
from mlmodels.selection import Selection
from mlmodels.splitting import GroupSplit, Split, split_rows
from mlmodels.tuning.asking import FeatureSelection

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.leases import Hold
    from mlmodels.tuning.searching import Found

LONGEST_REASON = 300
LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "xgboost-cpu", "optuna")
SHARES = {
    False: {"loading": 0, "evaluating": 40, "calibrating": 80, "fitting": 85, "saving": 95},
    True: {"loading": 0, "tuning": 15, "evaluating": 75, "calibrating": 90, "fitting": 92, "saving": 97},
}
"""Per cent at which each phase begins, without and with tuning."""


def train(run: TrainingRun, *, hold: Hold) -> ModelVersion | None:
    """Make a version for a claimed run and end the run; None where the data is what the champion was trained on.

    The reported figures are of validation and test rows, each predicted from earlier rows only; of a problem whose
    groups are not parted, from the rows of training groups only. The version itself is
    then fitted on all rows, with the calibration learned on the validation rows.
    Raises InvalidHyperParameters, TooLittleData, TuningFailed, RunCancelled, LeaseLost.
    """
    started_at = timezone.now()
    problem = get_problem(run.problem)
    algorithm = problem.algorithm(run.algorithm)
    refuse_nonsense(algorithm, run.hyper_parameters)
    _enter("loading", run, hold)
    examples = snapshot(problem, Selection.from_json(run.selection), progress=hold.progress)
    hold.say(
        f"{examples.dataset.rows} rows, {examples.dataset.date_from:%d %b %Y} to {examples.dataset.date_to:%d %b %Y}"
    )
    if not run.force and (same := _trained_on_the_same(run, examples)):
        hold.finish(
            TrainingRun.Status.COMPLETED,
            progress=100,
            message=f"Nothing changed since {same} was trained: nothing to do. Force the run to train all the same.",
            **_lineage(examples),
        )
        return None
    split = split_rows(problem, examples.frame)
    _refuse_outcomes_never_seen(problem, examples.frame, split)
    recipe = recipe_of(algorithm, run)
    found = _tune(run, problem, algorithm, recipe, examples, split, hold)
    if found is not None:
        recipe = replace(recipe, parameters={**recipe.parameters, **found.parameters})
    _enter("evaluating", run, hold)
    make, weights = _emphasised(problem, recipe, examples.frame, run, hold)
    if not weights and not problem.group_column:
        from mlmodels.parts.sharing import shared

        make = shared(make, run=run, dataset=examples.dataset, hold=hold, found=found.parameters if found else {})
    later = _walk(problem, algorithm, examples.frame, split, make, hold, weights)
    _enter("calibrating", run, hold)
    calibration, metrics = _calibrate_and_measure(problem, algorithm, examples.frame, split, later)
    for name in ("validation", "test"):
        hold.say(f"{name.capitalize()}: {_in_words(problem, metrics[name])}")
    _enter("fitting", run, hold)
    learned = make().fit(examples.frame[list(algorithm.columns)], targets(algorithm, examples.frame), **weights)
    estimator = fitted(learned)
    metrics |= insight.of_estimator(
        algorithm,
        estimator,
        examples.frame,
        targets(algorithm, examples.frame),
        split.masks(examples.frame[problem.split_column]),
    )
    _enter("saving", run, hold)
    return _register(run, hold, problem, algorithm, examples, estimator, calibration, metrics, started_at, found)


def _enter(phase: str, run: TrainingRun, hold: Hold) -> None:
    shares = SHARES[bool(run.tuning)]
    later = [start for start in shares.values() if start > shares[phase]]
    hold.enter(phase, start=shares[phase], end=min(later, default=100))


def _tune(
    run: TrainingRun,
    problem: Problem,
    algorithm: Algorithm,
    recipe: Recipe,
    examples: Examples,
    split: Split,
    hold: Hold,
) -> Found | None:
    if not run.tuning:
        return None
    from mlmodels.tuning.searching import tune

    _enter("tuning", run, hold)
    return tune(run, problem=problem, algorithm=algorithm, recipe=recipe, examples=examples, split=split, hold=hold)


def _refuse_outcomes_never_seen(problem: Problem, frame: pd.DataFrame, split: Split) -> None:
    """Classes that no training row has can't be learned, and most estimators would fail on them midway."""
    if problem.kind != Kind.CLASSIFICATION or not problem.needs_every_label:
        return
    seen = frame[problem.outcome_column][split.masks(frame[problem.split_column])["train"]]
    missing = [label for index, label in enumerate(problem.labels) if index not in set(seen)]
    if missing:
        raise TooLittleData(
            f"None of the {len(seen)} {problem.unit} to learn from turned out {' or '.join(missing)}: "
            "choose more competitions or seasons, or a longer period."
        )


def recipe_of(algorithm: Algorithm, run: TrainingRun) -> Recipe:
    """How estimators of the run are made: its hyper-parameters, its seed, and the choice of features it asks for."""
    step = FeatureSelection.from_json(run.feature_selection)
    return Recipe(
        build=algorithm.build,
        parameters={**algorithm.defaults, **run.hyper_parameters},
        seed=run.seed,
        method=step.method if step else None,
        keep=step.keep if step else 0,
        selectable=algorithm.selectable,
    )


def refuse_nonsense(algorithm: Algorithm, given: Mapping[str, Any]) -> None:
    """Raises InvalidHyperParameters, before hours are spent, for names it does not take and for text as a number."""
    if not given:
        return
    try:
        usual, _ = algorithm.build(**algorithm.defaults), algorithm.build(**{**algorithm.defaults, **given})
    except (TypeError, ValueError) as error:
        raise InvalidHyperParameters(
            f"{algorithm.title} can't be made with these hyper-parameters: {error}."
        ) from error
    expected = usual.get_params(deep=False) if hasattr(usual, "get_params") else {}
    for name, value in given.items():
        if _is_number(expected.get(name)) and not _is_number(value):
            raise InvalidHyperParameters(
                f"{name} of {algorithm.title} is a number, such as {expected[name]}, not {value!r}."
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def targets(algorithm: Algorithm, frame: pd.DataFrame) -> np.ndarray:
    """What the algorithm learns: (n,) for one target column, else (n, columns)."""
    values: np.ndarray = frame[list(algorithm.target)].to_numpy()
    return values[:, 0] if len(algorithm.target) == 1 else values


def _trained_on_the_same(run: TrainingRun, examples: Examples) -> ModelVersion | None:
    champion = registry.champion(run.problem)
    if champion is None or champion.dataset is None or champion.algorithm != run.algorithm:
        return None
    # By content: a longer period in which nothing more was played is another selection of the same rows.
    same_rows = champion.dataset.content_hash == examples.dataset.content_hash
    return champion if same_rows and _was_asked_for(champion, run) else None


def _was_asked_for(version: ModelVersion, run: TrainingRun) -> bool:
    """Whether a version was made as the run asks: with the same hyper-parameters, or by the same search."""
    if version.feature_selection != run.feature_selection:
        return False
    if not run.tuning:
        return bool(version.hyper_parameters == run.hyper_parameters)
    found = version.tuning.get("parameters", {})
    given = {name: value for name, value in version.hyper_parameters.items() if name not in found}
    return bool(version.tuning.get("budget") == run.tuning and given == run.hyper_parameters)


def _lineage(examples: Examples) -> dict[str, Any]:
    dataset = examples.dataset
    return {
        "dataset": dataset,
        "match_count": dataset.rows,
        "date_from": dataset.date_from,
        "date_to": dataset.date_to,
        "code_version": settings.CODE_VERSION,
        "library_versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def _emphasised(
    problem: Problem, recipe: Recipe, frame: pd.DataFrame, run: TrainingRun, hold: Hold
) -> tuple[Callable[[], Any], dict[str, Any]]:
    """How estimators are made, and what `fit` is told of weights: nothing, unless some examples weigh more."""
    emphasis = Emphasis.from_json(run.emphasis)
    if emphasis is None:
        return recipe.make, {}
    weights = emphasis.weights(problem, frame)
    hold.say(f"{(weights > 1).sum()} of {len(weights)} {problem.unit} weigh {emphasis.weight:g} times as much")
    return lambda: emphasis.applied_to(recipe.make()), {"sample_weight": weights}


def _walk(
    problem: Problem,
    algorithm: Algorithm,
    frame: pd.DataFrame,
    split: Split,
    make: Callable[[], Any],
    hold: Hold,
    weights: Mapping[str, Any],
) -> np.ndarray:
    """Probabilities (m, k) of the validation and test rows, walking forward; of counts also the mean (m, k + 1).

    Of groups held out there is no walking: one model of the training groups says all.
    """
    from mlmodels.evaluation.held_out import held_out
    from mlmodels.evaluation.walk_forward import probabilities, probabilities_and_mean, walk_forward

    X, y = frame[list(algorithm.columns)], targets(algorithm, frame)
    answer = probabilities_and_mean if problem.count_column else probabilities
    if isinstance(split, GroupSplit):
        train = split.masks(frame[problem.split_column])["train"]
        return held_out(make, X, y, learned=train, asked=~train, answer=answer, **weights)
    return walk_forward(
        make,
        X,
        y,
        frame[problem.time_column],
        start=split.validation_from,
        refit_every=algorithm.refit_every,
        progress=hold.progress,
        answer=answer,
        **weights,
    )


def _calibrate_and_measure(
    problem: Problem, algorithm: Algorithm, frame: pd.DataFrame, split: Split, later: np.ndarray
) -> tuple[Any, dict[str, Any]]:
    from mlmodels.estimators.calibration import IdentityCalibration
    from mlmodels.evaluation.metrics import reliability_bins

    masks = split.masks(frame[problem.split_column])
    outcomes = frame[problem.outcome_column].to_numpy()
    validating = masks["validation"][~masks["train"]]
    later, means = later[:, : len(problem.labels)], later[:, len(problem.labels) :]
    raw = {"validation": later[validating], "test": later[~validating]}
    calibration = (
        problem.calibration(raw["validation"], outcomes[masks["validation"]])
        if algorithm.calibrates
        else IdentityCalibration()
    )
    tested = calibration.transform(raw["test"])
    yardsticks = _yardsticks(problem, frame, masks["train"])
    actual = outcomes[masks["test"]]
    metrics = {
        "train": {"n": int(masks["train"].sum())},
        "validation": figures(problem, raw["validation"], outcomes[masks["validation"]]),
        "test": figures(problem, tested, actual),
        "test_uncalibrated": figures(problem, raw["test"], actual),
        "baselines": _baselines(problem, yardsticks, outcomes, test=masks["test"], tested=tested),
        "calibration": calibration.name,
        "reliability": reliability_bins(tested, actual),
        "split": split.to_json(),
        **insight.of_test_rows(problem, frame, masks["test"], tested, yardsticks),
    }
    if not problem.group_column:
        metrics["over_time"] = insight.over_time(problem, frame, ~masks["train"], later, yardsticks)
    if problem.count_column:
        errors = means[:, 0] - frame[problem.count_column].to_numpy()[~masks["train"]]
        metrics["validation"] |= _of_errors(errors[validating])
        metrics["test"] |= _of_errors(errors[~validating])
    return calibration, metrics


def _of_errors(errors: np.ndarray) -> dict[str, float]:
    from mlmodels.evaluation.metrics import mae, rmse

    return {"mae": mae(errors), "rmse": rmse(errors)}


def figures(problem: Problem, probabilities: np.ndarray, outcomes: np.ndarray) -> dict[str, float | None]:
    """Every metric of the problem, and n; JSON-able, null where a metric is not defined on these rows."""
    measured = {metric.name: float(metric.compute(probabilities, outcomes)) for metric in problem.metrics}
    return {"n": len(outcomes), **{name: value if value == value else None for name, value in measured.items()}}


def _yardsticks(problem: Problem, frame: pd.DataFrame, train: np.ndarray) -> dict[str, np.ndarray]:
    """Probabilities (n, k) to measure against: how often each outcome came in training, and the problem's own."""
    import numpy as np

    frequencies = np.bincount(frame[problem.outcome_column][train], minlength=len(problem.labels)) / train.sum()
    return {"train-frequencies": np.tile(frequencies, (len(frame), 1)), **problem.yardsticks(frame)}


def _baselines(
    problem: Problem,
    yardsticks: Mapping[str, np.ndarray],
    outcomes: np.ndarray,
    *,
    test: np.ndarray,
    tested: np.ndarray,
) -> dict[str, Any]:
    """Yardsticks on the test rows, and the model on just the rows where each is known."""
    import numpy as np

    found = {}
    for name, probabilities in yardsticks.items():
        known = ~np.isnan(probabilities[test]).any(axis=1)
        if known.any():
            actual = outcomes[test][known]
            found[name] = {
                **figures(problem, probabilities[test][known], actual),
                "model": figures(problem, tested[known], actual),
            }
    return found


def _in_words(problem: Problem, measured: Mapping[str, Any]) -> str:
    primary = problem.primary_metric
    return f"{primary.title} {measured[primary.name]:.4f} on {measured['n']} rows"


def _register(
    run: TrainingRun,
    hold: Hold,
    problem: Problem,
    algorithm: Algorithm,
    examples: Examples,
    estimator: Any,
    calibration: Any,
    metrics: dict[str, Any],
    started_at: Any,
    found: Found | None,
) -> ModelVersion:
    from mlmodels.estimators.calibrated import CalibratedForecaster

    chosen = getattr(estimator, "chosen_", None)
    hold.progress(0.5, "Saving")
    with transaction.atomic():
        hold.finish(TrainingRun.Status.COMPLETED, progress=100, message="Done", metrics=metrics, **_lineage(examples))
        subject_reports.keep(run, estimator)
        version = registry.register(
            run=run,
            dataset=examples.dataset,
            estimator=CalibratedForecaster(estimator, calibration),
            state=examples.state,
            schema=registry.schema_of(examples.frame, algorithm.columns),
            metrics=metrics,
            weights=algorithm.weights(getattr(estimator, "estimator_", estimator)) if algorithm.weights else {},
            hyper_parameters={**run.hyper_parameters, **(found.parameters if found else {})},
            tuning=found.record if found else {},
            chosen_features=[] if chosen is None else [algorithm.columns[place] for place in chosen],
            covers=problem.scope_of(examples.frame),
            started_at=started_at,
        )
        return _reinforced(version, run) if run.emphasis else version


def _reinforced(version: ModelVersion, run: TrainingRun) -> ModelVersion:
    """What was fine-tuned is compared with the champion, and never is it without that."""
    reason = str(run.emphasis.get("reason", ""))[:LONGEST_REASON]
    version.notes = f"Fine-tuned on {len(run.emphasis['keys'])} examples: {reason}"
    version.save(update_fields=["notes"])
    promotion.make_challenger(version, by=None, reason=reason or "Fine-tuned")
    version.refresh_from_db()
    return version

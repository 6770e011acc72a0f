"""How a model is made: load, split by time, walk forward, calibrate, evaluate, fit on everything, register."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mlmodels import registry
from mlmodels.datasets import Examples, snapshot
from mlmodels.errors import InvalidHyperParameters, TooLittleData
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Algorithm, Kind, Problem, get_problem
from mlmodels.selection import Selection
from mlmodels.splitting import TimeSplit, split_by_time

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.leases import Hold

LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "xgboost-cpu")


def train(run: TrainingRun, *, hold: Hold) -> ModelVersion | None:
    """Make a version for a claimed run and end the run; None where the data is what the champion was trained on.

    The reported figures are of validation and test rows, each predicted from earlier rows only. The version itself is
    then fitted on all rows, with the calibration learned on the validation rows.
    Raises InvalidHyperParameters, TooLittleData, RunCancelled, LeaseLost.
    """
    started_at = timezone.now()
    problem = get_problem(run.problem)
    algorithm = problem.algorithm(run.algorithm)
    _refuse_nonsense(algorithm, run.hyper_parameters)
    hold.enter("loading", start=0, end=40)
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
    split = split_by_time(examples.frame[problem.time_column], minimum_rows=problem.minimum_rows)
    _refuse_outcomes_never_seen(problem, examples.frame, split)
    hold.enter("evaluating", start=40, end=80)
    later = _walk(problem, algorithm, examples.frame, split, run, hold)
    hold.enter("calibrating", start=80, end=85)
    calibration, metrics = _calibrate_and_measure(problem, algorithm, examples.frame, split, later)
    for name in ("validation", "test"):
        hold.say(f"{name.capitalize()}: {_in_words(problem, metrics[name])}")
    hold.enter("fitting", start=85, end=95)
    estimator = build(algorithm, run)
    estimator.fit(examples.frame[list(algorithm.columns)], targets(algorithm, examples.frame))
    hold.enter("saving", start=95, end=100)
    return _register(run, hold, problem, algorithm, examples, estimator, calibration, metrics, started_at)


def _refuse_outcomes_never_seen(problem: Problem, frame: pd.DataFrame, split: TimeSplit) -> None:
    """Classes that no training row has can't be learned, and most estimators would fail on them midway."""
    if problem.kind != Kind.CLASSIFICATION:
        return
    seen = frame[problem.outcome_column][split.masks(frame[problem.time_column])["train"]]
    missing = [label for index, label in enumerate(problem.labels) if index not in set(seen)]
    if missing:
        raise TooLittleData(
            f"None of the {len(seen)} {problem.unit} to learn from turned out {' or '.join(missing)}: "
            "choose more competitions or seasons, or a longer period."
        )


def build(algorithm: Algorithm, run: TrainingRun) -> Any:
    """A fresh estimator with the run's hyper-parameters and, where it has one, its seed."""
    estimator = algorithm.build(**{**algorithm.defaults, **run.hyper_parameters})
    if hasattr(estimator, "random_state"):
        estimator.random_state = run.seed
    return estimator


def _refuse_nonsense(algorithm: Algorithm, given: Mapping[str, Any]) -> None:
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
    return champion if same_rows and champion.hyper_parameters == run.hyper_parameters else None


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


def _walk(
    problem: Problem, algorithm: Algorithm, frame: pd.DataFrame, split: TimeSplit, run: TrainingRun, hold: Hold
) -> np.ndarray:
    """Probabilities (m, k) of the validation and test rows, walking forward."""
    from mlmodels.evaluation.walk_forward import walk_forward

    return walk_forward(
        lambda: build(algorithm, run),
        frame[list(algorithm.columns)],
        targets(algorithm, frame),
        frame[problem.time_column],
        start=split.validation_from,
        refit_every=algorithm.refit_every,
        progress=hold.progress,
    )


def _calibrate_and_measure(
    problem: Problem, algorithm: Algorithm, frame: pd.DataFrame, split: TimeSplit, later: np.ndarray
) -> tuple[Any, dict[str, Any]]:
    from mlmodels.estimators.calibration import IdentityCalibration, best_calibration
    from mlmodels.evaluation.metrics import reliability_bins

    masks = split.masks(frame[problem.time_column])
    outcomes = frame[problem.outcome_column].to_numpy()
    validating = masks["validation"][~masks["train"]]
    raw = {"validation": later[validating], "test": later[~validating]}
    calibration = (
        best_calibration(raw["validation"], outcomes[masks["validation"]])
        if algorithm.calibrates
        else IdentityCalibration()
    )
    tested = calibration.transform(raw["test"])
    actual = outcomes[masks["test"]]
    metrics = {
        "train": {"n": int(masks["train"].sum())},
        "validation": figures(problem, raw["validation"], outcomes[masks["validation"]]),
        "test": figures(problem, tested, actual),
        "test_uncalibrated": figures(problem, raw["test"], actual),
        "baselines": _baselines(problem, frame, masks, tested),
        "calibration": calibration.name,
        "reliability": reliability_bins(tested, actual),
        "split": split.to_json(),
    }
    return calibration, metrics


def figures(problem: Problem, probabilities: np.ndarray, outcomes: np.ndarray) -> dict[str, float | None]:
    """Every metric of the problem, and n; JSON-able, null where a metric is not defined on these rows."""
    measured = {metric.name: float(metric.compute(probabilities, outcomes)) for metric in problem.metrics}
    return {"n": len(outcomes), **{name: value if value == value else None for name, value in measured.items()}}


def _baselines(
    problem: Problem, frame: pd.DataFrame, masks: Mapping[str, np.ndarray], tested: np.ndarray
) -> dict[str, Any]:
    """Yardsticks on the test rows, and the model on just the rows where each is known."""
    import numpy as np

    test = masks["test"]
    outcomes = frame[problem.outcome_column].to_numpy()
    frequencies = np.bincount(outcomes[masks["train"]], minlength=len(problem.labels)) / masks["train"].sum()
    yardsticks = {"train-frequencies": np.tile(frequencies, (len(frame), 1)), **problem.yardsticks(frame)}
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
) -> ModelVersion:
    from mlmodels.estimators.calibrated import CalibratedForecaster

    hold.progress(0.5, "Saving")
    with transaction.atomic():
        hold.finish(TrainingRun.Status.COMPLETED, progress=100, message="Done", metrics=metrics, **_lineage(examples))
        return registry.register(
            run=run,
            dataset=examples.dataset,
            estimator=CalibratedForecaster(estimator, calibration),
            state=examples.state,
            schema=registry.schema_of(examples.frame, algorithm.columns),
            metrics=metrics,
            weights=algorithm.weights(estimator) if algorithm.weights else {},
            covers=problem.scope_of(examples.frame),
            started_at=started_at,
        )

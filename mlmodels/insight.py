"""What a training run shows of itself beyond its figures: where it errs, how it learned, what it looks at.

Everything here is JSON in the metrics of a version. A version from before has none of it, and pages say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlmodels.problem import Kind, Metric, Problem

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.problem import Algorithm

RESAMPLES = 400
FEWEST_GROUPS = 10
"""With fewer groups held out, drawing them anew says little of chance: no interval is told."""
EXPLAINED_ROWS = 500
"""Importances are taken over so many of the newest rows."""

MOST_FEATURES = 60
LEARNING_ROWS = 20_000
"""A learning curve is grown on at most so many of the newest training rows: it costs a fit more."""


def of_test_rows(
    problem: Problem, frame: pd.DataFrame, test: np.ndarray, tested: np.ndarray, yardsticks: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """`interval` and `differences` of the primary metric, and `confusion`; the first two empty of too few groups.

    test: mask (n,) of the test rows. tested: calibrated probabilities (m, k) of them. yardsticks: (n, k) by name.
    """
    outcomes = frame[problem.outcome_column].to_numpy()[test]
    blocks = _blocks(problem, frame[test])
    found: dict[str, Any] = {"interval": {}, "differences": {}}
    if not problem.group_column or len(set(blocks.tolist())) >= FEWEST_GROUPS:
        found["interval"] = _interval(problem.primary_metric, tested, outcomes, blocks)
        found["differences"] = {
            name: difference
            for name, table in yardsticks.items()
            if (difference := _difference(problem.primary_metric, tested, table[test], outcomes, blocks))
        }
    if problem.kind == Kind.CLASSIFICATION:
        from mlmodels.evaluation.metrics import confusion_matrix

        found["confusion"] = {"labels": list(problem.labels), "counts": confusion_matrix(tested, outcomes).tolist()}
    return found


def _blocks(problem: Problem, frame: pd.DataFrame) -> np.ndarray:
    """(n,) rows of one block are kept together in a bootstrap: those of a group, else those of a day."""
    named = frame[problem.group_column] if problem.group_column else frame[problem.time_column].dt.strftime("%Y-%m-%d")
    blocks: np.ndarray = named.to_numpy(dtype=str)
    return blocks


def _interval(metric: Metric, p: np.ndarray, outcomes: np.ndarray, blocks: np.ndarray) -> dict[str, Any]:
    """95 % interval by a bootstrap over days or groups, {} where the metric is not defined."""
    from mlmodels.evaluation.bootstrap import figure_interval

    try:
        found = figure_interval(
            lambda rows: metric.compute(p[rows], outcomes[rows]), len(outcomes), blocks=blocks, resamples=RESAMPLES
        )
    except ValueError:
        return {}
    return {"metric": metric.name, "value": found.value, "low": found.low, "high": found.high}


def _difference(
    metric: Metric, p: np.ndarray, yardstick: np.ndarray, outcomes: np.ndarray, blocks: np.ndarray
) -> dict[str, Any]:
    """The model's figure less the yardstick's on the rows where that is known, with its interval."""
    import numpy as np

    known = ~np.isnan(yardstick).any(axis=1)
    own, theirs, came = p[known], yardstick[known], outcomes[known]
    if not known.any():
        return {}
    from mlmodels.evaluation.bootstrap import figure_interval

    try:
        found = figure_interval(
            lambda rows: metric.compute(own[rows], came[rows]) - metric.compute(theirs[rows], came[rows]),
            len(came),
            blocks=blocks[known],
            resamples=RESAMPLES,
        )
    except ValueError:
        return {}
    return {"metric": metric.name, "n": len(came), "value": found.value, "low": found.low, "high": found.high}


def over_time(
    problem: Problem, frame: pd.DataFrame, later: np.ndarray, walked: np.ndarray, yardsticks: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """The primary metric period by period: of what was said walking forward, before calibration, and of yardsticks.

    later: mask (n,) of the validation and test rows. walked: probabilities (m, k) of them. A yardstick that is not
    known of half of the rows is left out.
    """
    import numpy as np

    from mlmodels.evaluation.over_time import by_period

    tables = {"model": walked}
    tables |= {
        name: table[later] for name, table in yardsticks.items() if (~np.isnan(table[later]).any(axis=1)).mean() >= 0.5
    }
    cut = by_period(
        problem.primary_metric.compute,
        tables,
        frame[problem.outcome_column].to_numpy()[later],
        frame[problem.time_column][later],
    )
    return {"metric": problem.primary_metric.name, **cut}


def of_estimator(
    algorithm: Algorithm, estimator: Any, frame: pd.DataFrame, y: np.ndarray, masks: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    """`importances` of a fitted estimator that can say why, `learning_curve` of one that learns in rounds."""
    X = frame[list(algorithm.columns)]
    found: dict[str, Any] = {}
    if importances := _importances(estimator, X[-EXPLAINED_ROWS:]):
        found["importances"] = importances
    if hasattr(estimator, "loss_by_round"):
        train, later = masks["train"].nonzero()[0][-LEARNING_ROWS:], masks["validation"].nonzero()[0]
        if curve := estimator.loss_by_round(X.iloc[train], y[train], X.iloc[later], y[later]):
            found["learning_curve"] = {name: [round(v, 6) for v in values] for name, values in curve.items()}
    return found


def _importances(estimator: Any, X: pd.DataFrame) -> dict[str, Any]:
    """How far each feature moves the scores of the classes apart, in the mean over rows; {} where nothing is told."""
    from mlmodels.estimators.attribution import attribution_of

    told = attribution_of(estimator, X)
    if told is None or not told.names:
        return {}
    moved = (told.parts.max(2) - told.parts.min(2)).mean(0)
    ranked = sorted(zip(told.names, moved.tolist(), strict=True), key=lambda pair: -pair[1])[:MOST_FEATURES]
    return {"rows": len(X), "features": [[name, round(value, 6)] for name, value in ranked]}

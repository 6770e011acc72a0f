"""All figures of several models on the same rows, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmodels.evaluation import metrics
from mlmodels.evaluation.bootstrap import paired_difference

Figure = Callable[[Any, Any], float]

FIGURES: Mapping[str, Figure] = {
    "rps": metrics.rps,
    "log_loss": metrics.log_loss,
    "brier": metrics.brier,
    "accuracy": metrics.accuracy,
    "draw_log_loss": metrics.draw_log_loss,
    "draw_auc": metrics.draw_auc,
    "ece": metrics.ece,
}
"""Of home, draw and away."""


def scorecard(
    probabilities: Mapping[str, ArrayLike],
    outcomes: ArrayLike,
    *,
    figures: Mapping[str, Figure] = FIGURES,
    counts: ArrayLike | None = None,
    means: Mapping[str, ArrayLike] | None = None,
    reference: str | None = None,
    blocks: ArrayLike | None = None,
    resamples: int = 2000,
) -> dict[str, dict[str, Any]]:
    """{model: {n, one entry a figure, rps_difference}}, JSON-able.

    probabilities: (n, k) by model, classes in order. outcomes: (n,) class indices. counts: (n,) what was counted; with
    it each of `means` ((n,) by model, what it expected) gets mae and rmse, in units counted. rps_difference, and
    mae_difference where the reference has a mean (only with a reference): {reference, mean, low, high}, the paired
    difference to the reference's with its 95 % bootstrap interval over `blocks` ((n,) labels such as the week). A
    figure that is not defined is None. Raises ValueError where a model's rows are not those of the outcomes, or the
    reference is not among the models.
    """
    if reference is not None and reference not in probabilities:
        raise ValueError(f"The reference {reference!r} is not among the models: {', '.join(probabilities)}.")
    errors = {name: np.abs(np.asarray(mean) - np.asarray(counts)) for name, mean in (means or {}).items()}
    cards = {
        name: _figures(p, outcomes, figures) | (_of_errors(errors[name]) if name in errors else {})
        for name, p in probabilities.items()
    }
    if reference is None:
        return cards
    ranked = {name: metrics.rps_each(p, outcomes) for name, p in probabilities.items()}
    for title, losses in (("rps_difference", ranked), ("mae_difference", errors)):
        for name, loss in losses.items() if reference in losses else ():
            gap = paired_difference(loss, losses[reference], blocks=blocks, resamples=resamples)
            told = {"reference": reference, "mean": gap.mean, "low": gap.low, "high": gap.high}
            cards[name][title] = told
    return cards


def _figures(p: ArrayLike, outcomes: ArrayLike, figures: Mapping[str, Figure]) -> dict[str, Any]:
    values = {name: float(figure(p, outcomes)) for name, figure in figures.items()}
    return {
        "n": len(np.asarray(outcomes)),
        **{name: value if math.isfinite(value) else None for name, value in values.items()},
    }


def _of_errors(errors: Any) -> dict[str, float]:
    return {"mae": metrics.mae(errors), "rmse": metrics.rmse(errors)}

"""All figures of several models on the same rows, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlmodels.evaluation import metrics
from mlmodels.evaluation.bootstrap import paired_difference

FIGURES: dict[str, Callable[[ArrayLike, ArrayLike], float]] = {
    "rps": metrics.rps,
    "log_loss": metrics.log_loss,
    "brier": metrics.brier,
    "accuracy": metrics.accuracy,
    "draw_log_loss": metrics.draw_log_loss,
    "draw_auc": metrics.draw_auc,
    "ece": metrics.ece,
}


def scorecard(
    probabilities: Mapping[str, ArrayLike],
    outcomes: ArrayLike,
    *,
    reference: str | None = None,
    blocks: ArrayLike | None = None,
    resamples: int = 2000,
) -> dict[str, dict[str, Any]]:
    """{model: {n, rps, log_loss, brier, accuracy, draw_log_loss, draw_auc, ece, rps_difference}}, JSON-able.

    probabilities: (n, 3) by model, in the order home, draw, away. outcomes: (n,) class indices. rps_difference (only
    with a reference): {reference, mean, low, high}, the paired difference of the RPS to the reference's with its 95 %
    bootstrap interval over `blocks` ((n,) labels such as the week). A figure that is not defined is None. Raises
    ValueError where a model's rows are not those of the outcomes, or the reference is not among the models.
    """
    if reference is not None and reference not in probabilities:
        raise ValueError(f"The reference {reference!r} is not among the models: {', '.join(probabilities)}.")
    cards = {name: _figures(p, outcomes) for name, p in probabilities.items()}
    if reference is None:
        return cards
    against = metrics.rps_each(probabilities[reference], outcomes)
    for name, p in probabilities.items():
        gap = paired_difference(metrics.rps_each(p, outcomes), against, blocks=blocks, resamples=resamples)
        cards[name]["rps_difference"] = {
            "reference": reference,
            "mean": gap.mean,
            "low": gap.low,
            "high": gap.high,
        }
    return cards


def _figures(p: ArrayLike, outcomes: ArrayLike) -> dict[str, Any]:
    values = {name: figure(p, outcomes) for name, figure in FIGURES.items()}
    return {
        "n": len(np.asarray(outcomes)),
        **{name: value if math.isfinite(value) else None for name, value in values.items()},
    }

"""The ways to find what was planted, from the plain rule up."""

from __future__ import annotations

from typing import Any

from mlmodels.problem import Algorithm
from mlmodels.tuning.spaces import real, whole
from training.rocket_league.weakness.profiles import PROFILE, SURPRISES

OUTCOME = ("outcome",)


def _largest_shortfall(**parameters: Any) -> Any:
    from mlmodels.estimators.largest_shortfall import LargestShortfall

    return LargestShortfall(**parameters)


def _forest(**parameters: Any) -> Any:
    from mlmodels.estimators.class_forest import ClassForest

    return ClassForest(**parameters)


def _posterior(**parameters: Any) -> Any:
    from mlmodels.estimators.shifted_means import ShiftedMeans

    return ShiftedMeans(count=-1, **parameters)


def _weights(fitted: Any) -> dict[str, Any]:
    return {
        "shares": dict(zip((str(label) for label in fitted.classes_), fitted.shares_.round(4).tolist(), strict=True)),
        "strengths": dict(
            zip((f"{s:g}" for s in fitted.strengths), fitted.strength_shares_.round(4).tolist(), strict=True)
        ),
        "noise": fitted.noise_.round(4).tolist(),
        "lasting": fitted.lasting_.round(4).tolist(),
    }


ALGORITHMS: tuple[Algorithm, ...] = (
    Algorithm(
        name="posterior",
        title="Bayesian posterior of what was shifted",
        build=_posterior,
        columns=PROFILE,
        target=OUTCOME,
        weights=_weights,
    ),
    Algorithm(
        name="forest",
        title="Random forest",
        build=_forest,
        columns=(*PROFILE, *SURPRISES),
        target=OUTCOME,
        space=(whole("least_rows", 2, 40, usual=5, log=True), real("columns", 0.1, 1.0, usual=0.3)),
    ),
    Algorithm(
        name="largest-shortfall",
        title="The largest shortfall, if beyond its noise",
        build=_largest_shortfall,
        columns=SURPRISES,
        target=OUTCOME,
    ),
)

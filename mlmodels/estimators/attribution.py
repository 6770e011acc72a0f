"""Why a forecast is what it is: contributions that add up to the scores behind its probabilities.

Sources: Lundberg & Lee (2017), "A unified approach to interpreting model predictions", and Lundberg et al. (2020),
"From local explanations to global understanding with explainable AI for trees", for trees; Shapley (1953) where a few
inputs meet in one formula; Aumann & Shapley (1974), in machine learning Sundararajan, Taly & Yan (2017), "Axiomatic
attribution for deep networks", where a smooth function is applied to one sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CALIBRATION = "calibration"
"""Name of the part by which a calibration moved the scores."""

SMALLEST = 1e-12
"""Probabilities are kept this far from 0 in logarithms."""

_CLOSE = 1e-6
_STEP = 1e-4


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Scores (n, k) of n rows and k classes as a baseline and parts; softmax(scores) are the probabilities.

    names: (m,) what each part is of. baseline: (n, k) scores before anything is known of the row. parts: (n, m, k).
    Only differences between classes mean something: a number added to all classes of a row changes nothing.
    """

    names: tuple[str, ...]
    baseline: Floats
    parts: Floats

    @property
    def scores(self) -> Floats:
        return np.asarray(self.baseline + self.parts.sum(1), dtype=float)

    @property
    def probabilities(self) -> Floats:
        """(n, k), as the estimator gives them."""
        return softmax(self.scores)

    def log_odds(self, one: int, other: int) -> tuple[Floats, Floats]:
        """Baseline (n,) and parts (n, m) of log(p[one] / p[other])."""
        return self.baseline[:, one] - self.baseline[:, other], self.parts[:, :, one] - self.parts[:, :, other]

    def and_then(self, name: str, probabilities: Floats) -> Attribution:
        """With one part more, which moves the scores to those of other `probabilities` (n, k)."""
        moved = log_probabilities(probabilities) - log_probabilities(self.probabilities)
        return replace(self, names=(*self.names, name), parts=np.concatenate([self.parts, moved[:, None, :]], axis=1))


def attribution_of(estimator: Any, X: Any) -> Attribution | None:
    """How an estimator comes to its probabilities of rows X; None of one that can't tell."""
    if not _can_tell(estimator):
        return None
    found: Attribution = estimator.contributions(X)
    return found


def _can_tell(estimator: Any) -> bool:
    """Whether it has contributions, and so have all that it wraps."""
    wrapped = getattr(estimator, "estimator_", getattr(estimator, "estimator", None))
    return hasattr(estimator, "contributions") and (wrapped is None or _can_tell(wrapped))


def along_a_line(
    names: tuple[str, ...], steps: Floats, origin: Floats, scores_at: Callable[[Floats], Floats]
) -> Attribution:
    """Of scores that hang on one sum: each step's share of the way from the origin's scores to the row's.

    steps: (n, m), whose sum leads from `origin` (n,) to where the row is. scores_at: (n,) to scores (n, k). Aumann and
    Shapley's values: the integral of the slope along the way times the step, here in closed form. Where a row is at its
    origin the slope there stands for that of the way.
    """
    way = steps.sum(1)
    begin, end = scores_at(origin), scores_at(origin + way)
    far = np.abs(way) > _CLOSE
    slope = (end - begin) / np.where(far, way, 1.0)[:, None]
    if not far.all():
        local = (scores_at(origin + _STEP) - scores_at(origin - _STEP)) / (2 * _STEP)
        slope = np.where(far[:, None], slope, local)
    return Attribution(names=names, baseline=begin, parts=steps[:, :, None] * slope[:, None, :])


def shapley(names: tuple[str, ...], scores_with: Callable[[NDArray[np.bool_]], Floats]) -> Attribution:
    """Exact Shapley values of a few inputs.

    scores_with: coalitions (c, m), each saying which inputs are known, to scores (c, n, k); inputs that are not known
    stand at their average. It is asked once, about all 2^m of them.
    """
    count = len(names)
    coalitions = (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)
    scores = scores_with(coalitions)
    sizes = coalitions.sum(1)
    parts = np.zeros((scores.shape[1], count, scores.shape[2]))
    for i in range(count):
        without = np.flatnonzero(~coalitions[:, i])
        weights = np.array(
            [factorial(size) * factorial(count - size - 1) / factorial(count) for size in sizes[without]]
        )
        parts[:, i] = np.tensordot(weights, scores[without + 2**i] - scores[without], axes=1)
    return Attribution(names=names, baseline=scores[0], parts=parts)


def log_probabilities(p: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(p, SMALLEST)), dtype=float)


def softmax(scores: Floats) -> Floats:
    """Scores (…, k) to probabilities (…, k)."""
    powered = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(powered / powered.sum(-1, keepdims=True), dtype=float)

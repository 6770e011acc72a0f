"""Calibration of over against under at a line: a push stays what it is.

Of p (n, 3), over, push and under, only q = over / (over + under) is moved, by a rising function of q that was learned
on later rows than the forecaster. Outside the range of q that it saw it goes on level: nothing is extrapolated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmodels.estimators.calibration import FLOOR, FOLDS, KEPT_GAIN, LEAST_ROWS, IdentityCalibration
from mlmodels.estimators.count_distribution import OVER, PUSH, UNDER

Floats = NDArray[np.float64]
Curve = Callable[[Floats, Floats], tuple[Floats, Floats]]

KNOTS = 101


def beta_curve(q: Floats, is_over: Floats) -> tuple[Floats, Floats]:
    """Knots of logit q' = a·log q − b·log(1 − q) + c with a, b ≥ 0, by maximum likelihood.

    Source: Kull, Silva Filho & Flach (2017), "Beta calibration"; with a = b it is Platt's scaling of the log odds.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    def inputs(values: Floats) -> Floats:
        return np.column_stack([np.log(values), -np.log1p(-values), np.ones(len(values))])

    table = inputs(q)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        wrong = expit(scores) - is_over
        return float((np.logaddexp(0.0, scores) - is_over * scores).mean()), table.T @ wrong / len(q)

    bounds = [(0.0, None), (0.0, None), (None, None)]
    found: Any = minimize(loss, np.array([1.0, 1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    knots = np.linspace(q.min(), q.max(), KNOTS)
    return knots, np.asarray(expit(inputs(knots) @ found.x), dtype=float)


def isotonic_curve(q: Floats, is_over: Floats) -> tuple[Floats, Floats]:
    """Knots of the best rising step function (Zadrozny & Elkan 2002), linear between its steps."""
    from sklearn.isotonic import IsotonicRegression

    regression = IsotonicRegression(out_of_bounds="clip").fit(q, is_over)
    return np.asarray(regression.X_thresholds_, dtype=float), np.asarray(regression.y_thresholds_, dtype=float)


CURVES: Mapping[str, Curve] = {"beta": beta_curve, "isotonic": isotonic_curve}


class OverUnderCalibration:
    """Moves over against under along a curve; `name` says of which kind ("beta" or "isotonic").

    Learned: `knots_`, pairs of q forecast and q that it stands for, rising.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, p: ArrayLike, y: ArrayLike) -> Self:
        """p: over, push and under (n, 3); y: outcomes (n,), of which pushes teach nothing.

        Raises ValueError where no row ended over or under.
        """
        outcomes = np.asarray(y, dtype=int)
        decided = outcomes != PUSH
        if not decided.any():
            raise ValueError("Of pushes alone there is nothing to learn about over and under.")
        q = _over_share(_checked(p))[decided]
        self.knots_ = CURVES[self.name](q, (outcomes[decided] == OVER).astype(float))
        return self

    def transform(self, p: ArrayLike) -> Floats:
        """(n, 3) with the same push."""
        probabilities = _checked(p)
        moved = np.clip(np.interp(_over_share(probabilities), *self.knots_), FLOOR, 1 - FLOOR)
        decided = 1.0 - probabilities[:, PUSH]
        return np.column_stack([moved * decided, probabilities[:, PUSH], (1.0 - moved) * decided])

    def to_weights(self) -> dict[str, Any]:
        return {"type": "over-under", "name": self.name, "knots": [knots.tolist() for knots in self.knots_]}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        calibration = cls(str(weights["name"]))
        q, stands_for = (np.array(knots, dtype=float) for knots in weights["knots"])
        calibration.knots_ = (q, stands_for)
        return calibration


def over_under_calibration(p: ArrayLike, outcomes: ArrayLike) -> OverUnderCalibration | IdentityCalibration:
    """The curve with the lowest log loss on rows p (n, 3), outcomes (n,) in order of time, or none where none helps.

    Judged out of fold as `best_calibration` judges, and kept only for as much.
    """
    probabilities, y = _checked(p), np.asarray(outcomes, dtype=int)
    decided = y != PUSH
    probabilities, y = probabilities[decided], y[decided]
    if len(y) < LEAST_ROWS or len(np.unique(y)) < 2:
        return IdentityCalibration()
    before = _loss_each(probabilities, y)
    best, best_gain = "", 0.0
    for name in CURVES:
        gain = before - _loss_each(_out_of_fold(name, probabilities, y), y)
        needed = max(KEPT_GAIN, 2 * float(gain.std()) / np.sqrt(len(gain)))
        if gain.mean() > max(needed, best_gain):
            best, best_gain = name, float(gain.mean())
    return OverUnderCalibration(best).fit(probabilities, y) if best else IdentityCalibration()


def _out_of_fold(name: str, p: Floats, y: NDArray[np.int_]) -> Floats:
    calibrated = np.empty_like(p)
    for held_out in np.array_split(np.arange(len(y)), FOLDS):
        kept = np.ones(len(y), dtype=bool)
        kept[held_out] = False
        calibrated[held_out] = OverUnderCalibration(name).fit(p[kept], y[kept]).transform(p[held_out])
    return calibrated


def _loss_each(p: Floats, y: NDArray[np.int_]) -> Floats:
    q = _over_share(p)
    return np.asarray(-np.log(np.where(y == OVER, q, 1.0 - q)), dtype=float)


def _over_share(p: Floats) -> Floats:
    """(n,) over / (over + under), kept from 0 and 1; even where a push is all there is."""
    decided = p[:, OVER] + p[:, UNDER]
    share = np.divide(p[:, OVER], decided, out=np.full(len(p), 0.5), where=decided > 0)
    return np.asarray(np.clip(share, FLOOR, 1 - FLOOR), dtype=float)


def _checked(p: ArrayLike) -> Floats:
    probabilities = np.asarray(p, dtype=float)
    if probabilities.ndim != 2 or probabilities.shape[1] != 3 or not np.isfinite(probabilities).all():
        raise ValueError("Over, push and under are probabilities (n, 3), finite.")
    return np.asarray(np.clip(probabilities, 0.0, 1.0), dtype=float)

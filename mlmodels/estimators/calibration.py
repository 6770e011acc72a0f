"""Making probabilities mean what they say, learned on rows the model was not fitted on.

Each calibration is `transform(p) -> p` on probabilities (n, k), keeps rows summing to 1 and never gives 0 or NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

FLOOR = 1e-4
"""No calibrated probability is below about this: isotonic steps of 0 would promise that something cannot happen."""

FOLDS = 5
LEAST_ROWS = 100
"""With fewer validation rows nothing is learned that would hold."""

KEPT_GAIN = 0.0005
"""Log loss (nats an event) that a calibration must win out of fold; less is noise that it would add elsewhere."""


class IdentityCalibration:
    """Leaves probabilities as they are."""

    name = "none"

    def fit(self, p: ArrayLike, y: ArrayLike) -> Self:
        return self

    def transform(self, p: ArrayLike) -> Floats:
        return np.asarray(p, dtype=float)

    def to_weights(self) -> dict[str, Any]:
        return {"type": "identity"}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        return cls()


class TemperatureCalibration:
    """p^(1/T), renormalised (Guo et al. 2017, "On calibration of modern neural networks"): T > 1 makes bolder
    forecasts milder. Learned: `temperature_`, by maximum likelihood."""

    name = "temperature"

    def fit(self, p: ArrayLike, y: ArrayLike) -> Self:
        """p: probabilities (n, k); y: class indices (n,)."""
        from scipy.optimize import minimize_scalar

        log_p, outcomes = np.log(_safe(p)), np.asarray(y, dtype=int)

        def loss(log_temperature: float) -> float:
            scaled = log_p * np.exp(-log_temperature)
            scaled -= scaled.max(1, keepdims=True)
            return float((np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(outcomes)), outcomes]).mean())

        found: Any = minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded", options={"xatol": 1e-6})
        self.temperature_ = float(np.exp(found.x))
        return self

    def transform(self, p: ArrayLike) -> Floats:
        scaled = np.log(_safe(p)) / self.temperature_
        powered = np.exp(scaled - scaled.max(1, keepdims=True))
        return _safe(powered)

    def to_weights(self) -> dict[str, Any]:
        return {"type": "temperature", "temperature": self.temperature_}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        calibration = cls()
        calibration.temperature_ = float(weights["temperature"])
        return calibration


class IsotonicCalibration:
    """Isotonic regression per class, one-vs-rest, renormalised (Zadrozny & Elkan 2002). Between its knots it is
    linear. Learned: `knots_`, a pair (probabilities, frequencies) per class."""

    name = "isotonic"

    def fit(self, p: ArrayLike, y: ArrayLike) -> Self:
        """p: probabilities (n, k); y: class indices (n,)."""
        from sklearn.isotonic import IsotonicRegression

        probabilities, outcomes = _safe(p), np.asarray(y, dtype=int)
        self.knots_: list[tuple[Floats, Floats]] = []
        for k in range(probabilities.shape[1]):
            regression = IsotonicRegression(out_of_bounds="clip").fit(probabilities[:, k], outcomes == k)
            self.knots_.append((regression.X_thresholds_, regression.y_thresholds_))
        return self

    def transform(self, p: ArrayLike) -> Floats:
        probabilities = _safe(p)
        columns = [np.interp(probabilities[:, k], x, f) for k, (x, f) in enumerate(self.knots_)]
        return _safe(np.column_stack(columns))

    def to_weights(self) -> dict[str, Any]:
        return {"type": "isotonic", "knots": [[x.tolist(), f.tolist()] for x, f in self.knots_]}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        calibration = cls()
        calibration.knots_ = [(np.array(x, dtype=float), np.array(f, dtype=float)) for x, f in weights["knots"]]
        return calibration


Calibration = IdentityCalibration | TemperatureCalibration | IsotonicCalibration


def best_calibration(p: ArrayLike, y: ArrayLike) -> Calibration:
    """The calibration with the lowest log loss on validation rows p (n, k), y (n,), or none where none helps.

    Judged out of fold: rows (in time order) are cut in five runs, each calibrated by what the other four teach, so an
    isotonic fit is not rewarded for learning the noise of the rows it is judged on. One is kept only if it wins at
    least `KEPT_GAIN` and twice the standard error of its gain's mean.
    """
    probabilities, outcomes = _safe(p), np.asarray(y, dtype=int)
    if len(outcomes) < LEAST_ROWS:
        return IdentityCalibration()
    before = _loss_each(probabilities, outcomes)
    best, best_gain = IdentityCalibration, 0.0
    for candidate in (TemperatureCalibration, IsotonicCalibration):
        gain = before - _loss_each(_out_of_fold(candidate, probabilities, outcomes), outcomes)
        needed = max(KEPT_GAIN, 2 * float(gain.std()) / np.sqrt(len(gain)))
        if gain.mean() > max(needed, best_gain):
            best, best_gain = candidate, float(gain.mean())  # type: ignore[assignment]  # classes of one kind
    return best().fit(probabilities, outcomes)


def _out_of_fold(candidate: Callable[[], Any], p: Floats, y: Ints) -> Floats:
    calibrated = np.empty_like(p)
    for held_out in np.array_split(np.arange(len(y)), FOLDS):
        kept = np.ones(len(y), dtype=bool)
        kept[held_out] = False
        calibrated[held_out] = candidate().fit(p[kept], y[kept]).transform(p[held_out])
    return calibrated


def _loss_each(p: Floats, y: Ints) -> Floats:
    return np.asarray(-np.log(p[np.arange(len(y)), y]), dtype=float)


def _safe(p: ArrayLike) -> Floats:
    """Rows that sum to 1 without zeros; a row of nothing becomes even odds. ValueError for NaN or negative numbers."""
    probabilities = np.asarray(p, dtype=float)
    if probabilities.ndim != 2 or not np.isfinite(probabilities).all() or (probabilities < 0).any():
        raise ValueError("Probabilities are (n, k), finite and not negative.")
    total = probabilities.sum(1, keepdims=True)
    even = 1 / probabilities.shape[1]
    normalised = np.divide(probabilities, total, out=np.full_like(probabilities, even), where=total > 0)
    floored = np.maximum(normalised, FLOOR)
    return np.asarray(floored / floored.sum(1, keepdims=True), dtype=float)

"""Counts of subjects that differ, for estimators of counts."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

Floats = NDArray[np.float64]


def counted(subjects: int = 6, rows: int = 90, seed: int = 5) -> tuple[pd.DataFrame, Floats]:
    """Subject s counts e^(1 + s/4 + form/2) things, so that what `form` does is known; oldest first.

    Columns subject, form (NaN now and then), noise, line. The subject 99 has 20 rows only.
    """
    rng = np.random.default_rng(seed)
    numbers = [*range(subjects), 99]
    frame = pd.concat(
        pd.DataFrame({"subject": number, "at": rng.uniform(size=20 if number == 99 else rows)}) for number in numbers
    )
    frame = frame.sort_values("at", ignore_index=True)
    frame["form"] = rng.normal(size=len(frame))
    frame["noise"] = rng.normal(size=len(frame))
    means = np.exp(1 + frame["subject"].where(frame["subject"] < 99, 0) / 4 + frame["form"] / 2)
    frame["line"] = np.floor(means) + 0.5
    y = rng.poisson(means).astype(float)
    frame.loc[rng.uniform(size=len(frame)) < 0.03, "form"] = np.nan
    return frame[["subject", "form", "noise", "line"]], y


class Level(BaseEstimator):
    """A global model: one mean for all rows, NaN where the form is not known."""

    def fit(self, X: pd.DataFrame, y: Floats) -> Self:
        self.level_ = float(np.mean(y))
        return self

    def predict_mean(self, X: pd.DataFrame) -> Floats:
        return np.where(X["form"].isna(), np.nan, self.level_)

    def predict_proba(self, X: pd.DataFrame) -> Floats:
        return np.tile([0.25, 0.0, 0.75], (len(X), 1))

    def distribution(self, X: pd.DataFrame, *, length: int = 0) -> Floats:
        table = np.zeros((len(X), length or 4))
        table[:, 1] = 1.0
        return table

    def to_weights(self) -> dict[str, Any]:
        return {"type": "level", "level": self.level_}

    @classmethod
    def from_weights(cls, weights: Any) -> Self:
        model = cls()
        model.level_ = weights["level"]
        return model

"""An estimator with something to tune, in a module that processes without Django can import."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator


class Trusting(BaseEstimator):
    """p(heads) = ½ + trust · (bias - ½): a trust of 1 is right. `noise` and `side` change nothing; `stumble` fails."""

    def __init__(self, *, trust: float = 0.2, noise: int = 1, side: str = "left", stumble: float = 0.0) -> None:
        self.trust = trust
        self.noise = noise
        self.side = side
        self.stumble = stumble

    def fit(self, X: Any, y: Any) -> "Trusting":
        if self.stumble and self.trust < self.stumble:
            raise ValueError("It stumbled.")
        self.rows_ = len(y)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        heads = np.clip(0.5 + self.trust * (np.asarray(X)[:, 0].astype(float) - 0.5), 0.01, 0.99)
        return np.column_stack([heads, 1 - heads])

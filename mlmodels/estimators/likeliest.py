"""What an estimator answers when it is asked for one class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Tags


class Forecaster(ABC):
    """Has probabilities (n, classes) to choose from."""

    @abstractmethod
    def predict_proba(self, X: Any) -> NDArray[np.float64]: ...


class LikeliestClass(Forecaster):
    """Gives an estimator with `classes_` its `predict`."""

    classes_: NDArray[Any]

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest class (n,)."""
        likeliest = self.predict_proba(X).argmax(1)
        best: NDArray[Any] = self.classes_[likeliest]
        return best


class LikeliestOutcome(Forecaster):
    """Gives an estimator whose classes are 0, 1, … its `predict`."""

    def predict(self, X: Any) -> NDArray[np.int_]:
        """The likeliest outcome (n,) as an index: in home, draw, away for a match."""
        return np.asarray(self.predict_proba(X).argmax(1), dtype=int)


class LearnsFromGoals(LikeliestOutcome):
    """Tells scikit-learn that X is names of teams and y is home and away goals (n, 2); stands before BaseEstimator."""

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()  # type: ignore[misc]  # of BaseEstimator, next in line
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = False
        tags.input_tags.string = True
        return tags

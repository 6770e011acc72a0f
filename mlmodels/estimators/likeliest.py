"""What a classifier answers when it is asked for one class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class LikeliestClass:
    """Gives an estimator with `predict_proba` and `classes_` its `predict`."""

    classes_: NDArray[Any]

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        raise NotImplementedError

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest class (n,)."""
        likeliest = self.predict_proba(X).argmax(1)
        best: NDArray[Any] = self.classes_[likeliest]
        return best

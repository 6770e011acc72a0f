"""Boosting that goes on, slower, on weighted rows."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

EXTRA_SHARE = 0.2
"""Rounds that are added, as a share of those there are."""

SLOWER = 0.2
"""Their learning rate, as a share of the usual one."""


class Continued:
    """An unfitted booster that is fitted on all rows alike, and then boosted on with the weights it is given."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Rows that all weigh the same add no rounds: there is nothing to learn harder yet."""
        self.estimator.fit(X, y)
        if sample_weight is not None and np.ptp(np.asarray(sample_weight)) > 0:
            self.estimator.boost_on(
                X,
                y,
                sample_weight,
                rounds=max(1, round(EXTRA_SHARE * self.estimator.rounds)),
                learning_rate=SLOWER * self.estimator.learning_rate,
            )
        return self

    def predict_proba(self, X: Any) -> Any:
        return self.estimator.predict_proba(X)

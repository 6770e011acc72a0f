"""Forecasts of rows that were held out: fitted on others, whenever these were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlmodels.evaluation.walk_forward import Answer, probabilities

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def held_out(
    build: Callable[[], Any],
    X: Any,
    y: Any,
    *,
    learned: Mask,
    asked: Mask,
    sample_weight: Any = None,
    answer: Answer = probabilities,
) -> Floats:
    """What `answer` gives, probabilities (m, k), of the m rows of the mask `asked`, in row order.

    build: makes an unfitted estimator; it is fitted once, on the rows of the mask `learned`. sample_weight: (n,) of all
    rows. Raises ValueError where the masks share a row, or one of them is empty.
    """
    if (learned & asked).any() or not learned.any() or not asked.any():
        raise ValueError("Rows are learned from or asked about, some of either and none of both.")
    weights = {} if sample_weight is None else {"sample_weight": sample_weight[learned]}
    return answer(build().fit(X[learned], y[learned], **weights), X[asked])


def across_folds(
    build: Callable[[], Any], X: Any, y: Any, folds: NDArray[np.int_], *, width: int, answer: Answer = probabilities
) -> Floats:
    """(n, width): what is said of each row by an estimator fitted on the rows of all other folds. folds: (n,)."""
    said = np.full((len(folds), width), np.nan)
    for fold in np.unique(folds):
        asked = folds == fold
        said[asked] = held_out(build, X, y, learned=~asked, asked=asked, answer=answer)
    return said

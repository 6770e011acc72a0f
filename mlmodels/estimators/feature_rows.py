"""Rows of features on their way into a fitted estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import assert_all_finite, validate_data

Floats = NDArray[np.float64]


def feature_names(estimator: Any) -> tuple[str, ...]:
    """Names of a fitted estimator's features; x0, x1, … where it was fitted on an array."""
    names = getattr(estimator, "feature_names_in_", None)
    if names is None:
        return tuple(f"x{i}" for i in range(estimator.n_features_in_))
    return tuple(names.tolist())


def check_feature_names(estimator: Any, X: Any) -> None:
    """Raise ValueError for a DataFrame with other columns than in `fit`, or in another order.

    Where they are the same, that is seen at once; what else there is to say, scikit-learn's own check says.
    """
    known = getattr(estimator, "feature_names_in_", None)
    if known is None or X.shape[1] != len(known) or X.columns.tolist() != known.tolist():
        validate_data(estimator, X, reset=False, skip_check_array=True)


def read_features(estimator: Any, X: Any, *, allow_nan: bool) -> Floats:
    """X as numbers (n, features), checked as `validate_data` checks what a fitted estimator is asked about.

    A DataFrame is taken to numpy in one step: scikit-learn's own walk over its columns takes longer than most
    predictions of one row. Raises ValueError for other columns than in `fit`, text, infinity and, unless allowed, NaN.
    """
    finite: Any = "allow-nan" if allow_nan else True
    if not hasattr(X, "iloc"):
        return np.asarray(validate_data(estimator, X, dtype=np.float64, ensure_all_finite=finite, reset=False))
    check_feature_names(estimator, X)
    table = X.to_numpy(dtype=np.float64)
    assert_all_finite(table, allow_nan=allow_nan)
    return np.asarray(table)

"""Reading matches from whatever a caller holds: a DataFrame by column names, or any 2-D array by position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import compress
from operator import eq
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MATCH_COLUMNS = ("home", "away", "competition", "date")
OUTCOMES = ("home", "draw", "away")

SEASON_BREAK_DAYS = 45
"""A competition that paused for longer than this begins a new season."""


@dataclass(frozen=True)
class MatchRows:
    """Matches as columns: labels as text, `day` as a number of days since 1970-01-01 (UTC)."""

    home: list[str]
    away: list[str]
    competition: list[str]
    day: Floats

    def __len__(self) -> int:
        return len(self.home)

    def where(self, kept: NDArray[np.bool_]) -> MatchRows:
        """Only the rows that a mask (n,) keeps."""
        if kept.all():
            return self
        picks = kept.tolist()
        home, away, competition = (list(compress(c, picks)) for c in (self.home, self.away, self.competition))
        return MatchRows(home, away, competition, self.day[kept])


def read_matches(X: Any) -> MatchRows:
    """Columns home, away, competition, date of a DataFrame, or the first four of an array in that order.

    `competition` and `date` may be missing: then there is one competition, and all matches are of the same day. Raises
    ValueError for too few columns, an unreadable date, or a team that plays itself.
    """
    columns = _columns(X)
    home, away = _labels(columns[0]), _labels(columns[1])
    if any(map(eq, home, away)):
        same = next(team for team, other in zip(home, away, strict=True) if team == other)
        raise ValueError(f"{same!r} is both home and away in one match.")
    competition = _labels(columns[2]) if columns[2] is not None else [""] * len(home)
    day = days(columns[3]) if columns[3] is not None else np.zeros(len(home))
    if not np.isfinite(day).all():
        raise ValueError("A match has no date, or one that cannot be read.")
    return MatchRows(home, away, competition, day)


def read_goals(y: Any, n: int) -> Floats:
    """(n, 2) finite, non-negative goals; ValueError otherwise."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    goals = np.asarray(y, dtype=float)
    if goals.shape != (n, 2):
        raise ValueError(f"y holds home and away goals of {n} matches, shape ({n}, 2); this has shape {goals.shape}.")
    if not np.isfinite(goals).all():
        raise ValueError("A match has no result: drop it or wait for its goals (NaN or inf in y).")
    if (goals < 0).any():
        raise ValueError("Goals are not negative.")
    return goals


def read_weights(sample_weight: Any, n: int) -> Floats:
    """(n,) finite, non-negative weights, ones for None; ValueError otherwise."""
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight, dtype=float)
    if weights.shape != (n,) or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"sample_weight holds {n} finite numbers that are not negative.")
    return weights


def outcomes_of(goals: Floats) -> NDArray[np.int_]:
    """Index of the outcome in ("home", "draw", "away") for goals (n, 2)."""
    return np.asarray(1 - np.sign(goals[:, 0] - goals[:, 1]), dtype=int)


def days(values: Any) -> Floats:
    """Day numbers since 1970-01-01 UTC from datetimes, dates, ISO text or numbers that already are day numbers."""
    if getattr(getattr(values, "dtype", None), "kind", "O") == "M" or hasattr(values, "dt"):
        stamps = values.to_numpy(dtype="datetime64[us]") if hasattr(values, "to_numpy") else values
        return _from_stamps(np.asarray(stamps).astype("datetime64[us]"))
    array = np.asarray(values)
    if array.dtype.kind in "iufb":
        return array.astype(float)
    try:
        return np.array([_day(value) for value in array.tolist()], dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"A date cannot be read: {error}.") from None


def _from_stamps(stamps: NDArray[np.datetime64]) -> Floats:
    numbers = stamps.astype(np.int64) / 86_400e6
    return np.asarray(np.where(np.isnat(stamps), np.nan, numbers), dtype=float)


def _day(value: Any) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.timestamp() / 86_400
    if isinstance(value, date):
        return float(value.toordinal() - date(1970, 1, 1).toordinal())
    raise TypeError(f"{value!r} is no date")


def _columns(X: Any) -> list[Any]:
    if hasattr(X, "columns"):
        missing = [name for name in MATCH_COLUMNS[:2] if name not in X.columns]
        if missing:
            raise ValueError(f"Missing column: {', '.join(missing)}.")
        return [X[name] if name in X.columns else None for name in MATCH_COLUMNS]
    array = _table(X, least=2, of="home and away")
    return [array[:, i] if i < array.shape[1] else None for i in range(4)]


def _table(X: Any, *, least: int, of: str) -> NDArray[Any]:
    if hasattr(X, "toarray"):
        raise TypeError("Sparse data is not supported: matches are a DataFrame or a dense array.")
    array = np.array(X, dtype=object) if isinstance(X, list) else np.asarray(X)
    if array.ndim != 2:
        raise ValueError("Expected 2D array, one row a match. Reshape your data.")
    if array.dtype.kind == "c":
        raise ValueError("Complex data not supported: matches have names and dates.")
    if array.shape[1] < least:
        raise ValueError(
            f"Found array with {array.shape[1]} feature(s) (shape={array.shape}) "
            f"while a minimum of {least} is required: {of}."
        )
    return array


def remember_columns(estimator: Any, X: Any) -> None:
    """Set `n_features_in_`, and `feature_names_in_` for a DataFrame, as scikit-learn's estimators do."""
    names = list(getattr(X, "columns", ()))
    if names and all(isinstance(name, str) for name in names):
        estimator.feature_names_in_ = np.array(names, dtype=object)
    estimator.n_features_in_ = len(names) if names else np.asarray(X).shape[1]


def check_columns(estimator: Any, X: Any) -> None:
    """Raise ValueError for an array with other columns than were fitted; a DataFrame is read by names."""
    shape = () if hasattr(X, "columns") else np.asarray(X).shape
    expected = estimator.n_features_in_
    if len(shape) == 2 and shape[1] != expected:
        raise ValueError(
            f"X has {shape[1]} features, but {type(estimator).__name__} is expecting {expected} features as input."
        )


def _labels(column: Any) -> list[str]:
    values: list[Any] = column.tolist()
    if set(map(type, values)) == {str}:
        return values
    if any(value is None or value != value for value in values):
        raise ValueError("A match lacks a team or its competition (NaN).")
    return [value if isinstance(value, str) else str(value) for value in values]


def read_competitions(X: Any) -> list[str]:
    """The column `competition` of a DataFrame, or the first column of an array; one competition where it is missing."""
    if hasattr(X, "columns"):
        return _labels(X["competition"]) if "competition" in X.columns else [""] * len(X)
    return _labels(_table(X, least=1, of="competition")[:, 0])


def read_outcomes(y: Any, n: int, outcomes: int) -> NDArray[np.int_]:
    """(n,) class indices 0..outcomes-1; ValueError otherwise."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    values = np.asarray(y, dtype=float)
    if values.shape != (n,):
        raise ValueError(f"y holds the outcomes of {n} matches, shape ({n},); this has shape {values.shape}.")
    if not np.isfinite(values).all():
        raise ValueError("A match has no outcome (NaN or inf in y).")
    indices = values.astype(int)
    if (indices != values).any() or (indices < 0).any() or (indices >= outcomes).any():
        raise ValueError(f"Outcomes are class indices from 0 to {outcomes - 1}.")
    return indices

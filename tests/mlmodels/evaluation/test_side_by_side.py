"""Models side by side: the same figures however many processes walk, and never a later row."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from mlmodels.evaluation.side_by_side import STRETCH_DAYS, Candidate, walk_side_by_side
from mlmodels.evaluation.walk_forward import walk_forward

ROWS = 900


@pytest.fixture
def table() -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """Two rows a day."""
    random = np.random.default_rng(2)
    X = random.normal(size=(ROWS, 1))
    y = (X[:, 0] + random.normal(size=ROWS) > 0).astype(int)
    return X, y, pd.Series(pd.date_range("2020-01-01", periods=ROWS, freq="12h", tz="UTC"))


def candidate(name: str, X: np.ndarray, y: np.ndarray) -> Candidate:
    return Candidate(name=name, build=LogisticRegression, X=X, y=y, refit_every=timedelta(days=28))


def test_it_gives_what_each_walk_gives_alone(table: tuple[np.ndarray, np.ndarray, pd.Series]) -> None:
    X, y, times = table
    chosen = np.zeros(ROWS, dtype=bool)
    chosen[600:] = True
    found = walk_side_by_side([candidate("a", X, y), candidate("b", X, y)], times, chosen, width=2)
    alone = walk_forward(LogisticRegression, X, y, times, start=times[600], refit_every=timedelta(days=28))
    np.testing.assert_array_equal(found["a"], found["b"])
    assert np.isnan(found["a"][:600]).all()
    within = 600 + 2 * STRETCH_DAYS
    np.testing.assert_array_equal(found["a"][600:within], alone[: within - 600])


def test_processes_change_no_figure(table: tuple[np.ndarray, np.ndarray, pd.Series]) -> None:
    X, y, times = table
    chosen = np.arange(ROWS) >= 300
    one = walk_side_by_side([candidate("a", X, y)], times, chosen, width=2, jobs=1)
    two = walk_side_by_side([candidate("a", X, y)], times, chosen, width=2, jobs=2)
    np.testing.assert_array_equal(one["a"], two["a"])


def test_a_half_year_without_chosen_rows_is_not_walked(table: tuple[np.ndarray, np.ndarray, pd.Series]) -> None:
    X, y, times = table
    chosen = np.zeros(ROWS, dtype=bool)
    chosen[[100, 890]] = True
    seen: list[str] = []
    found = walk_side_by_side(
        [candidate("a", X, y)], times, chosen, width=2, progress=lambda fraction, phrase: seen.append(phrase)
    )
    assert np.isfinite(found["a"][chosen]).all()
    assert np.isnan(found["a"][100 + 2 * STRETCH_DAYS : 820]).all()
    assert len(seen) == 2


def test_another_future_changes_nothing(table: tuple[np.ndarray, np.ndarray, pd.Series]) -> None:
    X, y, times = table
    chosen = (np.arange(ROWS) >= 300) & (np.arange(ROWS) < 500)
    before = walk_side_by_side([candidate("a", X, y)], times, chosen, width=2)
    other = y.copy()
    other[498:] = 1 - other[498:]
    after = walk_side_by_side([candidate("a", X, other)], times, chosen, width=2)
    np.testing.assert_array_equal(before["a"][chosen], after["a"][chosen])

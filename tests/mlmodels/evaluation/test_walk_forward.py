"""A walk forward fits on strictly earlier days only, whatever the rest of the data says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.base_rate import BaseRate
from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.evaluation.walk_forward import walk_forward
from tests.mlmodels.estimators.leagues import League, simulate

WEEK = timedelta(days=7)
BEGIN = "2011-08-06"


class Recorder:
    """An estimator that writes down which rows it saw and which it was asked for; X is the row's number."""

    seen: list[tuple[list[int], list[int]]]

    def __init__(self, seen: list[tuple[list[int], list[int]]]) -> None:
        self.seen = seen

    def fit(self, X: np.ndarray, y: np.ndarray) -> "Recorder":
        self.known = X[:, 0].astype(int).tolist()
        assert len(y) == len(X)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        self.seen.append((self.known, X[:, 0].astype(int).tolist()))
        return np.full((len(X), 3), 1 / 3)


def walk(days: list[float], start: float, refit_every: timedelta | float | None) -> list[tuple[list[int], list[int]]]:
    seen: list[tuple[list[int], list[int]]] = []
    rows = np.arange(len(days))[:, None].astype(float)
    p = walk_forward(
        lambda: Recorder(seen), rows, np.zeros(len(days)), np.array(days), start=start, refit_every=refit_every
    )
    assert len(p) == sum(len(asked) for _, asked in seen)
    return seen


@pytest.fixture(scope="module")
def league() -> League:
    return simulate(seasons=2, teams=8)


def predict(league: League, y: np.ndarray, build: Any = DixonColes, refit_every: Any = WEEK) -> np.ndarray:
    return walk_forward(build, league.X, y, league.X["date"], start=BEGIN, refit_every=refit_every)


def test_each_block_learns_from_strictly_earlier_days() -> None:
    days = [0.0, 0.6, 1.0, 1.4, 1.9, 3.0, 9.0]
    assert walk(days, 1.0, 1) == [([0, 1], [2, 3, 4]), ([0, 1, 2, 3, 4], [5]), ([0, 1, 2, 3, 4, 5], [6])]


def test_a_start_in_the_middle_of_a_day_learns_nothing_of_that_day() -> None:
    assert walk([0.0, 1.1, 1.5, 2.0], 1.5, 7) == [([0], [2, 3])]


def test_a_step_below_a_day_still_predicts_whole_days() -> None:
    assert walk([0.0, 1.1, 1.6, 2.0], 1.0, 0.25) == [([0], [1, 2]), ([0, 1, 2], [3])]


def test_without_refitting_all_is_predicted_at_once() -> None:
    assert walk([0.0, 1.0, 5.0, 9.0], 1.0, None) == [([0], [1, 2, 3])]


@pytest.mark.parametrize("refit_every", [WEEK, timedelta(days=30)])
def test_another_future_moves_no_bit_of_the_past(league: League, refit_every: timedelta) -> None:
    """From every tenth block on, replace all results of that day and later: forecasts up to that day must not move."""
    before = predict(league, league.y, refit_every=refit_every)
    dates = league.X["date"].to_numpy()
    asked = dates[dates >= np.datetime64(BEGIN)]
    rng = np.random.default_rng(0)
    for day in np.unique(asked)[::5]:
        changed = np.where((dates >= day)[:, None], rng.poisson(3, league.y.shape), league.y)
        after = predict(league, changed, refit_every=refit_every)
        past = asked <= day
        assert (after[past] == before[past]).all()
    assert not (predict(league, league.y[::-1].copy(), refit_every=refit_every) == before).all()


def test_it_is_what_fitting_by_hand_gives(league: League) -> None:
    outcomes = league.outcomes
    found = walk_forward(BaseRate, league.X[["competition"]], outcomes, league.X["date"], start=BEGIN, refit_every=WEEK)
    dates = league.X["date"]
    for row, p in zip(np.flatnonzero(dates >= BEGIN).tolist(), found, strict=True):
        known = (dates < dates[row]).to_numpy()
        by_hand = BaseRate().fit(league.X.loc[known, ["competition"]], outcomes[known])
        assert p == pytest.approx(by_hand.predict_proba(league.X[["competition"]].iloc[row : row + 1])[0])


def test_the_search_begins_at_the_last_fit(league: League) -> None:
    started = []

    class Watched(DixonColes):
        def fit(self, X: Any, y: Any, sample_weight: Any = None, *, start: DixonColes | None = None) -> "Watched":
            started.append(start)
            return super().fit(X, y, sample_weight, start=start)

    warm = predict(league, league.y, Watched)
    assert started[0] is None
    assert all(isinstance(model, Watched) for model in started[1:])
    cold = predict(league, league.y, lambda: Cold())
    assert warm == pytest.approx(cold, abs=1e-6)


class Cold:
    """Dixon-Coles that begins every search anew."""

    def fit(self, X: Any, y: Any) -> DixonColes:
        return DixonColes().fit(X, y)


def test_progress_is_told_in_parts_of_the_work(league: League) -> None:
    told: list[float] = []
    walk_forward(
        DixonColes,
        league.X,
        league.y,
        league.X["date"],
        start=BEGIN,
        refit_every=WEEK,
        progress=lambda share, _: told.append(share),
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("start", [datetime(1970, 1, 2, tzinfo=UTC), "1970-01-02", np.datetime64("1970-01-02"), 1.0])
def test_the_start_may_be_any_kind_of_date(start: Any) -> None:
    X = pd.DataFrame({"competition": ["A", "A", "A"]})
    p = walk_forward(BaseRate, X, np.array([0, 1, 2]), np.array([0.0, 1.0, 2.0]), start=start, refit_every=None)
    assert p.shape == (2, 3)


@pytest.mark.parametrize(
    ("days", "start", "step", "words"),
    [
        ([1.0, 0.0], 0.5, 1, "time order"),
        ([0.0, 1.0], 5.0, 1, "Nothing to predict"),
        ([1.0, 1.5], 1.2, 1, "Nothing to learn from"),
        ([0.0, np.nan], 0.0, 1, "no time"),
        ([0.0, 1.0], 1.0, 0, "positive"),
        ([0.0, 1.0], 1.0, timedelta(0), "positive"),
    ],
)
def test_what_cannot_be_walked_is_refused(days: list[float], start: float, step: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        walk(days, start, step)

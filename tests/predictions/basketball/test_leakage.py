"""Time is sacred: nothing of a game, of its day or of a later one moves a feature of it by a bit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from predictions.basketball.asked import Asked
from predictions.basketball.box_scores import COUNTED, STATISTICS, BoxScores
from predictions.basketball.feature_names import FEATURES
from predictions.basketball.features import features
from tests.predictions.basketball.leagues import league

Table = dict[str, np.ndarray]
Features = Callable[..., Table]

LEAGUE = league()
COUNTS = ("minutes", *COUNTED)


def from_day_on(box: BoxScores, day: int, how: Callable[[np.ndarray], np.ndarray]) -> BoxScores:
    """The same rows, with other statistics from a day on."""
    later = box.day >= day
    changed: dict[str, Any] = {name: np.where(later, how(getattr(box, name)), getattr(box, name)) for name in COUNTS}
    return replace(box, **changed, _history=[])


def scrambled(box: BoxScores, day: int) -> BoxScores:
    rng = np.random.default_rng(day)
    return from_day_on(box, day, lambda column: rng.integers(0, 60, len(column)) + 0.7)


def emptied(box: BoxScores, day: int) -> BoxScores:
    return from_day_on(box, day, lambda column: np.full(len(column), np.nan))


def truncated(box: BoxScores, day: int) -> BoxScores:
    """What is known on the eve, with nothing of the day on but the rows that are asked."""
    return box.rows(box.day < day)


def moved(one: Table, other: Table) -> list[str]:
    return [name for name in one if not np.array_equal(one[name], other[name], equal_nan=True)]


def leaks(compute: Features, statistic: str, change: Callable[[BoxScores, int], BoxScores]) -> set[str]:
    """Names of features of a sample of days' rows that another present and future moves."""
    found: set[str] = set()
    for day in np.unique(LEAGUE.day)[[0, 1, 5, 11, 12, 13, 20, -1]].tolist():
        rows = np.flatnonzero(LEAGUE.day == day)
        before = compute(LEAGUE, rows, statistic=statistic)
        found |= set(moved(before, compute(change(LEAGUE, day), rows, statistic=statistic)))
    return found


@pytest.mark.parametrize("statistic", STATISTICS)
def test_another_present_and_future_leave_every_feature_as_it_was(statistic: str) -> None:
    assert leaks(features, statistic, scrambled) == set()


@pytest.mark.parametrize("statistic", STATISTICS)
def test_rows_that_are_asked_get_the_very_features_of_training(statistic: str) -> None:
    assert leaks(features, statistic, emptied) == set()


def test_a_question_beside_the_table_gets_the_very_features_of_training() -> None:
    for day in np.unique(LEAGUE.day)[[1, 11, 13, -1]].tolist():
        rows = np.flatnonzero(LEAGUE.day == day)
        names = ("match", "player", "team", "opponent", "day", "season", "is_home", "is_playoff", "spread", "total")
        question = truncated(LEAGUE, day).asking(**{name: getattr(LEAGUE, name)[rows] for name in names})
        served = features(question, np.arange(len(rows)), statistic="points")
        assert moved(features(LEAGUE, rows, statistic="points"), served) == []


def test_what_came_before_does_move_features() -> None:
    """The guard would notice: the day before is read."""
    days = np.unique(LEAGUE.day)
    rows = np.flatnonzero(LEAGUE.day == days[8])
    before = features(LEAGUE, rows, statistic="points")
    after = features(scrambled(LEAGUE, int(days[7])), rows, statistic="points")
    constant = {"is_home", "is_playoff", "altitude", "market_spread", "market_total", "market_points"}
    assert len(moved(before, after)) > 60
    assert not constant & set(moved(before, after))


def own_minutes(box: BoxScores, rows: Any, *, statistic: str) -> Table:
    """Features with a planted leak: the minutes of the very game."""
    return features(box, rows, statistic=statistic) | {"planted": box.minutes[rows]}


def same_day(box: BoxScores, rows: Any, *, statistic: str) -> Table:
    """Features with a planted leak: the last game up to the row's day, not before it."""
    asked = Asked(box, rows)
    _, end = box.history.players.before(asked.player, asked.day + 1)
    column = np.append(box.history.values["points"], np.nan)
    return features(box, rows, statistic=statistic) | {"planted": column[end - 1]}


def whole_season(box: BoxScores, rows: Any, *, statistic: str) -> Table:
    """Features with a planted leak: centred on the mean of all there is."""
    return features(box, rows, statistic=statistic) | {"planted": np.full(len(rows), np.nan_to_num(box.points).mean())}


@pytest.mark.parametrize("leaking", [own_minutes, same_day, whole_season])
@pytest.mark.parametrize("change", [scrambled, emptied])
def test_a_planted_leak_is_found(leaking: Features, change: Callable[[BoxScores, int], BoxScores]) -> None:
    assert leaks(leaking, "points", change) == {"planted"}


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_features_are_those_that_are_named(statistic: str) -> None:
    found = features(LEAGUE, np.arange(5), statistic=statistic)
    assert tuple(found) == FEATURES
    assert all(column.shape == (5,) and column.dtype == np.float64 for column in found.values())

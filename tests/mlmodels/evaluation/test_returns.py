import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlmodels.evaluation.returns import deepest_fall, falls, longest_run, ratio, sharpe


def test_the_ratio_is_that_of_the_sums() -> None:
    found = ratio([1.0, -1.0, 3.0], [1.0, 1.0, 2.0], blocks=[1, 2, 3])
    assert found is not None
    assert (found.value, found.n, found.blocks) == (0.75, 3, 3)
    assert (found.low, found.high) == (None, None), "three blocks tell nothing"
    assert found.is_noise


def test_nothing_staked_has_no_ratio() -> None:
    assert ratio([], [], blocks=[]) is None
    assert ratio([0.0], [0.0], blocks=[1]) is None


@pytest.mark.parametrize(
    ("stakes", "a_unit"),
    [(np.ones(20), 0.5), (np.arange(1, 21), -1.0), (np.full(20, 0.1), 1 / 3), (np.ones(20), 0.0)],
)
def test_returns_that_are_all_alike_say_nothing_of_luck(stakes: NDArray[np.float64], a_unit: float) -> None:
    found = ratio(a_unit * stakes, stakes, blocks=np.arange(20))
    assert found is not None
    assert found.value == pytest.approx(a_unit)
    assert (found.low, found.high) == (None, None)
    assert found.is_noise


def test_the_same_seed_gives_the_same_interval() -> None:
    gains = np.random.default_rng(0).normal(size=60)
    first, second, other = (ratio(gains, np.ones(60), blocks=np.arange(60) // 3, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_events_of_one_block_that_move_together_widen_the_interval() -> None:
    week = np.repeat(np.arange(40), 5)
    gains = np.random.default_rng(3).normal(size=40)[week]
    together, apart = (ratio(gains, np.ones(200), blocks=blocks) for blocks in (week, np.arange(200)))
    assert together is not None
    assert apart is not None
    assert together.high - together.low > 1.8 * (apart.high - apart.low)  # type: ignore[operator]  # both known


@pytest.mark.parametrize(
    ("numerator", "denominator", "blocks"),
    [([1.0], [1.0, 2.0], [1]), ([1.0], [1.0], [1, 2]), ([float("nan")], [1.0], [1]), ([1.0], [-1.0], [1])],
)
def test_what_is_no_series_of_bets_is_refused(
    numerator: list[float], denominator: list[float], blocks: list[int]
) -> None:
    with pytest.raises(ValueError, match="numerator"):
        ratio(numerator, denominator, blocks=blocks)


@pytest.mark.parametrize(("weeks", "a_week", "shared"), [(40, 3, 0.0), (60, 5, 0.3), (100, 3, 0.0)])
def test_intervals_of_yields_cover_as_often_as_they_say(weeks: int, a_week: int, shared: float) -> None:
    """Bets at prices from 1.3 to 12 with a yield of minus five per cent, weeks with luck of their own."""
    trials, truth = 700, -0.05
    random = np.random.default_rng(weeks)
    covered = 0
    week = np.repeat(np.arange(weeks), a_week)
    for trial in range(trials):
        prices = np.clip(np.exp(random.normal(np.log(3), 0.5, len(week))), 1.3, 12)
        luck = 1 + shared * random.choice([-1, 1], weeks)[week]
        won = random.uniform(size=len(week)) < (1 + truth) / prices * luck
        stakes = random.choice([1.0, 2.0], len(week))
        found = ratio(stakes * np.where(won, prices - 1, -1), stakes, blocks=week, resamples=500, seed=trial)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert 0.93 <= covered / trials <= 0.97


def test_the_deepest_fall_is_from_the_highest_before_it() -> None:
    assert deepest_fall([100, 120, 90, 130, 100]) == (0.25, 1, 2)
    assert deepest_fall([100, 110, 120]) == (0.0, 0, 0)
    assert falls([100, 50, 200]).tolist() == [0, 0.5, 0]


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=50))
def test_no_fall_is_deeper_than_the_deepest(values: list[float]) -> None:
    fall, peak, bottom = deepest_fall(values)
    assert fall == pytest.approx(max(falls(values)))
    assert fall == pytest.approx(1 - values[bottom] / values[peak])
    assert peak <= bottom


def test_sharpe_is_the_mean_over_the_spread() -> None:
    assert sharpe([0.1, 0.3]) == pytest.approx(0.2 / np.std([0.1, 0.3], ddof=1))
    assert sharpe([0.1]) is None
    assert sharpe([0.1, 0.1]) is None


def test_the_longest_run_is_counted() -> None:
    assert longest_run([True, True, False, True]) == 2
    assert longest_run([]) == 0

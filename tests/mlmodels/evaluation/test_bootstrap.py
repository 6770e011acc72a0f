"""The interval of a paired difference covers the truth as often as it says, and respects dependent events."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from mlmodels.evaluation.bootstrap import figure_interval, paired_difference


def losses(n: int = 500, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Losses of two forecasters of which the first is better by .1 on average."""
    rng = np.random.default_rng(seed)
    reference = rng.gamma(2, 0.5, n)
    return reference - 0.1 + rng.normal(0, 0.4, n), reference


def test_it_gives_the_mean_of_the_differences() -> None:
    found = paired_difference([0.1, 0.4, 0.3], [0.2, 0.2, 0.2])
    assert found.mean == pytest.approx((-0.1 + 0.2 + 0.1) / 3)
    assert (found.n, found.blocks) == (3, 3)


def test_the_interval_is_that_of_the_normal_approximation_for_many_events() -> None:
    first, second = losses(5000)
    difference = first - second
    half = norm.ppf(0.975) * difference.std() / np.sqrt(len(difference))
    found = paired_difference(first, second, resamples=4000)
    assert found.low == pytest.approx(difference.mean() - half, abs=0.1 * half)
    assert found.high == pytest.approx(difference.mean() + half, abs=0.1 * half)


def test_a_95_percent_interval_covers_the_truth_about_95_times_in_100() -> None:
    covered = 0
    for seed in range(300):
        found = paired_difference(*losses(120, seed), resamples=400)
        covered += found.low <= -0.1 <= found.high
    assert 0.91 <= covered / 300 <= 0.98


def test_the_same_seed_gives_the_same_interval() -> None:
    first, second = losses()
    assert paired_difference(first, second, seed=3) == paired_difference(first, second, seed=3)
    assert paired_difference(first, second, seed=3) != paired_difference(first, second, seed=4)


def test_repeated_events_of_a_block_count_as_one() -> None:
    """Ten copies of each event know no more than one copy: the blocks' interval says so, the naive one doesn't."""
    first, second = losses(200)
    block = np.repeat([f"{week:03d}" for week in range(200)], 10)
    once = paired_difference(first, second)
    blocked = paired_difference(np.repeat(first, 10), np.repeat(second, 10), blocks=block)
    naive = paired_difference(np.repeat(first, 10), np.repeat(second, 10))
    assert (blocked.low, blocked.high) == pytest.approx((once.low, once.high))
    assert naive.high - naive.low < 0.4 * (blocked.high - blocked.low)
    assert (blocked.n, blocked.blocks) == (2000, 200)


def test_blocks_of_other_sizes_weigh_by_their_events() -> None:
    found = paired_difference([1.0, 1.0, 1.0, 0.0], [0.0] * 4, blocks=["a", "a", "a", "b"], resamples=500)
    assert found.mean == 0.75
    assert (found.low, found.high) == (0.0, 1.0)


def test_more_confidence_needs_a_wider_interval() -> None:
    first, second = losses()
    narrow, wide = (paired_difference(first, second, confidence=c) for c in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@given(arrays(float, st.integers(1, 20), elements=st.floats(0, 5)), st.floats(-1, 1))
def test_forecasters_a_constant_apart_differ_by_it_for_certain(loss: np.ndarray, gap: float) -> None:
    found = paired_difference(loss + gap, loss, resamples=50)
    assert (found.mean, found.low, found.high) == pytest.approx((gap, gap, gap), abs=1e-9)


@pytest.mark.parametrize(
    ("loss", "reference", "options", "words"),
    [
        ([], [], {}, "at least one"),
        ([[0.1]], [[0.2]], {}, "at least one"),
        ([np.nan], [0.1], {}, "finite"),
        ([0.1, 0.2], [0.1, 0.2], {"blocks": ["a"]}, "labels each"),
        ([0.1], [0.1], {"confidence": 1.0}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    loss: list[float], reference: list[float], options: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        paired_difference(loss, reference, **options)  # type: ignore[arg-type]  # the wrong types are the point


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = np.random.default_rng(4).normal(size=2000)
    found = figure_interval(lambda rows: float(values[rows].mean()), 2000, resamples=1000)
    error = 1.96 * values.std() / np.sqrt(2000)
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((values.mean() - error, values.mean() + error), abs=0.1 * error)


def test_blocks_that_say_the_same_widen_it() -> None:
    days = np.repeat(np.arange(100), 10)
    values = np.random.default_rng(4).normal(size=100)[days]
    loose = figure_interval(lambda rows: float(values[rows].mean()), 1000)
    tight = figure_interval(lambda rows: float(values[rows].mean()), 1000, blocks=days)
    assert tight.high - tight.low > 2.5 * (loose.high - loose.low)


def test_a_figure_that_is_not_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="not defined on these events"):
        figure_interval(lambda rows: float("nan"), 10, resamples=5)
    with pytest.raises(ValueError, match="nothing to measure"):
        figure_interval(lambda rows: 1.0, 0)

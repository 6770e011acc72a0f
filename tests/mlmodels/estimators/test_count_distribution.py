"""A count's law: scipy's negative binomial, and lines of every kind."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from mlmodels.estimators.count_distribution import LEAST_MEAN, at_lines, cdf, line_places, log_pmf, pmf_table

MEANS = np.array([0.05, 0.7, 3.3, 24.6])
SIZES = np.array([0.4, 2.0, 11.0, 300.0])
COUNTS = np.array([0, 1, 4, 30])


def test_probabilities_are_those_of_scipy() -> None:
    law = nbinom(SIZES, SIZES / (SIZES + MEANS))
    assert np.exp(log_pmf(COUNTS, MEANS, SIZES)) == pytest.approx(law.pmf(COUNTS), rel=1e-9)
    assert cdf(COUNTS, MEANS, SIZES) == pytest.approx(law.cdf(COUNTS), rel=1e-9)


def test_of_a_large_size_remains_a_poisson() -> None:
    assert np.exp(log_pmf(COUNTS, MEANS, 1e7)) == pytest.approx(poisson(MEANS).pmf(COUNTS), rel=1e-4)


def test_a_table_sums_to_one_and_keeps_the_mean() -> None:
    table = pmf_table(MEANS, SIZES, length=400)
    assert table.sum(1) == pytest.approx(1.0)
    assert table @ np.arange(400) == pytest.approx(MEANS, rel=1e-6)


def test_the_last_of_a_short_table_holds_what_lies_beyond() -> None:
    table = pmf_table(5.0, 3.0, length=4)
    assert table[0, -1] == pytest.approx(1 - cdf(2, 5.0, 3.0))


def test_a_half_line_has_no_push_and_a_whole_one_has() -> None:
    half, whole = at_lines(6.0, 5.0, np.array([5.5, 6.0]))
    assert half[1] == 0.0
    assert whole[1] == pytest.approx(np.exp(log_pmf(6, 6.0, 5.0)))
    assert half[0] == pytest.approx(whole[0] + whole[1])


def test_below_nought_all_is_over() -> None:
    assert at_lines(2.0, 5.0, np.array([-3.0, -0.5])).tolist() == [[1.0, 0.0, 0.0]] * 2


def test_line_places_are_the_counts_that_lose_and_that_do_not_win() -> None:
    below, upto = line_places([24.5, 24.0])
    assert below.tolist() == [24.0, 23.0]
    assert upto.tolist() == [24.0, 24.0]


@given(
    mean=st.floats(0.0, 80.0),
    size=st.floats(0.05, 1e4),
    line=st.floats(-1.0, 90.0).map(lambda value: round(value * 4) / 4),
)
def test_over_push_and_under_are_probabilities(mean: float, size: float, line: float) -> None:
    p = at_lines(mean, size, np.array([line]))[0]
    assert p.sum() == pytest.approx(1.0)
    assert (p >= -1e-12).all()
    table = pmf_table(max(mean, LEAST_MEAN), size, length=3000)[0]
    counts = np.arange(3000)
    assert p == pytest.approx(
        [table[counts > line].sum(), table[counts == line].sum(), table[counts < line].sum()], abs=1e-9
    )

"""Intervals against values worked by hand or by scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from training.measuring import difference_of_means, mean_interval


def test_a_mean_of_three_by_hand() -> None:
    """1, 2, 3: mean 2, standard error 1 / sqrt(3), t(2) at 97.5 % is 4.3027."""
    found = mean_interval([1, 2, 3])
    assert (found.value, found.high - found.value) == pytest.approx((2, 4.302653 / 3**0.5))


def test_welch_as_scipy_has_it() -> None:
    before, after = [0.1, -0.3, 0.8, 0.4, -0.9], [1.1, 0.2, 2.4, 0.9, 1.3, 0.5, 0.1]
    expected = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.9)
    found = difference_of_means(before, after, confidence=0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.value == pytest.approx(np.mean(after) - np.mean(before))


def test_values_that_don_t_vary_are_sure() -> None:
    found = difference_of_means([1.0, 1.0], [2.0, 2.0])
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_one_value_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two values"):
        mean_interval([1.0])
    with pytest.raises(ValueError, match="on each side"):
        difference_of_means([1.0], [1.0, 2.0])

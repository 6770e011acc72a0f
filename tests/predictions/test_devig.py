"""Taking the margin out of prices, against prices whose probabilities are known."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from predictions.devig import Floats, implied, multiplicative, power, shin

WAYS = [multiplicative, power, shin]
Way = Callable[[ArrayLike], Floats]

prices = st.lists(st.floats(1.02, 500.0), min_size=2, max_size=6)


def test_inverse_odds_sum_to_one_and_the_margin() -> None:
    assert implied([1.9, 1.9]).sum() == pytest.approx(1 + 0.1 / 1.9)


def test_the_plain_way_divides_by_the_sum() -> None:
    assert multiplicative([2.0, 4.0, 3.2])[0].tolist() == pytest.approx([0.5 / 1.0625, 0.25 / 1.0625, 0.3125 / 1.0625])


def test_power_finds_the_probabilities_that_prices_were_made_of() -> None:
    """Prices made as 1 / p^(1/k) must come back as p."""
    p = np.array([0.55, 0.27, 0.18])
    offered = 1 / p ** (1 / 1.08)
    assert (1 / offered).sum() > 1
    assert power(offered)[0] == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("insiders", [0.005, 0.02, 0.1])
def test_shin_finds_the_probabilities_that_prices_were_made_of(insiders: float) -> None:
    """Shin's bookmaker quotes π = √Π · √(z p + (1 - z) p²), with √Π = Σ √(z p + (1 - z) p²)."""
    p = np.array([0.55, 0.27, 0.18])
    root = np.sqrt(insiders * p + (1 - insiders) * p**2)
    offered = 1 / (root.sum() * root)
    assert (1 / offered).sum() > 1
    assert shin(offered)[0] == pytest.approx(p, abs=1e-9)


def test_of_two_outcomes_shin_takes_the_same_from_each() -> None:
    """For two outcomes Shin's model is the additive one (Clarke, Kovalchik & Ingram 2017)."""
    pi = np.array([1 / 1.5, 1 / 2.6])
    assert shin(1 / pi)[0] == pytest.approx(pi - (pi.sum() - 1) / 2, abs=1e-9)


def test_shin_and_power_shorten_long_shots_more_than_the_plain_way() -> None:
    offered = [1.25, 6.0, 13.0]
    plain = multiplicative(offered)[0]
    for way in (power, shin):
        assert way(offered)[0][2] < plain[2]
        assert way(offered)[0][0] > plain[0]


@pytest.mark.parametrize("way", WAYS)
@given(prices)
def test_probabilities_sum_to_one_and_keep_the_order_of_prices(way: Way, offered: list[float]) -> None:
    p = way(offered)[0]
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (p >= 0).all()
    by_price = p[np.argsort(offered)]
    assert (np.diff(by_price) <= 1e-12).all()


@pytest.mark.parametrize("way", WAYS)
def test_prices_without_a_margin_are_only_normalised(way: Way) -> None:
    assert way([2.0, 4.0, 4.0])[0].tolist() == pytest.approx([0.5, 0.25, 0.25], abs=1e-9)
    below = 1 / np.array([2.2, 4.4, 4.4])
    assert way([2.2, 4.4, 4.4])[0] == pytest.approx(below / below.sum(), abs=1e-12)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("bad", [float("nan"), 1.0, 0.0, -2.0])
def test_a_row_with_a_price_that_is_none_gives_nan_and_harms_no_other_row(way: Way, bad: float) -> None:
    p = way([[2.1, 3.4, 3.6], [2.1, bad, 3.6], [1.5, 4.2, 7.0]])
    assert np.isnan(p[1]).all()
    assert p[0] == pytest.approx(way([2.1, 3.4, 3.6])[0])
    assert p[2] == pytest.approx(way([1.5, 4.2, 7.0])[0])


@pytest.mark.parametrize("way", WAYS)
def test_no_rows_give_no_rows(way: Way) -> None:
    assert way(np.empty((0, 3))).shape == (0, 3)

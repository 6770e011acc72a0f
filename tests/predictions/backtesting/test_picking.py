from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from predictions.backtesting.picking import Claims, kelly, picked, shares
from predictions.backtesting.strategies import parse

NAN = float("nan")
CLAIMS = Claims(
    probabilities=np.array([[0.5, 0.3, 0.2], [0.7, 0.2, 0.1], [0.4, 0.35, 0.25], [0.34, 0.33, 0.33]]),
    prices=np.array([[2.08, 3.0, 4.9], [1.3, 6.0, 12.0], [2.4, 3.3, NAN], [3.1, 3.1, 3.1]]),
)


def taken(name: str, claims: Claims = CLAIMS) -> list[tuple[int, int]]:
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(picked(claims, parse(name))), strict=True)]


def test_value_takes_every_offer_worth_more_than_it_costs() -> None:
    assert taken("value") == [(0, 0), (1, 1), (1, 2), (2, 1), (3, 0), (3, 1), (3, 2)]
    assert taken("value-5") == [(1, 1), (1, 2), (2, 1), (3, 0)]


def test_confidence_takes_the_models_favourite_whatever_it_is_worth() -> None:
    assert taken("confidence") == [(1, 0)]
    assert taken("confidence:threshold=0.45") == [(0, 0), (1, 0)]


def test_underdogs_are_sides_that_the_market_gives_less_than_an_even_share() -> None:
    assert taken("underdog") == [(1, 1), (1, 2)]


def test_short_prices_can_be_left_out() -> None:
    assert taken("value:odds=5") == [(1, 1), (1, 2)]


def test_no_price_is_no_bet_whatever_the_strategy() -> None:
    unpriced = Claims(probabilities=CLAIMS.probabilities, prices=np.full((4, 3), NAN))
    for name in ("value", "confidence:threshold=0.01", "underdog", "kelly"):
        assert taken(name, unpriced) == []
        assert not shares(unpriced, parse(name)).any()


def test_one_outcome_gets_kellys_own_share() -> None:
    claims = Claims(probabilities=np.array([[0.6, 0.4]]), prices=np.array([[2.0, 2.0]]))
    assert shares(claims, parse("kelly"))[0] == pytest.approx([0.2, 0.0])
    assert shares(claims, parse("kelly-quarter"))[0] == pytest.approx([0.05, 0.0])


@settings(max_examples=25, deadline=None)
@given(
    weights=st.lists(st.floats(0.1, 1), min_size=3, max_size=3),
    edges=st.lists(st.floats(0.8, 1.25), min_size=3, max_size=3),
)
def test_no_other_stakes_grow_the_logarithm_faster(weights: list[float], edges: list[float]) -> None:
    """Against a numerical search over all stakes on the outcomes of value."""
    p = np.array(weights) / sum(weights)
    o = np.maximum(np.array(edges) / p, 1.01)
    claims = Claims(probabilities=p[None], prices=o[None])
    ours = kelly(claims, picked(claims, parse("kelly")), parse("kelly"))[0]
    worth = p * o > 1

    def growth(stakes: np.ndarray) -> float:
        wealth = 1 - stakes.sum() + stakes * o
        return float((p * np.log(np.maximum(wealth, 1e-12))).sum())

    found: Any = minimize(  # type: ignore[call-overload]  # its bounds may be a plain list
        lambda s: -growth(np.where(worth, s, 0.0)),
        np.full(3, 0.01),
        bounds=[(0, 1)] * 3,
        constraints={"type": "ineq", "fun": lambda s: 1 - s.sum() - 1e-9},
    )
    assert growth(ours) >= -found.fun - 1e-6
    assert (ours >= 0).all()
    assert ours.sum() <= 1 + 1e-9


WITH_PUSH = Claims(
    probabilities=np.array([[0.5, 0.2, 0.3], [0.3, 0.45, 0.25]]),
    prices=np.array([[1.8, NAN, 2.0], [1.8, NAN, 2.6]]),
    refunded=(1,),
)


def test_the_chance_of_a_refund_counts_towards_what_a_bet_is_worth() -> None:
    assert WITH_PUSH.expected[:, 0] == pytest.approx([0.5 * 1.8 + 0.2 - 1, 0.3 * 1.8 + 0.45 - 1])
    assert np.isnan(WITH_PUSH.expected[:, 1]).all()
    assert picked(WITH_PUSH, parse("value")).tolist() == [[True, False, False], [False, False, True]]


def test_the_favourite_and_the_underdog_are_of_the_outcomes_that_decide_a_bet() -> None:
    assert picked(WITH_PUSH, parse("confidence")).tolist() == [[True, False, False], [False, False, False]]
    assert picked(WITH_PUSH, parse("underdog")).tolist() == [[False, False, False], [False, False, True]]


def test_kelly_with_a_refund_maximises_the_expected_logarithm() -> None:
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(
        lambda f: -(0.5 * np.log(1 + 0.8 * f) + 0.3 * np.log(1 - f)), bounds=(0, 0.99), method="bounded"
    )
    assert shares(WITH_PUSH, parse("kelly"))[0] == pytest.approx([best.x, 0, 0], abs=1e-5)

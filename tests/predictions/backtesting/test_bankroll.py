from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.backtesting.bankroll import Course, cents, money, play
from predictions.backtesting.picking import Claims
from predictions.backtesting.strategies import parse

SURE = np.array([0.99, 0.01])


def course(name: str, prices: list[float], came: list[int], days: list[int], bankroll: str = "1000") -> Course:
    """Bets on the first outcome, which the model takes for sure, at these prices."""
    claims = Claims(
        probabilities=np.tile(SURE, (len(prices), 1)),
        prices=np.column_stack([prices, np.full(len(prices), np.nan)]),
    )
    return play(claims, np.array(came), np.array(days), parse(name), bankroll=Decimal(bankroll))


def test_flat_stakes_stay_the_same_whatever_is_won() -> None:
    played = course("value", [2.0, 3.0, 2.5], [0, 0, 1], [1, 2, 3])
    assert played.stakes.tolist() == [1000, 1000, 1000]
    assert played.profits.tolist() == [1000, 2000, -1000]
    assert played.after.tolist() == [101_000, 103_000, 102_000]


def test_stakes_of_a_day_come_from_what_it_began_with() -> None:
    played = course("kelly:cap=0.1", [2.0, 2.0, 2.0], [0, 0, 0], [1, 1, 2])
    assert played.stakes.tolist() == [10_000, 10_000, 12_000]


def test_a_days_stakes_are_never_above_the_bankroll() -> None:
    played = course("kelly", [2.0, 2.0, 2.0], [0, 1, 0], [1, 1, 1])
    assert played.stakes.tolist() == [33_333, 33_333, 33_333]
    assert played.final == 133_333


def test_who_has_lost_everything_bets_no_more() -> None:
    played = course("value:unit=1", [2.0, 2.0, 2.0], [1, 0, 0], [1, 2, 3])
    assert played.stakes.tolist() == [100_000]
    assert played.final == 0


def test_no_bets_leave_the_bankroll_alone() -> None:
    played = course("value", [1.0, 1.0], [0, 0], [1, 2])
    assert (len(played.rows), played.final, len(played.days)) == (0, 100_000, 0)


def test_winnings_that_no_bookmaker_would_pay_are_not_reached() -> None:
    played = course("kelly", [3.0] * 400, [0] * 400, list(range(400)))
    assert np.isfinite(played.after).all()
    assert played.stakes.max() == 1000 * 100_000


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["value", "kelly", "kelly-quarter", "kelly-capped", "confidence:threshold=0.4", "underdog"]),
    seed=st.integers(0, 1000),
    bankroll=st.decimals(1, 10_000, places=2),
)
def test_every_cent_is_accounted_for(name: str, seed: int, bankroll: Decimal) -> None:
    random = np.random.default_rng(seed)
    p = random.dirichlet([2, 2, 2], 60)
    prices = np.maximum(1.01, (random.uniform(0.7, 1.4, (60, 3)) / p)).round(2)
    came = random.integers(0, 3, 60)
    played = play(Claims(probabilities=p, prices=prices), came, np.arange(60) // 4, parse(name), bankroll=bankroll)
    assert played.final == cents(bankroll) + played.profits.sum()
    assert played.final >= 0
    assert (played.stakes == np.floor(played.stakes)).all()
    assert (played.stakes > 0).all()
    day_of_bets = (np.arange(60) // 4)[played.rows]
    for day, before in zip(played.days, played.before, strict=True):
        assert played.stakes[day_of_bets == day].sum() <= before


def test_money_has_two_places() -> None:
    assert money(123_450) == Decimal("1234.50")
    assert cents(Decimal("0.29")) == 29
    assert str(money(-5)) == "-0.05"


def test_a_stake_of_one_per_cent_is_a_hundredth_to_the_cent() -> None:
    assert course("value", [2.0], [0], [1], bankroll="1000.00").stakes == pytest.approx([1000], abs=0)


def test_a_stake_comes_back_where_the_outcome_gives_it_back() -> None:
    claims = Claims(
        probabilities=np.tile([0.6, 0.1, 0.3], (3, 1)),
        prices=np.tile([2.0, np.nan, 1.8], (3, 1)),
        refunded=(1,),
    )
    played = play(claims, np.array([0, 1, 2]), np.array([1, 2, 3]), parse("value"), bankroll=Decimal(1000))
    assert played.outcomes.tolist() == [0, 0, 0]
    assert played.profits.tolist() == [1000, 0, -1000]

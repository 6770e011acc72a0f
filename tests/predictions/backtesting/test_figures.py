"""Figures of four bets, computed by hand."""

from decimal import Decimal

import numpy as np
import pytest

from predictions.backtesting.bankroll import play
from predictions.backtesting.figures import Played, figures, played
from predictions.backtesting.picking import Claims
from predictions.backtesting.strategies import parse
from predictions.backtesting.words import verdict

# 1 January 2024 was a Monday, day 19723.
MONDAY = 19_723


def bets(name: str = "value", *, repeats: int = 1) -> Played:
    """Heads at 2.2, 2.2, 4 and 4, of which the first and third came; days 0, 1, 31 and 32, and so on."""
    p = np.tile([[0.5, 0.5], [0.5, 0.5], [0.31, 0.69], [0.31, 0.69]], (repeats, 1))
    prices = np.tile([[2.2, 1.7], [2.2, 1.7], [4.0, 1.25], [4.0, 1.25]], (repeats, 1))
    came = np.tile([0, 1, 0, 1], repeats)
    days = MONDAY + np.add.outer(63 * np.arange(repeats), [0, 1, 31, 32]).ravel()
    claims = Claims(probabilities=p, prices=prices)
    course = play(claims, came, days, parse(name), bankroll=Decimal(100))
    fair = np.tile([[0.5, 0.5], [0.5, 0.5], [0.25, 0.75], [np.nan, np.nan]], (repeats, 1))
    return played(course, parse(name), claims, came=came, days=days, closing_probabilities=fair)


def test_money_is_counted_to_the_cent() -> None:
    found = figures(bets(), seed=0)
    assert (found["bets"], found["events"], found["days"]) == (4, 4, 4)
    assert (found["turnover"], found["profit"], found["final_bankroll"]) == ("4.00", "2.20", "102.20")
    assert found["roi"]["value"] == pytest.approx(0.022)
    assert found["yield"]["value"] == pytest.approx(2.2 / 4)
    assert found["win_rate"]["value"] == 0.5


def test_the_same_money_at_random_and_on_favourites_is_told_beside() -> None:
    found = figures(bets(), seed=0)
    at_random = (2.2 / 2 - 1 + 1.7 / 2 - 1 + 4 / 2 - 1 + 1.25 / 2 - 1) / 4
    assert found["random"]["value"] == pytest.approx(at_random)
    assert found["favourite"]["value"] == pytest.approx((-1 + 0.7 - 1 + 0.25) / 4)


def test_the_closing_line_judges_only_bets_that_it_has() -> None:
    found = figures(bets(), seed=0)["closing_line_value"]
    assert found["n"] == 3
    assert found["value"] == pytest.approx((0.1 + 0.1 + 0.0) / 3)


def test_falls_and_runs_are_of_the_course() -> None:
    found = figures(bets(), seed=0)
    assert found["maximum_drawdown"] == pytest.approx(1 / 101.2, abs=1e-4)
    assert found["longest_losing_run"] == 1
    assert (found["drawdown_from"], found["drawdown_to"]) == ("2024-01-01", "2024-01-02")
    returns = np.array([1.2 / 100, -1 / 101.2, 3 / 100.2, -1 / 103.2])
    assert found["sharpe"] == pytest.approx(returns.mean() / returns.std(ddof=1))


@pytest.mark.parametrize(("came", "won"), [(1, "lost"), (0, "won")])
@pytest.mark.parametrize("name", ["value", "kelly-quarter"])
def test_bets_that_all_came_out_alike_are_no_proof(name: str, came: int, won: str) -> None:
    """A long shot a week for ten weeks loses them all every third time at fair prices."""
    claims = Claims(probabilities=np.tile([0.12, 0.88], (10, 1)), prices=np.tile([10.0, 1.05], (10, 1)))
    outcomes, days = np.full(10, came), MONDAY + 7 * np.arange(10)
    course = play(claims, outcomes, days, parse(name), bankroll=Decimal(100))
    closing = np.full((10, 2), np.nan)
    found = figures(
        played(course, parse(name), claims, came=outcomes, days=days, closing_probabilities=closing), seed=0
    )
    assert (found["roi"]["low"], found["yield"]["low"], found["win_rate"]["low"]) == (None, None, None)
    assert verdict(found) == f"Bets: 10, all of them {won}. That alone does not tell luck from skill."


def test_months_and_claims_hold_every_bet_once() -> None:
    found = figures(bets(), seed=0)
    assert [(m["month"], m["bets"], m["won"], m["profit"], m["bankroll"]) for m in found["months"]] == [
        ("2024-01", 2, 1, "0.20", "100.20"),
        ("2024-02", 2, 1, "2.00", "102.20"),
    ]
    assert [(c["low"], c["bets"]) for c in found["claims"]] == [(0.1, 2), (0.2, 2)]
    assert [c["claimed"] for c in found["claims"]] == pytest.approx([0.1, 0.24])
    assert found["claims"][0]["realised"]["value"] == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["value", "kelly"])
def test_intervals_hold_the_figure_and_no_more_than_everything_is_lost(name: str) -> None:
    found = figures(bets(name, repeats=12), seed=0)
    for figure in ("roi", "yield"):
        one = found[figure]
        assert one["low"] <= one["value"] <= one["high"]
        assert one["blocks"] == 24
        assert one["low"] >= -1


def test_a_long_course_is_thinned_to_what_a_chart_shows_and_keeps_its_lowest_point() -> None:
    found = figures(bets("kelly-half", repeats=150), seed=0)
    assert len(found["curve"]) <= 161
    assert max(point["drawdown"] for point in found["curve"]) == pytest.approx(found["maximum_drawdown"], abs=1e-5)
    assert found["curve"][-1]["bankroll"] == pytest.approx(float(found["final_bankroll"]), abs=0.01)


def test_no_bets_are_no_figures() -> None:
    found = figures(bets("value:odds=100"), seed=0)
    assert (found["bets"], found["roi"], found["yield"], found["closing_line_value"]) == (0, None, None, None)
    assert (found["final_bankroll"], found["curve"], found["months"]) == ("100.00", [], [])


def test_bets_whose_stake_came_back_are_neither_won_nor_lost() -> None:
    claims = Claims(
        probabilities=np.tile([0.55, 0.1, 0.35], (4, 1)), prices=np.tile([2.0, np.nan, 1.7], (4, 1)), refunded=(1,)
    )
    came, days = np.array([0, 1, 2, 0]), MONDAY + np.arange(4)
    course = play(claims, came, days, parse("value"), bankroll=Decimal(100))
    fair = np.tile([0.5, 0.08, 0.42], (4, 1))
    found = figures(played(course, parse("value"), claims, came=came, days=days, closing_probabilities=fair), seed=0)
    assert (found["bets"], found["profit"], found["longest_losing_run"]) == (4, "1.00", 1)
    assert found["win_rate"]["value"] == pytest.approx(2 / 3)
    assert found["expected"] == pytest.approx(0.55 * 2 + 0.1 - 1)
    assert found["closing_line_value"]["value"] == pytest.approx(0.08)
    assert found["claims"][0]["realised"]["value"] == pytest.approx((1 + 0 - 1 + 1) / 4)
    assert found["favourite"]["value"] == pytest.approx((-1 + 0 + 0.7 - 1) / 4)


def test_stakes_that_all_came_back_are_told_in_words() -> None:
    claims = Claims(probabilities=np.array([[0.6, 0.1, 0.3]]), prices=np.array([[2.0, np.nan, 1.7]]), refunded=(1,))
    came, days = np.array([1]), np.array([MONDAY])
    course = play(claims, came, days, parse("value"), bankroll=Decimal(100))
    fair = np.full((1, 3), np.nan)
    found = figures(played(course, parse("value"), claims, came=came, days=days, closing_probabilities=fair), seed=0)
    assert verdict(found) == "Bets: 1, and every stake came back."

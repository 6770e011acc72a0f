from typing import Any

import pytest

from predictions.backtesting import words

NOTHING_ODD = {"bets": 800, "win_rate": 0.5}


def found(**changes: Any) -> dict[str, Any]:
    usual = {
        "bets": 800,
        "ruined": False,
        "roi": {"value": 0.1, "low": -0.2, "high": 0.4, "blocks": 60},
        "yield": {"value": 0.01, "low": -0.02, "high": 0.04},
        "win_rate": {"value": 0.5},
        "mean_price": 2.0,
        "closing_line_value": None,
        "even_prices": NOTHING_ODD,
    }
    return {**usual, **changes}


def roi(value: float, low: float | None, high: float | None) -> dict[str, Any]:
    return {"roi": {"value": value, "low": low, "high": high, "blocks": 5}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "A gain of 10.0 % of the bankroll is noise: its 95 % interval −20.0 % to 40.0 % covers zero."),
        (roi(-0.1, -0.4, 0.2), "A loss of 10.0 % of the bankroll is noise"),
        (roi(0.3, 0.1, 0.5), "more than noise explains here"),
        (roi(-0.3, -0.5, -0.1), "A loss of 30.0 % of the bankroll"),
        (roi(0.3, None, None), "30.0 % of the bankroll in 5 weeks: too few to say anything."),
        ({**roi(-0.1, None, None), "win_rate": {"value": 0.0}}, "Bets: 800, all of them lost."),
        ({**roi(0.1, None, None), "win_rate": {"value": 1.0}}, "Bets: 800, all of them won."),
        ({"bets": 0}, "No offer was taken"),
        ({"ruined": True}, "Ruin: less than 1 % of the bankroll was left after 800 bets."),
    ],
)
def test_the_verdict_calls_noise_noise(changes: dict[str, Any], said: str) -> None:
    assert said in words.verdict(found(**changes))


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, ""),
        ({"even_prices": {"bets": 100, "win_rate": 0.61}}, "61.0 % of 100 bets at prices of about 2 were won"),
        ({"even_prices": {"bets": 99, "win_rate": 0.9}}, ""),
        ({"even_prices": {"bets": 100, "win_rate": 0.6}}, ""),
        ({"bets": 500, "yield": {"value": 0.11}}, "11.0 % of the turnover was won over 500 bets"),
        ({"bets": 499, "yield": {"value": 0.5}}, ""),
        ({"bets": 500, "yield": {"value": 0.1}}, ""),
    ],
)
def test_what_is_too_good_to_be_true_is_doubted(changes: dict[str, Any], warned: str) -> None:
    told = words.warnings(found(**changes))
    assert len(told) == bool(warned)
    assert warned in " ".join(told)
    assert not told or "leakage" in told[0]


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [(0.02, 0.01, 0.03, "better than"), (-0.02, -0.03, -0.01, "worse than"), (0.01, -0.01, 0.03, "neither")],
)
def test_the_closing_line_judges_the_prices(value: float, low: float, high: float, said: str) -> None:
    assert said in words.closing_line(found(closing_line_value={"value": value, "low": low, "high": high}))


def test_good_prices_that_lost_all_the_same_are_no_sign_of_skill() -> None:
    lost = found(closing_line_value={"value": 0.007, "low": 0.002, "high": 0.012}, **roi(-0.5, -0.8, -0.2))
    assert words.closing_line(lost).startswith("The prices taken were 0.7 % better than the closing line, and yet")

"""When a bet on a player is recommended, by hand."""

import pytest

from predictions.basketball.recommending import (
    KEPT,
    MARGIN,
    MOST,
    Offer,
    Recommendation,
    Said,
    Side,
    market_over,
    recommendation,
)

EVEN = Offer(over=1.909, under=1.909)


def said(over: float, **changes: float | int | str) -> Said:
    return Said(**{"over": over, "push": 0.0, "under": 1 - over, **changes})  # type: ignore[arg-type]  # of any field


def test_what_a_model_says_beyond_the_market_is_believed_in_part() -> None:
    found = recommendation(said(0.62), EVEN)
    pulled = 0.5 + KEPT * 0.12
    assert found.expected_value == pytest.approx(pulled * 1.909 - 1)
    assert found.side == Side.PASS
    assert found.stake == 0
    assert "After the pull to the market" in found.reasons[0]


def test_a_price_better_than_the_market_is_worth_a_small_stake() -> None:
    found = recommendation(said(0.5, market_over=0.5), Offer(over=2.2, under=1.7))
    assert found.side == Side.OVER
    assert found.expected_value == pytest.approx(0.1)
    assert found.stake == pytest.approx(MOST), "a quarter of Kelly's .1 / 1.2 would be more"
    under = recommendation(said(0.5, market_over=0.5), Offer(over=1.7, under=2.06))
    assert under.side == Side.UNDER
    assert under.expected_value == pytest.approx(0.03)
    assert under.stake == pytest.approx(0.25 * 0.03 / 1.06)


def test_a_push_gives_the_stake_back() -> None:
    found = recommendation(Said(over=0.45, push=0.1, under=0.45, market_over=0.5), Offer(over=2.2))
    assert found.expected_value == pytest.approx(0.9 * (0.5 * 2.2 - 1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "out"}, "He is reported out."),
        ({"status": "doubtful"}, "He is reported doubtful."),
        ({"games": 2}, "Only 2 of his games are known: 3 are asked for."),
    ],
)
def test_who_may_not_play_or_is_not_known_is_passed_by(changes: dict[str, int | str], reason: str) -> None:
    found = recommendation(said(0.5, market_over=0.5, **changes), Offer(over=2.2))
    assert (found.side, found.stake, found.reasons) == (Side.PASS, 0.0, (reason,))


def test_who_is_questionable_is_not_passed_by() -> None:
    assert recommendation(said(0.5, market_over=0.5, status="questionable"), Offer(over=2.2)).side == Side.OVER


def test_without_a_price_nothing_is_recommended() -> None:
    assert recommendation(said(0.9), Offer()) == Recommendation(
        side=Side.PASS, expected_value=None, stake=0.0, reasons=("No price was given.",)
    )


def test_the_market_is_read_off_the_prices_where_there_is_no_consensus() -> None:
    assert market_over(Offer(over=1.8, under=2.05)) == pytest.approx(0.535, abs=0.005)
    assert market_over(Offer(over=2.0)) == pytest.approx(0.5 / 1.06)
    assert market_over(Offer(under=2.0)) == pytest.approx(1 - 0.5 / 1.06)
    assert market_over(Offer()) is None


def test_the_margin_must_be_exceeded() -> None:
    price = (1 + MARGIN) / 0.5
    assert recommendation(said(0.5, market_over=0.5), Offer(over=price - 1e-9)).side == Side.PASS
    assert recommendation(said(0.5, market_over=0.5), Offer(over=price + 1e-6)).side == Side.OVER

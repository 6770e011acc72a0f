"""Backtests that are too good to be true, and the alert that says so."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from predictions.backtesting import words
from predictions.models import Alert, Backtest
from tests.predictions.backtesting.conftest import PricedToss

CarryOut = Callable[..., Backtest]


def found(**changes: Any) -> dict[str, Any]:
    usual = {
        "bets": 500,
        "mean_price": 1.9,
        "win_rate": {"value": 0.55},
        "yield": {"value": 0.05},
        "even_prices": {"bets": 0, "win_rate": None},
    }
    return {**usual, **changes}


@pytest.mark.parametrize(
    ("changes", "doubted"),
    [
        ({}, False),
        ({"win_rate": {"value": 0.61}}, True),
        ({"win_rate": {"value": 0.60}}, False),
        ({"win_rate": {"value": 0.61}, "mean_price": 1.4}, False),
        ({"win_rate": {"value": 0.61}, "bets": 499}, False),
        ({"yield": {"value": 0.101}}, True),
        ({"yield": {"value": 0.10}}, False),
        ({"yield": {"value": 0.101}, "bets": 499}, False),
        ({"bets": 0, "mean_price": None, "win_rate": None, "yield": None}, False),
    ],
)
def test_many_bets_with_too_many_hits_or_too_much_gain_are_doubted(changes: dict[str, Any], doubted: bool) -> None:
    assert words.is_too_good(found(**changes)) is doubted
    if doubted:
        assert words.warnings(found(**changes))[0].startswith("Too good to be true")


@pytest.mark.django_db
def test_a_backtest_that_is_too_good_raises_one_alert_and_counts_it_up(
    carried_out: CarryOut, priced_toss: PricedToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = priced_toss.offers

    def generous(frame: Any, *, book: str = "") -> Any:
        offers = usual(frame, book=book)
        offers.prices[:] = 3.0
        return offers

    carried_out("value")
    assert not Alert.objects.exists()
    monkeypatch.setattr(priced_toss, "offers", generous)
    done = [carried_out("value:margin=0.01"), carried_out("value:margin=0.02")]
    alert = Alert.objects.get()
    assert (alert.kind, alert.key, alert.count) == ("leakage", "priced-toss/logit", 2)
    assert alert.title == "Priced toss: a backtest of logit is too good to be true: look for a leak"
    assert alert.evidence["backtest"] == str(done[1].pk)
    assert done[1].figures["strategies"][0]["bets"] >= 500
    assert "Too good to be true" in alert.message


@pytest.mark.django_db
def test_what_was_left_out_and_when_each_price_was_quoted_are_told(
    carried_out: CarryOut, priced_toss: PricedToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    import csv
    from dataclasses import replace
    from io import StringIO

    from predictions.backtesting import bets_file

    usual = priced_toss.offers

    def timed(frame: Any, *, book: str = "") -> Any:
        offers = usual(frame, book=book)
        hours = frame["event_at"].dt.tz_localize(None).to_numpy() - np.timedelta64(1, "h")
        quoted_at = np.column_stack([hours, hours])
        return replace(offers, quoted_at=quoted_at, holds=np.full((len(frame), 2), 0.02), dropped={"too far off": 3})

    monkeypatch.setattr(priced_toss, "offers", timed)
    done = carried_out("value")
    assert done.figures["dropped"] == {"too far off": 3}
    row = next(csv.DictReader(StringIO("".join(bets_file.as_csv(done)))))
    assert (row["time"][11:16], row["quoted_at"][11:16], row["hold"]) == ("12:00", "11:00", "0.02")

"""What bookmakers say of players, out of the database."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from matches.models import Match, Player, PropLine
from predictions.basketball.market import consensus
from predictions.basketball.market_offers import BOOKMAKERS, offers
from predictions.models import Backtest
from tests.factories import MatchFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Match:
    return MatchFactory.create(kickoff_is_exact=True)


@pytest.fixture
def player() -> Player:
    return Player.objects.create(name="Nikola Jokić", slug="nikola-jokic")


def quote(
    match: Match, player: Player, book: str, line: str, over: str | None, under: str | None, **changes: Any
) -> PropLine:
    made = {"statistic": "pra", "quoted_at": match.kickoff - timedelta(hours=1), **changes}
    prices = {
        name: None if price is None else Decimal(price)
        for name, price in (("over_price", over), ("under_price", under))
    }
    return PropLine.objects.create(match=match, player=player, bookmaker=book, line=Decimal(line), **prices, **made)


def frame(match: Match, player: Player, *lines: float) -> pd.DataFrame:
    return pd.DataFrame({"match": match.pk, "player": player.pk, "line": list(lines)})


def test_keys_keep_their_order_and_what_nobody_quotes_is_not_known(match: Match, player: Player) -> None:
    quote(match, player, "Caesars", "42.5", "1.909", "1.909")
    quote(match, player, "Caesars", "25.5", "1.8", "2.0", statistic="points")
    found = consensus([(match.pk, -1), (match.pk, player.pk)], "pra")
    assert np.isnan(found.line[0])
    assert (found.line[1], found.over[1], found.under[1]) == pytest.approx((42.5, 0.5, 0.5))
    assert found.books.tolist() == [0, 1]
    nothing = consensus([], "pra")
    assert (len(nothing.line), nothing.dropped) == (0, {})


@pytest.mark.parametrize(
    ("exact", "after", "line"),
    [(True, timedelta(minutes=1), 40.5), (False, timedelta(minutes=30), 44.5), (False, timedelta(hours=5), 40.5)],
)
def test_the_last_quote_before_the_tip_off_counts_and_with_only_the_day_known_that_of_the_evening(
    match: Match, player: Player, exact: bool, after: timedelta, line: float
) -> None:
    Match.objects.update(kickoff_is_exact=exact)
    quote(match, player, "Caesars", "38.5", "1.9", "1.9", quoted_at=match.kickoff - timedelta(hours=3))
    quote(match, player, "Caesars", "40.5", "1.9", "1.9")
    quote(match, player, "Caesars", "44.5", "1.9", "1.9", quoted_at=match.kickoff + after)
    assert consensus([(match.pk, player.pk)], "pra").line.tolist() == [line]


def test_offers_are_the_best_prices_at_the_very_line_with_book_margin_and_time(match: Match, player: Player) -> None:
    quote(match, player, "Caesars", "42.5", "1.95", "1.85")
    quote(match, player, "FanDuel", "42.5", "1.8", "2.0", quoted_at=match.kickoff - timedelta(hours=2))
    quote(match, player, "BetMGM", "43.5", "2.1", "1.7")
    quote(match, player, "Unibet", "42.5", "2.75", "1.5")
    found = offers(frame(match, player, 42.5, 30.5), "pra")
    assert found.prices[0].tolist() == pytest.approx([1.95, np.nan, 2.0], nan_ok=True)
    assert np.isnan(found.prices[1]).all()
    assert found.books[0].tolist() == ["Caesars", "", "FanDuel"]
    assert found.holds is not None
    assert found.holds[0, 0] == pytest.approx(1 / 1.95 + 1 / 1.85 - 1)
    assert found.quoted_at is not None
    when: datetime = found.quoted_at[0, 2].item()
    assert when == (match.kickoff - timedelta(hours=2)).replace(tzinfo=None)
    assert found.closing_probabilities[0].sum() == pytest.approx(1)
    assert found.closing_prices[0].tolist() == pytest.approx([1.875, np.nan, 1.925], nan_ok=True)
    assert found.subjects[0].startswith("Nikola Jokić, points + rebounds + assists 42.5, ")
    reason = "prices far from even at a book that mis-pairs them"
    assert dict(found.dropped) == {reason: 2}, "once for each row that asks"


def test_one_book_offers_its_own_prices_alone(match: Match, player: Player) -> None:
    quote(match, player, "Caesars", "42.5", "1.95", None)
    quote(match, player, "FanDuel", "42.5", "2.1", "1.7")
    found = offers(frame(match, player, 42.5), "pra", book="CAESARS")
    assert found.prices[0].tolist() == pytest.approx([1.95, np.nan, np.nan], nan_ok=True)


def test_every_code_of_a_bookmaker_fits_into_a_backtest() -> None:
    longest = Backtest._meta.get_field("book").max_length
    assert longest is not None
    assert all(len(code) <= longest for code in BOOKMAKERS)


def test_any_number_of_players_of_a_game_costs_one_query(
    match: Match, player: Player, django_assert_num_queries: Any
) -> None:
    quote(match, player, "Caesars", "42.5", "1.9", "1.9")
    with django_assert_num_queries(1):
        consensus([(match.pk, pk) for pk in range(player.pk, player.pk + 400)], "pra")

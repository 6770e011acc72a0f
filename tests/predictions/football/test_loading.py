"""Matches and prices out of the database: whose prices stand for the market, and which season a day is in."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from matches.models import Match, Odds, Sport
from mlmodels.selection import Selection
from predictions.devig import shin
from predictions.football import loading
from tests.factories import CompetitionFactory, MatchFactory, OddsFactory, SeasonFactory

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = [2.1, 3.4, 3.6], [1.5, 4.2, 7.0], [2.6, 3.1, 2.9]


def quote(match: Match, book: str, prices: list[float], phase: Odds.Phase = Odds.Phase.OPENING) -> None:
    for outcome, price in zip("HDA", prices, strict=False):
        OddsFactory.create(match=match, bookmaker=book, outcome=outcome, phase=phase, price=Decimal(str(price)))


def market(*matches: Match) -> dict[str, np.ndarray]:
    return loading.market(Match.objects.all(), [match.pk for match in matches])


def test_the_opening_market_is_pinnacle_else_the_average_else_bet365() -> None:
    all_three, two, one = MatchFactory.create_batch(3)
    for match, books in ((all_three, ["B365", "AVG", "PS"]), (two, ["B365", "AVG"]), (one, ["B365"])):
        for book in books:
            quote(match, book, {"PS": FIRST, "AVG": SECOND, "B365": THIRD}[book])
    assert market(all_three, two, one)["open"] == pytest.approx(shin([FIRST, SECOND, THIRD]), rel=1e-12)


def test_the_closing_market_is_never_one_soft_book() -> None:
    match = MatchFactory.create()
    quote(match, "B365", THIRD, Odds.Phase.CLOSING)
    assert np.isnan(market(match)["close"]).all()
    quote(match, "AVG", SECOND, Odds.Phase.CLOSING)
    assert market(match)["close"] == pytest.approx(shin([SECOND]))
    assert np.isnan(market(match)["open"]).all()


def test_a_book_that_lacks_a_price_makes_room_for_the_next() -> None:
    match = MatchFactory.create()
    quote(match, "PS", FIRST[:2])
    assert np.isnan(market(match)["open"]).all()
    quote(match, "B365", THIRD)
    assert market(match)["open"] == pytest.approx(shin([THIRD]))


def test_books_and_markets_outside_the_consensus_do_not_count() -> None:
    match = MatchFactory.create()
    quote(match, "MAX", FIRST)
    for outcome in "HDA":
        OddsFactory.create(
            match=match, bookmaker="PS", market=Odds.Market.ASIAN_HANDICAP, outcome=outcome, phase=Odds.Phase.OPENING
        )
    assert np.isnan(market(match)["open"]).all()


def test_rows_come_in_the_order_asked_for_and_nan_where_there_is_no_price() -> None:
    priced, without = MatchFactory.create_batch(2)
    quote(priced, "PS", FIRST)
    table = market(without, priced)["open"]
    assert np.isnan(table[0]).all()
    assert table[1] == pytest.approx(shin([FIRST])[0])


def test_prices_are_read_in_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # a fixture
    matches = MatchFactory.create_batch(4)
    for match in matches:
        quote(match, "PS", FIRST)
    with django_assert_num_queries(1):
        market(*matches)


def test_all_matches_of_a_day_come_together_and_days_in_order() -> None:
    days = [date(2024, 3, 9), date(2024, 3, 2), date(2024, 3, 9)]
    for day in days:
        MatchFactory.create(finished=True, date=day)
    assert [(day, len(pairs)) for day, pairs in loading.by_day(Match.objects.finished())] == [
        (days[1], 1),
        (days[0], 2),
    ]


def test_what_a_source_does_not_tell_is_nan_and_not_nothing() -> None:
    MatchFactory.create(finished=True, home_shots=0)
    [(_, played)] = loading.read(Match.objects.finished())
    assert (played.host.goals, played.guest.goals, played.host.shots) == (2, 1, 0)
    assert np.isnan([played.guest.shots, played.host.corners, played.guest.expected_goals]).all()


def test_earlier_matches_of_the_same_competitions_feed_the_examples_of_a_selection() -> None:
    early = MatchFactory.create(finished=True, date=date(2023, 9, 1))
    chosen = MatchFactory.create(finished=True, date=date(2023, 10, 1))
    later = MatchFactory.create(finished=True, date=date(2023, 11, 1))
    spain = SeasonFactory.create(competition=CompetitionFactory.create(code="SP1", name="La Liga"))
    foreign = MatchFactory.create(finished=True, season=spain, date=date(2023, 10, 1))
    selection = Selection(competitions=("E0",), date_from=date(2023, 9, 15), date_to=date(2023, 10, 15))
    assert set(loading.history(selection)) == {early, chosen}
    assert set(loading.examples(selection)) == {chosen}
    assert set(loading.examples(Selection(subjects=(str(later.pk), "no number", "²")))) == {later}
    assert set(loading.history(Selection())) == {early, chosen, later, foreign}


def test_a_game_of_another_sport_is_no_football() -> None:
    nba = CompetitionFactory.create(code="NBA", sport=Sport.BASKETBALL)
    MatchFactory.create(finished=True, season=SeasonFactory.create(competition=nba))
    assert not loading.history(Selection()).exists()


def test_a_day_is_in_the_season_around_it_else_in_the_latest() -> None:
    competition = CompetitionFactory.create()
    for code, year in (("2223", 2022), ("2324", 2023)):
        SeasonFactory.create(
            competition=competition, code=code, starts_on=date(year, 8, 1), ends_on=date(year + 1, 5, 31)
        )
    assert loading.season_at("E0", date(2022, 8, 1)) == "2223"
    assert loading.season_at("E0", date(2023, 5, 31)) == "2223"
    assert loading.season_at("E0", date(2023, 6, 15)) == "2324"
    assert loading.season_at("E0", date(2030, 1, 1)) == "2324"
    assert loading.season_at("XX", date(2023, 1, 1)) == ""

"""How matches turned out, and what the market thought and paid."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matches.models import Match, Odds
from mlmodels.problem import Result
from predictions.devig import shin
from predictions.football.outcomes import results
from tests.factories import MatchFactory, OddsFactory, SeasonFactory

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 2)


def finished(home_goals: int, away_goals: int, **fields: Any) -> Match:
    return MatchFactory.create(
        status=Match.Status.FINISHED, home_goals=home_goals, away_goals=away_goals, **{"date": DAY, **fields}
    )


def quote(match: Match, book: str, prices: dict[str, str], phase: Odds.Phase) -> None:
    for outcome, price in prices.items():
        OddsFactory.create(match=match, bookmaker=book, outcome=outcome, phase=phase, price=Decimal(price))


def result_of(match: Match) -> Result:
    [result] = results([{"match": match.pk}])
    assert result is not None
    return result


@pytest.mark.parametrize(("goals", "outcome"), [((2, 1), "home"), ((0, 0), "draw"), ((1, 4), "away")])
def test_the_goals_decide(goals: tuple[int, int], outcome: str) -> None:
    assert result_of(finished(*goals)).outcome == outcome


@pytest.mark.parametrize("status", [Match.Status.SCHEDULED, Match.Status.POSTPONED, Match.Status.ABANDONED])
def test_a_match_that_has_not_finished_has_no_result_whatever_its_score(status: Match.Status) -> None:
    match = MatchFactory.create(status=status, home_goals=3, away_goals=0)
    assert results([{"match": match.pk}]) == [None]


def test_results_come_in_the_order_of_references_and_none_where_there_is_none() -> None:
    won, drawn = finished(1, 0), finished(1, 1)
    references = [{"match": drawn.pk}, {"match": 987654}, {"match": won.pk}, {"match": drawn.pk}]
    assert [result and result.outcome for result in results(references)] == ["draw", None, "home", "draw"]
    assert results([]) == []


def test_a_supposed_pairing_is_settled_by_the_match_that_was_played_that_day() -> None:
    match = finished(0, 1)
    reference = {"home": match.home.slug, "away": match.away.slug, "competition": "E0", "date": DAY.isoformat()}
    [found, turned_round, another_day] = results(
        [
            reference,
            {**reference, "home": match.away.slug, "away": match.home.slug},
            {**reference, "date": "2024-03-03"},
        ]
    )
    assert found is not None
    assert found.outcome == "away"
    assert (turned_round, another_day) == (None, None)


def test_the_market_is_the_closing_price_without_its_margin() -> None:
    match = finished(1, 0)
    quote(match, "AVG", {"H": "2.0", "D": "3.3", "A": "4.0"}, Odds.Phase.CLOSING)
    assert result_of(match).closing_prices == {"home": 2.0, "draw": 3.3, "away": 4.0}
    quote(match, "PS", {"H": "2.1", "D": "3.4", "A": "3.9"}, Odds.Phase.CLOSING)
    found = result_of(match)
    assert found.market_probabilities == pytest.approx(
        dict(zip(("home", "draw", "away"), shin([2.1, 3.4, 3.9])[0], strict=True))
    )
    assert found.closing_prices == {"home": 2.1, "draw": 3.4, "away": 3.9}


def test_the_best_price_is_each_outcomes_highest_at_opening_of_books_that_take_bets() -> None:
    match = finished(1, 0)
    quote(match, "PS", {"H": "2.1", "D": "3.4", "A": "3.9"}, Odds.Phase.OPENING)
    quote(match, "B365", {"H": "2.0", "D": "3.6"}, Odds.Phase.OPENING)
    quote(match, "AVG", {"H": "9.0", "D": "9.0", "A": "9.0"}, Odds.Phase.OPENING)
    quote(match, "WH", {"H": "8.0", "D": "8.0", "A": "8.0"}, Odds.Phase.CLOSING)
    assert result_of(match).best_prices == {"home": 2.1, "draw": 3.6, "away": 3.9}


def test_without_prices_there_is_no_market_and_no_bet() -> None:
    match = finished(1, 0)
    quote(match, "PS", {"H": "2.1", "D": "3.4"}, Odds.Phase.CLOSING)
    quote(match, "PS", {"H": "2.1", "D": "3.4"}, Odds.Phase.OPENING)
    found = result_of(match)
    assert (found.market_probabilities, found.closing_prices, found.best_prices) == (None, None, None)


def test_the_yardstick_knows_only_the_days_before() -> None:
    season = SeasonFactory.create()
    for days, goals in ((3, (1, 0)), (2, (2, 0)), (2, (0, 0)), (1, (0, 2))):
        finished(*goals, season=season, date=DAY - timedelta(days=days))
    match = finished(0, 0, season=season)
    finished(0, 0, season=season, date=DAY)
    finished(5, 0, season=season, date=DAY + timedelta(days=1))
    assert result_of(match).baseline_probabilities == {"home": 0.5, "draw": 0.25, "away": 0.25}


def test_before_its_first_result_a_competition_has_no_yardstick() -> None:
    assert result_of(finished(1, 0)).baseline_probabilities is None


def test_a_batch_costs_as_many_queries_as_one(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    season = SeasonFactory.create()
    matches = [finished(1, 0, season=season, date=DAY + timedelta(days=i)) for i in range(6)]
    with django_assert_num_queries(3):
        results([{"match": match.pk} for match in matches])

"""What one could have bet at, beside the rows of a data set."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from matches.models import Match, Odds
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.devig import shin
from predictions.football.offering import offers
from tests.factories import CompetitionFactory, MatchFactory, OddsFactory

pytestmark = pytest.mark.django_db
SHORT, LONG, CLOSING = [2.1, 3.3, 3.4], [2.0, 3.5, 3.6], [2.2, 3.3, 3.2]


def quote(match: Match, book: str, prices: list[float], phase: Odds.Phase = Odds.Phase.OPENING) -> None:
    for outcome, price in zip("HDA", prices, strict=True):
        OddsFactory.create(match=match, bookmaker=book, outcome=outcome, phase=phase, price=Decimal(str(price)))


def frame(*matches: Match) -> pd.DataFrame:
    return pd.DataFrame({"subject": [match.pk for match in matches]})


def test_each_outcome_is_offered_at_the_best_opening_price_and_whose_it_is() -> None:
    match = MatchFactory.create()
    quote(match, "B365", SHORT)
    quote(match, "PS", LONG)
    quote(match, "AVG", [9.0, 9.0, 9.0])
    quote(match, "WH", [9.0, 9.0, 9.0], Odds.Phase.CLOSING)
    found = offers(frame(match))
    assert found.prices.tolist() == [[2.1, 3.5, 3.6]]
    assert found.books.tolist() == [["B365", "PS", "PS"]]
    assert found.subjects == [f"{match.home.name} – {match.away.name}"]


def test_a_chosen_books_prices_are_its_own() -> None:
    match = MatchFactory.create()
    quote(match, "B365", SHORT)
    quote(match, "PS", LONG)
    assert offers(frame(match), book="B365").prices.tolist() == [SHORT]
    assert np.isnan(offers(frame(match), book="VC").prices).all()


def test_the_closing_line_is_pinnacles_without_its_margin() -> None:
    match = MatchFactory.create()
    quote(match, "B365", SHORT, Odds.Phase.CLOSING)
    quote(match, "PS", CLOSING, Odds.Phase.CLOSING)
    found = offers(frame(match))
    assert found.closing_prices.tolist() == [CLOSING]
    assert found.closing_probabilities == pytest.approx(shin([CLOSING]))


def test_matches_without_prices_keep_their_place() -> None:
    first, second = MatchFactory.create_batch(2)
    quote(second, "B365", SHORT)
    found = offers(frame(first, second))
    assert np.isnan(found.prices[0]).all()
    assert found.prices[1].tolist() == SHORT
    assert np.isnan(offers(frame(first)).prices).all()


def test_a_simulated_league_in_the_selection_is_known() -> None:
    problem = get_problem("football-outcome")
    CompetitionFactory.create(code="E0")
    CompetitionFactory.create(code="SIM", name="Mirage League", is_simulated=True)
    assert problem.is_simulated(Selection())
    assert problem.is_simulated(Selection(competitions=("SIM", "E0")))
    assert not problem.is_simulated(Selection(competitions=("E0",)))

"""What may be trained on, and when it counts as changed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from matches.models import ImportBatch, Match
from mlmodels.selection import Selection
from predictions.choosing import chosen
from predictions.football import choosing
from tests.factories import CompetitionFactory, MatchFactory, OddsFactory, SeasonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Match:
    return MatchFactory.create(finished=True, date=date(2023, 9, 2))


def mark(selection: Selection | None = None) -> str:
    return choosing.fingerprint(selection or Selection())


def test_nothing_changed_is_the_same_fingerprint(match: Match) -> None:
    assert mark() == mark()


def test_a_result_that_comes_changes_the_fingerprint(match: Match) -> None:
    to_come = MatchFactory.create(date=date(2023, 9, 3))
    before = mark()
    to_come.status, to_come.home_goals, to_come.away_goals = Match.Status.FINISHED, 0, 0
    to_come.save()
    assert mark() != before


def test_a_corrected_result_changes_the_fingerprint(match: Match) -> None:
    before = mark()
    match.home_goals = 5
    match.save()
    assert mark() != before


def test_a_price_or_an_import_changes_the_fingerprint(match: Match) -> None:
    before = mark()
    OddsFactory.create(match=match, price=Decimal("2.2"))
    priced = mark()
    assert priced != before
    ImportBatch.objects.create(
        source="csv", filename="x.csv", sha256="0" * 64, finished_at=datetime(2024, 1, 1, tzinfo=UTC)
    )
    assert mark() != priced


def test_what_does_not_feed_the_selection_does_not_change_its_fingerprint(match: Match) -> None:
    selection = Selection(competitions=("E0",), date_to=date(2023, 12, 31))
    before = mark(selection)
    spain = SeasonFactory.create(competition=CompetitionFactory.create(code="SP1", name="La Liga"))
    MatchFactory.create(finished=True, season=spain, date=date(2023, 9, 2))
    MatchFactory.create(finished=True, date=date(2024, 1, 1))
    MatchFactory.create(date=date(2023, 10, 1))
    assert mark(selection) == before
    assert mark() != before


def test_competitions_are_offered_with_their_seasons_and_rows_and_only_where_something_ended(match: Match) -> None:
    older = SeasonFactory.create(code="2223", name="2022/23", starts_on=date(2022, 7, 1), ends_on=date(2023, 6, 30))
    MatchFactory.create_batch(2, finished=True, season=older, date=date(2022, 9, 2))
    to_come = SeasonFactory.create(competition=CompetitionFactory.create(code="SP1", country="Spain"))
    MatchFactory.create(season=to_come, date=date(2023, 9, 2))
    [england] = choosing.choices()["competitions"]
    assert (england.code, england.group, england.rows, england.seasons) == ("E0", "England", 3, ("2324", "2223"))
    assert [(season.code, season.rows) for season in choosing.choices()["seasons"]] == [("2324", 1), ("2223", 2)]


def test_a_season_of_several_competitions_is_offered_once(match: Match) -> None:
    spain = SeasonFactory.create(competition=CompetitionFactory.create(code="SP1", country="Spain"), name="23-24")
    MatchFactory.create(finished=True, season=spain, date=date(2023, 9, 2))
    [season] = choosing.choices()["seasons"]
    assert (season.code, season.rows) == ("2324", 2)


FRAME = pd.DataFrame(
    {
        "subject": pd.array([1, 2, 3], dtype="Int64"),
        "competition": ["E0", "E0", "SP1"],
        "season": ["2223", "2324", "2324"],
        "date": pd.to_datetime(["2023-05-01", "2023-09-01", "2023-09-02"]),
    }
)


@pytest.mark.parametrize(
    ("selection", "rows"),
    [
        (Selection(), [1, 2, 3]),
        (Selection(competitions=("E0",)), [1, 2]),
        (Selection(seasons=("2324",)), [2, 3]),
        (Selection(date_from=date(2023, 9, 1)), [2, 3]),
        (Selection(date_to=date(2023, 9, 1)), [1, 2]),
        (Selection(subjects=("1", "3")), [1, 3]),
        (Selection(competitions=("E0",), seasons=("2324",)), [2]),
        (Selection(competitions=("D1",)), []),
    ],
    ids=str,
)
def test_rows_of_a_wider_data_set_are_chosen_as_the_selection_says(selection: Selection, rows: list[int]) -> None:
    assert FRAME[chosen(FRAME, selection, subject="subject")]["subject"].tolist() == rows

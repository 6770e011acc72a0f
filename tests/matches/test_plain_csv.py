"""The CSV for whoever keeps results in a table of their own."""

from datetime import UTC, date, datetime

import pytest

from matches.errors import UnreadableFile
from matches.models import Match
from matches.sources.plain_csv import read
from matches.sources.rows import Refusal, Row
from tests.matches.conftest import WriteFile

HEADER = "date,competition,season,home,away,home_goals,away_goals"


def one(write: WriteFile, line: str, header: str = HEADER) -> Row | Refusal:
    (found,) = read(write("mine.csv", f"{header}\n{line}\n"))
    return found


def test_it_reads_a_result(write: WriteFile) -> None:
    row = one(write, "2023-08-12,E0,2023/24,Arsenal,Fulham,2,1")
    assert isinstance(row, Row)
    assert (row.date, row.competition, row.season, row.home, row.away) == (
        date(2023, 8, 12),
        "E0",
        "2324",
        "Arsenal",
        "Fulham",
    )
    assert (row.home_goals, row.away_goals, row.status, row.kickoff) == (2, 1, Match.Status.FINISHED, None)


def test_a_match_without_goals_is_to_be_played_at_its_time(write: WriteFile) -> None:
    row = one(write, "12/08/2023,E0,,Arsenal,Fulham,,,15:00", f"{HEADER},time")
    assert isinstance(row, Row)
    assert (row.status, row.season) == (Match.Status.SCHEDULED, "")
    assert row.kickoff == datetime(2023, 8, 12, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2023-13-12,E0,2324,Arsenal,Fulham,2,1", "bad_date"),
        ("2023-08-12,E0,1415,Arsenal,Fulham,2,1", "bad_season"),
        ("2023-08-12,E0,9999,Arsenal,Fulham,2,1", "bad_season"),
        ("2023-08-12,E0,this one,Arsenal,Fulham,2,1", "bad_season"),
        ("2023-08-12,E0,2324,Arsenal,,2,1", "missing_cell"),
        ("2023-08-12,E0,2324,Arsenal,Fulham,2,", "half_a_score"),
        ("2023-08-12,E0,2324,Arsenal,Fulham,2,-1", "bad_number"),
        ("2023-08-12,E0,2324,Arsenal,Fulham,2,1,9", "unknown_columns"),
    ],
)
def test_it_refuses_a_row_that_can_not_stand(write: WriteFile, line: str, code: str) -> None:
    refused = one(write, line)
    assert isinstance(refused, Refusal)
    assert (refused.line, refused.code, refused.competition) == (2, code, "E0")


def test_a_file_of_other_columns_is_refused_whole(write: WriteFile) -> None:
    with pytest.raises(UnreadableFile, match="no column competition, season"):
        list(read(write("mine.csv", "date,home,away,home_goals,away_goals\n2023-08-12,A,B,1,0\n")))

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from matches.errors import UnreadableFile
from matches.models import Match
from matches.sources.football_data import price_columns, read, season_in
from matches.sources.rows import Price, Refusal, Row
from tests.matches.conftest import WriteFile

FIRST_GENERATION = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,,\nE0,14/08/93,Arsenal,Coventry,0,3,A,,\n"
SECOND_GENERATION = """\
Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,HS,AS,HST,AST,HC,AC,HR,AR,GBH,GBD,GBA,B365H,B365D,B365A,\
BbAH,BbAHh,BbMxAHH,BbAvAHH,BbMx>2.5,BbAv<2.5
E0,13/08/05,Aston Villa,Bolton,2,2,D,2,2,D,3,13,2,6,7,8,0,0,2.3,3.25,3,2.3,3.25,3,\
20,-0.25,2.07,2.03,2.1,1.75
"""
THIRD_GENERATION = """\
Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,PSH,PSD,PSA,VCH,VCD,VCA,PSCH,PSCD,PSCA,MaxH,AvgA,P>2.5,PC<2.5,\
AHh,PAHH,AHCh,PCAHA
E0,11/08/2023,20:00,Burnley,Man City,0,3,A,8.58,5.51,1.37,9.5,5.25,1.33,9.62,5.81,1.33,9.5,1.35,1.68,2.35,\
1.5,1.86,1.75,1.97
"""


def one(path: Path) -> Row:
    (row,) = read(path)
    assert isinstance(row, Row)
    return row


def refusals(path: Path) -> list[Refusal]:
    return [item for item in read(path) if isinstance(item, Refusal)]


def test_it_reads_the_first_generation(write: WriteFile) -> None:
    row = one(write("E0_9394.csv", FIRST_GENERATION))
    assert (row.date, row.kickoff, row.season) == (date(1993, 8, 14), None, "9394")
    assert (row.home, row.home_goals, row.away_goals, row.away) == ("Arsenal", 0, 3, "Coventry")
    assert (row.stats, row.prices) == ({}, ())


def test_it_reads_the_second_generation(write: WriteFile) -> None:
    row = one(write("E0_0506.csv", SECOND_GENERATION))
    assert row.date == date(2005, 8, 13)
    assert row.stats["away_shots"] == 13
    assert row.stats["home_red_cards"] == 0
    assert Price("GB", "1x2", "H", "open", Decimal(0), Decimal("2.3")) in row.prices
    assert Price("MAX", "handicap", "H", "open", Decimal("-0.25"), Decimal("2.07")) in row.prices
    assert Price("AVG", "totals", "U", "open", Decimal("2.5"), Decimal("1.75")) in row.prices
    assert {price.bookmaker for price in row.prices} == {"GB", "B365", "MAX", "AVG"}


def test_it_reads_the_third_generation(write: WriteFile) -> None:
    row = one(write("E0_2324.csv", THIRD_GENERATION))
    assert row.date == date(2023, 8, 11)
    assert row.kickoff == datetime(2023, 8, 11, 19, tzinfo=UTC)
    assert Price("PS", "1x2", "H", "open", Decimal(0), Decimal("8.58")) in row.prices
    assert Price("PS", "1x2", "H", "close", Decimal(0), Decimal("9.62")) in row.prices
    assert Price("VC", "1x2", "H", "open", Decimal(0), Decimal("9.5")) in row.prices
    assert Price("PS", "totals", "U", "close", Decimal("2.5"), Decimal("2.35")) in row.prices
    assert Price("PS", "handicap", "H", "open", Decimal("1.5"), Decimal("1.86")) in row.prices
    assert Price("PS", "handicap", "A", "close", Decimal("1.75"), Decimal("1.97")) in row.prices


def test_it_reads_a_fixture_that_is_to_be_played(write: WriteFile) -> None:
    row = one(write("fixtures.csv", "Div,Date,Time,HomeTeam,AwayTeam,B365H\nE0,16/08/2024,20:00,Fulham,Leeds,2.5\n"))
    assert (row.status, row.home_goals) == (Match.Status.SCHEDULED, None)
    assert len(row.prices) == 1


def test_winter_times_are_gmt(write: WriteFile) -> None:
    row = one(write("a.csv", "Div,Date,Time,HomeTeam,AwayTeam\nE0,26/12/2023,15:00,Fulham,Leeds\n"))
    assert row.kickoff == datetime(2023, 12, 26, 15, tzinfo=UTC)


def test_empty_odds_are_no_odds(write: WriteFile) -> None:
    assert one(write("a.csv", "Div,Date,HomeTeam,AwayTeam,B365H,B365D\nE0,26/12/2023,Fulham,Leeds,,\n")).prices == ()


def test_a_handicap_without_its_line_is_worthless(write: WriteFile) -> None:
    text = "Div,Date,HomeTeam,AwayTeam,AHh,PAHH\nE0,26/12/2023,Fulham,Leeds,,1.9\n"
    assert one(write("a.csv", text)).prices == ()


def test_a_count_of_bookmakers_is_no_price() -> None:
    assert price_columns(("BbAH", "Bb1X2", "HS", "AS", "HF", "AY", "Referee", "Div", "FTR", "HTR", "Date")) == ()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("E0,31/02/2024,A,B,1,0,H,2.0", "bad_date"),
        ("E0,yesterday,A,B,1,0,H,2.0", "bad_date"),
        ("E0,01/01/2199,A,B,1,0,H,2.0", "bad_date"),
        ("E0,01/02/2024,A,B,-1,0,A,2.0", "bad_number"),
        ("E0,01/02/2024,A,B,1.5,0,H,2.0", "bad_number"),
        ("E0,01/02/2024,A,B,nan,0,H,2.0", "bad_number"),
        ("E0,01/02/2024,A,B,100,0,H,2.0", "bad_number"),
        ("E0,01/02/2024,A,B,1,,H,2.0", "half_a_score"),
        ("E0,01/02/2024,A,B,1,0,A,2.0", "score_contradicts_result"),
        ("E0,01/02/2024,A,,1,0,H,2.0", "missing_cell"),
        ("E0,01/02/2024,A,B,1,0,H,2.0,3.5", "unknown_columns"),
    ],
)
def test_it_refuses_a_row_that_can_not_stand(write: WriteFile, cells: str, code: str) -> None:
    path = write("a.csv", f"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H\n{cells}\n")
    (refused,) = read(path)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.line, refused.competition) == (code, 2, "E0")


@pytest.mark.parametrize("price", ["1.0", "0", "-2", "10000", "nan", "inf", "evens"])
def test_it_refuses_a_price_and_keeps_the_match(write: WriteFile, price: str) -> None:
    path = write("a.csv", f"Div,Date,HomeTeam,AwayTeam,B365H,B365D\nE0,01/02/2024,A,B,{price},3.5\n")
    refused, row = read(path)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.raw) == ("bad_price", {"B365H": price})
    assert isinstance(row, Row)
    assert [found.price for found in row.prices] == [Decimal("3.5")]


def test_a_line_that_was_cut_off_is_refused(write: WriteFile) -> None:
    path = write("a.csv", "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\nE0,01/02/2024,A,B,1,0\nE0,01/02/2024,C,D")
    assert [refused.code for refused in refusals(path)] == ["cut_off"]


def test_trailing_commas_are_no_columns(write: WriteFile) -> None:
    assert one(write("a.csv", "Div,Date,HomeTeam,AwayTeam\nE0,01/02/2024,A,B,,,\n\n,,,\n")).home == "A"


def test_it_reads_latin_1(write: WriteFile) -> None:
    content = "Div,Date,HomeTeam,AwayTeam\nSP1,01/02/2024,Cádiz,Alavés\n".encode("latin-1")
    assert one(write("a.csv", content)).home == "Cádiz"


def test_it_reads_a_byte_order_mark(write: WriteFile) -> None:
    content = b"\xef\xbb\xbf" + "Div,Date,HomeTeam,AwayTeam\r\nSP1,01/02/2024,Cádiz,Alavés\r\n".encode()
    assert one(write("a.csv", content)).home == "Cádiz"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x89PNG\x00\x00", "not a text"),
        (b"<!doctype html><p>Not found</p>", "no column Div, Date"),
        (b"Date;Home;Away\n", "no column Div"),
        (b'Div,Date,HomeTeam,AwayTeam\nE0,01/02/2024,"' + b"x" * 200_000, "line 2"),
    ],
)
def test_what_is_no_csv_of_this_source_is_refused_whole(write: WriteFile, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        list(read(write("a.csv", content)))


@pytest.mark.parametrize(
    ("name", "season"),
    [
        ("E0_2526.csv", "2526"),
        ("2526/E0.csv", "2526"),
        ("2021-22/E0.csv", "2122"),
        ("1999-2000/E0.csv", "9900"),
        ("E0_9900.csv", "9900"),
        ("season-2425/E0.csv", "2425"),
        ("E0.csv", ""),
        ("E0_2022.csv", ""),
    ],
)
def test_the_season_is_in_the_name(name: str, season: str) -> None:
    assert season_in(Path(name)) == season


def test_a_file_of_many_seasons_is_many_seasons(write: WriteFile) -> None:
    days = (
        "16/05/2019",
        "09/08/2019",
        "08/03/2020",
        "17/06/2020",
        "20/07/2020",
        "02/08/2020",
        "12/09/2020",
        "10/05/2019",
    )
    lines = "".join(f"I1,{day},A,B\n" for day in days)
    path = write("all.csv", "Div,Date,HomeTeam,AwayTeam\n" + lines)
    seasons = [row.season for row in read(path) if isinstance(row, Row)]
    assert seasons == ["1819", "1920", "1920", "1920", "1920", "1920", "2021", "1819"]


def test_a_name_is_not_believed_where_the_day_can_not_be_in_it(write: WriteFile) -> None:
    assert one(write("E0_1920.csv", "Div,Date,HomeTeam,AwayTeam\nE0,26/07/2020,A,B\n")).season == "1920"
    assert one(write("E0_1819.csv", "Div,Date,HomeTeam,AwayTeam\nE0,26/07/2021,A,B\n")).season == "2122"

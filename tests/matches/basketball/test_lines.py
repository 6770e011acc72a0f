"""Bookmakers' lines on their way in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matches.importing import import_file
from matches.models import GameLine, ImportBatch, Match, PropLine
from tests.matches.basketball.logs import HEADER, game
from tests.matches.conftest import WriteFile

PROPS = "player_name,event_id,event_date,home_team,away_team,bookmaker,line,timestamp,over_price,under_price\n"
ROW = "Den Able,e1,2023-10-24,Denver Nuggets,Los Angeles Lakers,DraftKings,23.5,2023-10-24T22:25:44Z,100.0,-125.0\n"
GAMES = "season,date,away,home,whos_favored,spread,total,moneyline_away,moneyline_home\n"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_game(write: WriteFile) -> None:
    import_file(write("log.csv", HEADER + "".join(game("0022300061"))), source="nba-logs")


def props(write: WriteFile, *rows: str, name: str = "pra_odds.csv") -> ImportBatch:
    return import_file(write(name, PROPS + "".join(rows)), source="prop-lines")


def refused(batch: ImportBatch) -> list[str]:
    return [row.code for row in batch.quarantined_rows.all()]


def test_american_prices_become_decimal_and_the_quote_keeps_its_time(write: WriteFile) -> None:
    assert props(write, ROW).created == 1
    line = PropLine.objects.get()
    assert (line.player.name, line.statistic, line.bookmaker) == ("Den Able", "pra", "DraftKings")
    assert (line.line, line.over_price, line.under_price) == (Decimal("23.50"), Decimal("2.000"), Decimal("1.800"))
    assert line.quoted_at.isoformat() == "2023-10-24T22:25:44+00:00"


def test_every_book_and_every_quote_is_kept_and_one_told_twice_once(write: WriteFile) -> None:
    batch = props(
        write,
        ROW,
        ROW,
        ROW.replace("DraftKings", "FanDuel"),
        ROW.replace("T22:25", "T20:25"),
        ROW.replace("23.5", "24.5"),
    )
    assert (batch.created, batch.unchanged) == (4, 1)
    again = props(write, ROW, name="pra_again.csv")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


def test_a_price_told_otherwise_later_is_changed_and_within_one_file_refused(write: WriteFile) -> None:
    batch = props(write, ROW, ROW.replace(",100.0,", ",105.0,"))
    assert refused(batch) == ["duplicate_line"]
    assert props(write, ROW.replace(",100.0,", ",105.0,"), name="pra_2.csv").updated == 1
    assert PropLine.objects.get().over_price == Decimal("2.050")


@pytest.mark.parametrize(
    ("found", "instead", "code"),
    [
        (",100.0,", ",50,", "bad_price"),
        (",100.0,", ",x,", "bad_number"),
        (",100.0,-125.0", ",-10000,-10000", "bad_price"),
        (",100.0,-125.0", ",900,900", "bad_price"),
        (",100.0,-125.0", ",,", "missing_cell"),
        (",23.5,", ",-3,", "bad_line"),
        (",23.5,", ",,", "missing_cell"),
        ("2023-10-24T22:25:44Z", "2023-10-25T03:05:00Z", "late_quote"),
        ("2023-10-24T22:25:44Z", "2023-10-24T22:25:44", "bad_time"),
        ("Den Able", "Den Abler Of Them", "unknown_player"),
        ("Denver Nuggets", "Springfield Nuggets", "unknown_team"),
        ("2023-10-24,Denver", "2023-11-24,Denver", "unknown_game"),
        ("DraftKings", "", "bad_bookmaker"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(write: WriteFile, found: str, instead: str, code: str) -> None:
    good = ROW.replace("Able", "Baker")
    batch = props(write, good, ROW.replace(found, instead))
    assert refused(batch) == [code]
    assert batch.created == 1


def test_a_quote_after_a_known_tip_off_is_late(write: WriteFile) -> None:
    Match.objects.update(kickoff_is_exact=True)
    assert refused(props(write, ROW.replace("T22:25:44Z", "T23:00:00Z"), ROW)) == ["late_quote"]


def test_a_day_in_universal_time_finds_the_game_of_the_evening_before(write: WriteFile) -> None:
    late = ROW.replace(",2023-10-24,", ",2023-10-25,").replace("2023-10-24T22:25:44Z", "2023-10-25T01:25:44Z")
    assert props(write, late).created == 1


def test_of_two_games_on_two_days_none_is_guessed(write: WriteFile) -> None:
    import_file(write("next.csv", HEADER + "".join(game("0022300062", day="2023-10-25"))), source="nba-logs")
    late = ROW.replace(",2023-10-24,", ",2023-10-25,")
    assert refused(props(write, late, ROW)) == ["ambiguous_game"]


def test_one_price_alone_is_kept(write: WriteFile) -> None:
    props(write, ROW.replace("-125.0", ""))
    assert PropLine.objects.get().under_price is None


def test_a_column_tells_the_statistic_where_the_name_does_not(write: WriteFile) -> None:
    assert "does not tell its statistic" in props(write, ROW, name="odds.csv").error_message
    told = PROPS.replace("player_name,", "player_name,statistic,") + ROW.replace("Able,", "Able,Points,")
    batch = import_file(write("odds2.csv", told + ROW.replace("Able,", "Able,pointz,")), source="prop-lines")
    assert refused(batch) == ["bad_statistic"]
    assert PropLine.objects.get().statistic == "points"


def games(write: WriteFile, *rows: str) -> ImportBatch:
    return import_file(write("games.csv", GAMES + "".join(rows)), source="game-lines")


def test_the_handicap_is_the_home_teams(write: WriteFile) -> None:
    assert games(write, "2024,2023-10-24,lal,den,home,4.5,228.0,160.0,-190.0\n").created == 1
    line = GameLine.objects.get()
    assert (line.spread_home, line.total, line.bookmaker) == (Decimal("-4.50"), Decimal("228.00"), "unnamed")
    assert (line.home_price, line.away_price) == (Decimal("1.526"), Decimal("2.600"))


def test_missing_prices_are_left_open_and_filled_in_later(write: WriteFile) -> None:
    games(write, "2024,2023-10-24,lal,den,away,4.5,228.0,,\n")
    assert GameLine.objects.get().spread_home == Decimal("4.50")
    assert GameLine.objects.get().home_price is None
    assert games(write, "2024,2023-10-24,lal,den,away,4.5,228.0,-190.0,160.0\n").updated == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2024,2023-10-24,lal,den,home,4.5,228.0,-190.0,160.0\n", "contradiction"),
        ("2024,2023-10-24,lal,den,nobody,4.5,228.0,,\n", "bad_line"),
        ("2024,2023-10-24,lal,den,home,,,,\n", "missing_cell"),
        ("2024,2023-10-24,lal,lal,home,4.5,228.0,,\n", "team_against_itself"),
        ("2024,2023-10-26,lal,den,home,4.5,228.0,,\n", "unknown_game"),
        ("2024,2023-10-24,gs,sa,home,4.5,228.0,,\n", "unknown_game"),
    ],
)
def test_a_game_line_that_makes_no_sense_is_refused(write: WriteFile, row: str, code: str) -> None:
    assert refused(games(write, row)) == [code]

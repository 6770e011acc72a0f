"""Reports on who is out, taken in."""

from __future__ import annotations

import pytest

from matches.importing import import_file
from matches.models import Availability, ImportBatch, Player
from tests.matches.basketball.logs import HEADER, game
from tests.matches.conftest import WriteFile

HEAD = "player,team,date,status,reason,reported_at\n"
ROW = "Den Able,DEN,2023-10-26,Out,Left ankle,2023-10-26T17:00:00-04:00\n"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_game(write: WriteFile) -> None:
    import_file(write("log.csv", HEADER + "".join(game("0022300061"))), source="nba-logs")


def reports(write: WriteFile, *rows: str, name: str = "out.csv") -> ImportBatch:
    return import_file(write(name, HEAD + "".join(rows)), source="availability")


def test_a_report_is_kept_with_its_time_and_a_later_one_beside_it(write: WriteFile) -> None:
    later = ROW.replace("Out", "Probable").replace("T17", "T18")
    assert reports(write, ROW, ROW, later).created == 2
    player = Player.objects.get(name="Den Able")
    found = Availability.objects.filter(player=player).order_by("-reported_at")
    assert [(report.status, report.reported_at.hour) for report in found] == [("probable", 22), ("out", 21)]
    assert reports(write, ROW, name="again.csv").unchanged == 1


@pytest.mark.parametrize(
    ("told", "status"), [("Day-To-Day", "questionable"), ("GTD", "questionable"), ("DOUBTFUL", "doubtful")]
)
def test_words_of_reports_are_understood(write: WriteFile, told: str, status: str) -> None:
    reports(write, ROW.replace("Out", told))
    assert Availability.objects.get().status == status


@pytest.mark.parametrize(
    ("found", "instead", "code"),
    [
        ("Out", "Tired", "bad_status"),
        ("Den Able", "Nobody Known", "unknown_player"),
        ("DEN", "XXX", "unknown_team"),
        ("-04:00", "", "bad_time"),
        ("2023-10-26,", "26th,", "bad_date"),
    ],
)
def test_what_makes_no_sense_is_refused(write: WriteFile, found: str, instead: str, code: str) -> None:
    batch = reports(write, ROW.replace(found, instead))
    assert [row.code for row in batch.quarantined_rows.all()] == [code]

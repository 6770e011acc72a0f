"""A kept file is read again, as it came."""

from pathlib import Path

import pytest

from accounts.models import User
from matches.errors import UnreadableFile
from matches.importing import import_file
from matches.models import ImportBatch, Match
from matches.reimporting import reimport
from tests.matches.conftest import WriteFile

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\n"
GAME = "E0,12/08/2023,Arsenal,Fulham,2,1\n"
pytestmark = pytest.mark.django_db


def first(write: WriteFile, name: str = "E0_2324.csv", line: str = GAME) -> ImportBatch:
    return import_file(write(name, HEADER + line), source="football-data")


def test_it_brings_back_what_was_deleted_in_a_batch_of_its_own(write: WriteFile, staff: User) -> None:
    batch = first(write)
    Match.objects.all().delete()
    again = reimport(batch, by=staff)
    assert (again.created, again.filename, again.started_by) == (1, "E0_2324.csv", staff)
    assert again.pk != batch.pk


def test_a_season_told_by_the_folders_name_is_told_again(write: WriteFile) -> None:
    batch = first(write, "1920/E0.csv", GAME.replace("12/08/2023", "26/07/2020"))
    assert Match.objects.get().season.code == "1920"
    Match.objects.all().delete()
    again = reimport(batch)
    assert again.filename == "1920/E0.csv"
    assert Match.objects.get().season.code == "1920"


def test_a_name_can_not_climb_out_of_the_folder(write: WriteFile) -> None:
    batch = first(write)
    batch.filename = "../../escaped.csv"
    assert reimport(batch).filename == "escaped.csv"


def test_what_was_not_kept_is_said(write: WriteFile) -> None:
    batch = first(write)
    Path(batch.raw.path).unlink()
    with pytest.raises(UnreadableFile, match="no longer kept"):
        reimport(batch)


def test_the_simulator_can_not_be_read_again() -> None:
    batch = ImportBatch.objects.create(source="simulator", filename="SIM1", sha256="0" * 64)
    with pytest.raises(UnreadableFile, match="can't be read again"):
        reimport(batch)

"""`manage.py import_matches`, as a person and as a program read it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matches.models import Match
from tests.matches.conftest import Answer, Site, WriteFile

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n"
GAME = "E0,12/08/2023,Arsenal,Fulham,2,1,H,1.25,6,11\n"
BAD = GAME.replace("12/08", "99/99")
pytestmark = pytest.mark.django_db


def run(*paths: Path, source: str = "football-data", **options: Any) -> str:
    out = StringIO()
    call_command("import_matches", source, *paths, stdout=out, **options)
    return out.getvalue()


def failing(*paths: Path, **options: Any) -> tuple[str, str]:
    """What it printed before it failed, and how it said so."""
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("import_matches", "football-data", *paths, stdout=out, **options)
    return out.getvalue(), str(failure.value)


def test_its_json_keeps_its_shape(write: WriteFile) -> None:
    path = write("E0_2324.csv", HEADER + GAME + BAD)
    counts = {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "quarantined": 1}
    assert json.loads(run(path, json=True)) == {
        "files": [{"file": "E0_2324.csv", "status": "completed", "error": None, **counts}],
        "total": counts,
    }


def test_it_prints_json_where_a_file_failed_too(write: WriteFile) -> None:
    out, words = failing(write("a.csv", b""), write("b_2324.csv", HEADER + GAME), json=True)
    told = json.loads(out)
    assert [(file["status"], file["error"]) for file in told["files"]] == [
        ("failed", "a.csv is empty."),
        ("completed", None),
    ]
    assert words == "1 of 2 files failed."
    assert Match.objects.count() == 1


def test_it_shows_the_first_refused_rows_and_how_many_more(write: WriteFile) -> None:
    told = run(write("E0_2324.csv", HEADER + GAME + BAD * 7))
    assert "line 3: '99/99/2023' is not a date" in told
    assert "line 7:" in told
    assert "line 8:" not in told
    assert "and 2 more, in the admin" in told


def test_it_says_that_it_did_not_read_the_same_file_again(write: WriteFile) -> None:
    path = write("E0_2324.csv", HEADER + GAME)
    run(path)
    assert "the same file as before" in run(path)
    Match.objects.all().delete()
    assert "the same file" not in run(path, force=True)
    assert Match.objects.count() == 1


def test_it_fails_where_every_row_was_refused(write: WriteFile) -> None:
    out, words = failing(write("E0_2324.csv", HEADER + BAD))
    assert "Not one of its rows could be taken in" in out
    assert words == "1 of 1 files failed."


def test_it_fails_where_no_match_is_of_the_competition_asked_for(write: WriteFile) -> None:
    _, words = failing(write("E0_2324.csv", HEADER + GAME), competition=["D1"])
    assert words == "Nothing to import: the files hold no match of D1."


def test_it_fails_in_words_before_it_starts(tmp_path: Path) -> None:
    assert "is not there" in failing(tmp_path / "none.csv")[1]
    assert "holds no .csv file" in failing(tmp_path)[1]
    assert "Say which files" in failing()[1]
    assert "at least one --competition" in failing(download=True)[1]
    with pytest.raises(CommandError, match="knows football-data only"):
        run(source="openfootball", download=True)
    with pytest.raises(CommandError, match="invalid choice"):
        run(source="a-friend")


def test_what_could_be_downloaded_lands_and_the_rest_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matches.downloading.FootballData", site.visitor)
    site.answers["/mmz4281/2324/E0.csv"] = [Answer(body=(HEADER + GAME).encode())]
    out, errors = StringIO(), StringIO()
    wish = {"download": True, "competition": ["E0"], "season": ["2324", "2526"]}
    with pytest.raises(CommandError, match="1 of 2 files could not be downloaded"):
        call_command("import_matches", "football-data", stdout=out, stderr=errors, **wish)
    assert Match.objects.count() == 1
    assert "2324/E0.csv" in out.getvalue()
    assert "has no file" in errors.getvalue()


def test_it_says_where_nothing_could_be_downloaded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matches.downloading.FootballData", site.visitor)
    wish = {"download": True, "competition": ["E0"], "stderr": StringIO()}
    assert failing(**wish, season=["2526"])[1] == "Nothing could be downloaded."
    assert "is not a season" in failing(**wish, season=["next"])[1]

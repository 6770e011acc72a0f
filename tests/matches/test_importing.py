from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from matches import importing
from matches.errors import UnreadableFile
from matches.importing import import_file, import_paths
from matches.models import Competition, ImportBatch, Match, Odds, QuarantinedRow, ScoreCorrection, Team
from matches.signals import results_changed
from tests.matches.conftest import WriteFile

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A\n"
GAME = "E0,12/08/2023,Arsenal,Fulham,2,1,H,1.25,6,11\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def announced() -> Iterator[list[int]]:
    """Matches whose results were announced as changed."""
    told: list[int] = []

    def listen(match_ids: list[int], **_: Any) -> None:
        told.extend(match_ids)

    results_changed.connect(listen)
    yield told
    results_changed.disconnect(listen)


def take_in(write: WriteFile, *lines: str, name: str = "E0_2324.csv", **how: Any) -> ImportBatch:
    return import_file(write(name, HEADER + "".join(lines)), source="football-data", **how)


def test_it_lands_matches_and_prices(write: WriteFile, alice: User) -> None:
    batch = take_in(write, GAME, by=alice)
    match = Match.objects.get()
    assert (match.home.name, match.score, match.status) == ("Arsenal", "2–1", Match.Status.FINISHED)
    assert (match.kickoff.hour, match.kickoff_is_exact) == (12, False)
    assert dict(match.odds.values_list("outcome", "price")) == {
        "H": Decimal("1.25"),
        "D": Decimal(6),
        "A": Decimal(11),
    }
    assert (batch.status, batch.rows, batch.created, batch.started_by) == ("completed", 1, 1, alice)


def test_the_raw_file_is_kept(write: WriteFile) -> None:
    batch = take_in(write, GAME)
    assert batch.raw.read().decode() == HEADER + GAME


def test_the_same_file_twice_changes_nothing(write: WriteFile) -> None:
    take_in(write, GAME)
    before = list(Match.objects.values()), list(Odds.objects.values())
    again = take_in(write, GAME)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert (list(Match.objects.values()), list(Odds.objects.values())) == before


def test_the_same_rows_forced_in_change_nothing(write: WriteFile) -> None:
    take_in(write, GAME)
    before = list(Match.objects.values()), list(Odds.objects.values())
    again = take_in(write, GAME, force=True)
    assert (again.created, again.updated, again.unchanged, again.report["odds_written"]) == (0, 0, 1, 0)
    assert (list(Match.objects.values()), list(Odds.objects.values())) == before


def test_a_corrected_score_is_kept_on_record_and_announced(
    write: WriteFile, announced: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    take_in(write, GAME)
    with django_capture_on_commit_callbacks(execute=True):
        batch = take_in(write, GAME.replace("2,1,H", "2,2,D"))
    match = Match.objects.get()
    correction = ScoreCorrection.objects.get()
    assert match.score == "2–2"
    assert (str(correction), correction.batch, correction.match) == ("2–1 → 2–2", batch, match)
    assert announced == [match.pk]


def test_a_result_is_announced_once(
    write: WriteFile, announced: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        take_in(write, GAME)
        take_in(write, GAME, force=True)
    assert announced == [Match.objects.get().pk]


def test_a_fixture_is_filled_by_its_result(write: WriteFile) -> None:
    take_in(write, "E0,12/08/2023,Arsenal,Fulham,,,,1.30,5.5,10\n", name="fixtures.csv")
    assert Match.objects.get().status == Match.Status.SCHEDULED
    take_in(write, GAME)
    match = Match.objects.get()
    assert match.score == "2–1"
    assert not ScoreCorrection.objects.exists()
    assert match.odds.get(outcome="H").price == Decimal("1.25")


def test_a_moved_fixture_stays_one_match(write: WriteFile) -> None:
    take_in(write, "E0,12/08/2023,Arsenal,Fulham,,,,,,\n", name="fixtures.csv")
    take_in(write, GAME.replace("12/08/2023", "05/12/2023"))
    assert str(Match.objects.get().date) == "2023-12-05"


def test_a_pair_that_meets_twice_in_a_season_has_two_matches(write: WriteFile) -> None:
    first = GAME.replace("E0", "SC0")
    second = first.replace("12/08/2023", "03/02/2024").replace("2,1,H", "0,0,D")
    take_in(write, first, second, name="SC0_2324.csv")
    assert Match.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((GAME, GAME.replace("2,1,H", "3,1,H")), "duplicate_fixture"),
        ((GAME, "E0,19/08/2023,Fulham,Fulham,2,1,H,,,\n"), "team_against_itself"),
        ((GAME, "E0,19/08/2023,Fulham,???,2,1,H,,,\n"), "bad_team"),
        ((GAME, "../../x,19/08/2023,Fulham,Arsenal,2,1,H,,,\n"), "bad_competition"),
        ((GAME, "E0,19/13/2023,Fulham,Arsenal,2,1,H,,,\n"), "bad_date"),
        ((GAME, "E0,19/08/2023,Fulham,Arsenal,-2,1,A,,,\n"), "bad_number"),
        ((GAME, "E0,19/08/2023,Fulham,Arsenal,,,,1.001,,\n"), "bad_price"),
    ],
)
def test_a_bad_row_goes_to_quarantine_and_the_good_ones_land(
    write: WriteFile, lines: tuple[str, ...], code: str
) -> None:
    batch = take_in(write, *lines)
    refused = QuarantinedRow.objects.get()
    assert (refused.batch, refused.line, refused.code) == (batch, 3, code)
    assert refused.raw
    assert batch.status == ImportBatch.Status.COMPLETED
    assert batch.quarantined == 1
    assert Match.objects.get(home__name="Arsenal").score == "2–1"


def test_the_same_row_twice_in_a_file_is_taken_once(write: WriteFile) -> None:
    batch = take_in(write, GAME, GAME)
    assert (batch.created, batch.unchanged, batch.quarantined) == (1, 1, 0)


def test_real_matches_stay_out_of_a_simulated_competition(write: WriteFile) -> None:
    Competition.objects.create(code="E0", name="Simulated League", country="Simulated", is_simulated=True)
    assert take_in(write, GAME).quarantined == 1
    assert QuarantinedRow.objects.get().code == "simulated_competition"
    assert not Match.objects.exists()


def test_only_the_named_competitions_are_taken_in(write: WriteFile) -> None:
    other = GAME.replace("E0", "D1").replace("Arsenal", "Mainz").replace("Fulham", "Hertha")
    batch = take_in(write, other, GAME, other.replace("12/08", "99/99"), competitions={"E0"}, name="fixtures.csv")
    assert (batch.rows, batch.created, batch.quarantined) == (1, 1, 0)
    assert not Team.objects.filter(country="Germany").exists()


def test_all_of_a_file_is_taken_in_after_a_part_of_it_was(write: WriteFile) -> None:
    other = GAME.replace("E0", "D1").replace("Arsenal", "Mainz").replace("Fulham", "Hertha")
    assert take_in(write, GAME, other, competitions={"D1"}, name="all.csv").created == 1
    assert take_in(write, GAME, other, name="all.csv").created == 1
    assert Match.objects.count() == 2


def test_the_same_file_again_says_what_stands_of_it(write: WriteFile) -> None:
    for _ in range(3):
        again = take_in(write, GAME, GAME.replace("12/08", "99/99"))
    assert (again.rows, again.unchanged, again.quarantined) == (2, 1, 1)
    assert QuarantinedRow.objects.count() == 1


def test_a_file_of_which_no_row_stands_has_failed_and_is_tried_again(write: WriteFile) -> None:
    Competition.objects.create(code="E0", name="Simulated League", country="Simulated", is_simulated=True)
    batch = take_in(write, GAME, GAME.replace("Arsenal", "Everton"))
    assert batch.status == ImportBatch.Status.FAILED
    assert "Not one of its rows" in batch.error_message
    assert "line 2: E0 is simulated" in batch.error_message
    assert batch.quarantined_rows.count() == 2
    Competition.objects.all().delete()
    assert take_in(write, GAME, GAME.replace("Arsenal", "Everton")).created == 2


def test_a_forced_file_brings_back_what_was_deleted(write: WriteFile) -> None:
    take_in(write, GAME)
    Match.objects.all().delete()
    assert take_in(write, GAME).created == 0
    assert take_in(write, GAME, force=True).created == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [("2324/E0.csv", "2324/E0.csv"), ("2023-24/E0.csv", "2023-24/E0.csv"), ("E0/E0_2324.csv", "E0_2324.csv")],
)
def test_a_file_is_called_by_its_folder_where_that_tells_the_season(write: WriteFile, path: str, told: str) -> None:
    assert take_in(write, GAME, name=path).filename == told


def test_a_batch_whose_process_was_killed_does_not_run_for_ever(write: WriteFile) -> None:
    with time_machine.travel("2026-02-01T12:00Z", tick=False):
        killed = ImportBatch.objects.create(source="csv", filename="old.csv", sha256="0" * 64)
    with time_machine.travel("2026-02-01T14:00Z", tick=False):
        running = ImportBatch.objects.create(source="csv", filename="new.csv", sha256="1" * 64)
        take_in(write, GAME)
    killed.refresh_from_db()
    running.refresh_from_db()
    assert (killed.status, running.status) == ("failed", "running")
    assert "stopped midway" in killed.error_message
    assert killed.finished_at


def test_a_name_that_is_no_text_is_made_one(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"E0_\xe9.csv")
    path.write_text(HEADER + GAME)
    assert import_file(path, source="football-data").created == 1
    assert ImportBatch.objects.get().filename == "E0_?.csv"


def test_a_pipe_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UnreadableFile, match="neither a file nor a folder"):
        import_paths([tmp_path / "pipe.csv"], source="football-data")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024**2)
    monkeypatch.setattr(importing, "_sha256", lambda _: pytest.fail("it was read"))
    batch = import_file(path, source="football-data")
    assert batch.status == ImportBatch.Status.FAILED
    assert "200 MB" in batch.error_message
    assert "MAX_IMPORT_BYTES" in batch.error_message


def test_the_largest_file_is_a_setting(write: WriteFile, settings: Settings) -> None:
    settings.MAX_IMPORT_BYTES = len(HEADER + GAME) - 1
    assert take_in(write, GAME).status == ImportBatch.Status.FAILED


def test_a_file_of_too_many_rows_is_refused_whole(write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    batch = take_in(write, *(GAME.replace("Arsenal", team) for team in ("Everton", "Leeds", "Burnley")))
    assert (batch.status, batch.error_message) == (
        ImportBatch.Status.FAILED,
        "E0_2324.csv has more than the 2 rows taken in at once: split it by season.",
    )
    assert not Match.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "ZIP"),
        (HEADER.encode(), "holds no matches"),
        (b"a,b\n1,2\n", "Div"),
    ],
)
def test_a_file_that_is_none_fails_in_words(write: WriteFile, content: bytes, words: str) -> None:
    batch = import_file(write("a.csv", content), source="football-data")
    assert batch.status == ImportBatch.Status.FAILED
    assert words in batch.error_message
    assert batch.finished_at


def test_a_crash_midway_leaves_nothing_but_a_failed_batch(write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        assert Match.objects.exists()
        raise RuntimeError("power cut")

    monkeypatch.setattr("matches.landing.write_prices", crash)
    with pytest.raises(RuntimeError):
        take_in(write, GAME)
    assert not Match.objects.exists()
    assert not Team.objects.exists()
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.error_message) == ("failed", "Stopped by an unforeseen RuntimeError.")


def test_a_failed_file_is_tried_again(write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("matches.landing.write_prices", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_in(write, GAME)
    assert take_in(write, GAME).created == 1


def test_folders_are_searched_to_any_depth(write: WriteFile) -> None:
    write("tree/E0/E0_2324.csv", HEADER + GAME)
    write("tree/2526/E0.csv", HEADER + GAME.replace("2023", "2025"))
    folder = write("tree/notes.txt", "not a file of matches").parent
    seen: list[tuple[int, int, str]] = []
    batches = import_paths([folder], source="football-data", progress=lambda *step: seen.append(step))
    assert [batch.created for batch in batches] == [1, 1]
    assert set(Match.objects.values_list("season__code", flat=True)) == {"2324", "2526"}
    assert seen == [(0, 2, "E0.csv"), (1, 2, "E0_2324.csv"), (2, 2, "")]


def test_one_broken_file_does_not_stop_the_others(write: WriteFile) -> None:
    write("tree/a.csv", b"PK\x03\x04")
    folder = write("tree/b.csv", HEADER + GAME).parent
    assert [batch.status for batch in import_paths([folder], source="football-data")] == ["failed", "completed"]


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"holds no \.csv"):
        import_paths([tmp_path], source="football-data")
    with pytest.raises(UnreadableFile, match="is not there"):
        import_paths([tmp_path / "none"], source="football-data")


def test_queries_do_not_grow_with_rows(write: WriteFile, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    teams = [f"Team {n}" for n in range(12)]
    take_in(write, *(GAME.replace("Arsenal", team) for team in teams))
    more = [
        GAME.replace("Arsenal", a).replace("Fulham", b).replace("2023", "2024") for a in teams for b in teams if a != b
    ]
    with django_assert_max_num_queries(25):
        assert take_in(write, *more, name="E0_2425.csv").created == 132
    assert connection.vendor

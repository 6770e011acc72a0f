"""The log's files follow the ledger, whatever happens to them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from matches.models import Match
from mlmodels.models import ModelVersion
from predictions import settling
from predictions.evaluation_log import files, writing
from predictions.evaluation_log.reconciling import reconcile
from predictions.evaluation_log.rows import HEADER
from predictions.evaluation_log.writing import write_log
from predictions.models import Alert, LoggedDay, Prediction
from predictions.tasks import check_log
from tests.factories import MatchFactory, ModelVersionFactory
from tests.predictions.saying import say

pytestmark = pytest.mark.django_db

MADE_ON = date(2023, 8, 11)
KICKED_OFF_ON = date(2023, 8, 12)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVALUATION_LOG_DIR = tmp_path / "log"
    return tmp_path / "log"


@pytest.fixture
def version() -> ModelVersion:
    return ModelVersionFactory.create()


@pytest.fixture
def said(version: ModelVersion) -> list[Prediction]:
    """Five predictions of one day, in a log that is written."""
    rows = [say(MatchFactory.create(date=KICKED_OFF_ON), version=version) for _ in range(5)]
    write_log()
    return rows


def path() -> Path:
    return files.path_of(MADE_ON)


def lines() -> list[dict[str, str]]:
    with path().open(newline="") as file:
        return list(csv.DictReader(file))


def result(match: Match | None, home: int, away: int) -> None:
    assert match is not None
    Match.objects.filter(pk=match.pk).update(status=Match.Status.FINISHED, home_goals=home, away_goals=away)
    settling.settle_matches([match.pk])


def test_each_prediction_is_a_line_of_the_day_it_was_made_on(said: list[Prediction]) -> None:
    first = lines()[0]
    assert tuple(first) == HEADER
    assert (first["event_id"], first["sequence"], first["hash"]) == (str(said[0].pk), "1", said[0].hash)
    assert (first["prediction"], first["confidence"], first["actual"]) == ("home", "0.5", "")
    assert json.loads(first["probabilities"]) == said[0].probabilities
    assert reconcile().matched == 5


def test_new_rows_are_appended_and_nothing_is_written_twice(said: list[Prediction], version: ModelVersion) -> None:
    before = path().read_bytes()
    say(MatchFactory.create(date=KICKED_OFF_ON), version=version)
    assert (write_log(), write_log()) == (1, 0)
    after = path().read_bytes()
    assert after.startswith(before)
    assert [line["sequence"] for line in lines()] == ["1", "2", "3", "4", "5", "6"]


def test_a_settlement_writes_its_day_again_and_a_correction_too(said: list[Prediction]) -> None:
    result(said[2].match, 2, 0)
    assert reconcile().waiting == 1
    write_log()
    assert [line["actual"] for line in lines()] == ["", "", "home", "", ""]
    result(said[2].match, 0, 1)
    write_log()
    assert (lines()[2]["actual"], lines()[2]["correct"], lines()[2]["revision"]) == ("away", "false", "2")
    assert reconcile().ok


def test_a_result_taken_back_takes_the_outcome_out_of_the_log(said: list[Prediction]) -> None:
    result(said[2].match, 2, 0)
    write_log()
    assert said[2].match_id is not None
    Match.objects.filter(pk=said[2].match_id).update(status=Match.Status.ABANDONED, home_goals=None, away_goals=None)
    settling.settle_matches([said[2].match_id])
    write_log()
    assert lines()[2]["actual"] == ""


def test_rows_that_no_worker_has_written_yet_are_waiting_and_not_missing(
    said: list[Prediction], version: ModelVersion
) -> None:
    say(MatchFactory.create(date=KICKED_OFF_ON), version=version)
    found = reconcile()
    assert (found.ok, found.waiting, found.missing) == (True, 1, 0)


def test_what_a_writer_that_died_left_half_done_is_cut_off(
    said: list[Prediction], version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(MatchFactory.create(date=KICKED_OFF_ON), version=version)
    with path().open("ab") as file:
        file.write(b"half a li")
    write_log()
    assert len(lines()) == 6
    assert reconcile().ok
    assert not Alert.objects.exists()


def test_a_day_is_not_forgotten_where_a_writer_died_between_two_days(
    said: list[Prediction], version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (13, 14):
        say(MatchFactory.create(date=date(2023, 8, day)), version=version)
    written = writing.write_day
    monkeypatch.setattr(writing, "write_day", lambda day: written(day) if day.day == 12 else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_log()
    monkeypatch.undo()
    assert write_log() == 1
    assert reconcile().matched == 7


def edit(change: Callable[[list[str]], list[str]]) -> None:
    """As someone would in an editor that keeps the ends of lines."""
    path().write_bytes("".join(change(path().read_bytes().decode().splitlines(keepends=True))).encode())


def drop_a_line(text: list[str]) -> list[str]:
    return text[:3] + text[4:]


def add_a_line(text: list[str]) -> list[str]:
    return [*text[:3], text[2].replace(",2,", ",2000,", 1), *text[3:]]


def repeat_a_line(text: list[str]) -> list[str]:
    return [*text[:3], text[2], *text[3:]]


def add_rubbish(text: list[str]) -> list[str]:
    return [*text[:3], "who,knows\0what\n", *text[3:]]


def change_a_cell(text: list[str]) -> list[str]:
    return [*text[:3], text[3].replace(",home,", ",away,", 1), *text[4:]]


def change_a_place(text: list[str]) -> list[str]:
    return [*text[:3], text[3].replace(",3,", ",30,", 1), *text[4:]]


def swap_lines(text: list[str]) -> list[str]:
    return [*text[:2], text[3], text[2], *text[4:]]


def cut_the_end(text: list[str]) -> list[str]:
    return text[:-2]


def add_at_the_end(text: list[str]) -> list[str]:
    return [*text, text[-1].replace(",5,", ",6,", 1)]


@pytest.mark.parametrize(
    ("change", "missing", "extra", "different"),
    [
        (drop_a_line, 1, 0, 0),
        (add_a_line, 0, 1, 0),
        (repeat_a_line, 0, 1, 0),
        (add_rubbish, 0, 1, 0),
        (change_a_cell, 0, 0, 1),
        (change_a_place, 0, 0, 1),
        (swap_lines, 1, 1, 0),
        (cut_the_end, 2, 0, 0),
        (add_at_the_end, 0, 1, 0),
    ],
)
def test_every_difference_is_counted_named_and_repaired(
    said: list[Prediction], change: Callable[[list[str]], list[str]], missing: int, extra: int, different: int
) -> None:
    whole = path().read_bytes()
    edit(change)
    changed = path().read_bytes()
    found = reconcile()
    assert (found.missing, found.extra, found.different) == (missing, extra, different)
    assert found.findings
    assert reconcile(repair=True).repaired == 1
    assert path().read_bytes() == whole
    assert reconcile().ok
    [kept] = path().parent.glob("*.replaced-*")
    assert kept.read_bytes() == changed


def test_a_file_that_is_gone_or_of_no_day_of_ours_is_found(said: list[Prediction], folder: Path) -> None:
    path().rename(files.path_of(date(2023, 8, 1)))
    found = reconcile()
    assert (found.missing, found.extra) == (5, 5)
    reconcile(repair=True)
    assert reconcile().ok
    assert len(lines()) == 5


def test_appending_to_a_file_that_was_changed_outside_keeps_it_and_raises_an_alert(
    said: list[Prediction], version: ModelVersion
) -> None:
    path().write_bytes(path().read_bytes().replace(b",home,", b",away,"))
    say(MatchFactory.create(date=KICKED_OFF_ON), version=version)
    write_log()
    assert {line["prediction"] for line in lines()} == {"home"}
    assert Alert.objects.get().kind == Alert.Kind.LOG
    assert len(list(path().parent.glob("*.replaced-*"))) == 1


def test_the_command_names_what_is_wrong_and_its_exit_status_says_it(said: list[Prediction]) -> None:
    edit(change_a_cell)
    out = StringIO()
    with pytest.raises(CommandError, match="--repair"):
        call_command("reconcile_log", stdout=out)
    assert f"line 4 ({said[2].pk}) says prediction away where the database has home" in out.getvalue()
    call_command("reconcile_log", "--repair", stdout=out)
    assert "Wrote 1 day again" in out.getvalue()
    out = StringIO()
    call_command("reconcile_log", "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True


def test_a_second_writer_at_the_same_time_finds_nothing_left_to_do(said: list[Prediction]) -> None:
    LoggedDay.objects.update(state=LoggedDay.State.BEHIND)
    before = path().read_bytes()
    write_log()
    assert path().read_bytes() == before


def test_the_daily_check_raises_an_alert_and_resolves_it_once_all_is_well(said: list[Prediction]) -> None:
    edit(change_a_cell)
    assert not check_log()
    alert = Alert.objects.get()
    assert "1 are different" in alert.message
    reconcile(repair=True)
    assert check_log()
    alert.refresh_from_db()
    assert alert.status == Alert.Status.RESOLVED

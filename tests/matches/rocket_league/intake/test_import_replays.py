"""`manage.py import_replays`: one line of JSON, the same the second time, and an exit that says whether it worked."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from matches.models import Replay
from matches.rocket_league.reading import EXTRACTION_VERSION, UnreadableReplay
from tests.matches.rocket_league.intake.conftest import Reader, name_in, read_replay, replay_bytes


@pytest.fixture
def folder(tmp_path: Path, reader: Reader) -> Path:
    """Two good replays, a copy of one, a second recording of the other's match, a broken one and a picture."""
    found = tmp_path / "demos"
    (found / "bad").mkdir(parents=True)
    for name, content in {"a": "a", "b": "b", "c-copy-of-a": "a", "d-match-of-b": "d", "bad/e": "e"}.items():
        (found / f"{name}.replay").write_bytes(replay_bytes(content))
    (found / "photo.png").write_bytes(b"\x89PNG")
    (found / "bad" / "f.REPLAY").write_bytes(b"\x89PNG")

    def says(path: Path) -> Any:
        name = name_in(path)
        return UnreadableReplay("damaged") if name == "e" else read_replay(guid={"d": "b"}.get(name, name))

    reader.says = says
    return found


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command("import_replays", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())["replays"]


@pytest.mark.parametrize("workers", ["1", "3"])
def test_every_file_of_a_folder_is_told_of(folder: Path, alice: User, workers: str) -> None:
    told = run(str(folder), "--user", "Alice@example.org", "--workers", workers)
    statuses = {each["file"]: each["status"] for each in told}
    assert list(statuses) == sorted(statuses)
    assert [statuses["a.replay"], statuses["c-copy-of-a.replay"]].count("processed") == 1
    assert sorted([statuses["b.replay"], statuses["d-match-of-b.replay"]]) == ["duplicate", "processed"]
    assert (statuses["bad/e.replay"], statuses["bad/f.REPLAY"]) == ("failed", "failed")
    assert all(bool(each["reason"]) == (each["status"] != "processed") for each in told)
    assert all(each.keys() == {"file", "status", "reason"} for each in told)
    assert Replay.objects.of(alice).processed().count() == 2


def test_a_second_time_nothing_is_read_but_what_had_failed(folder: Path, reader: Reader) -> None:
    run(str(folder))
    reader.asked.clear()
    again = {each["file"]: each["status"] for each in run(str(folder))}
    assert set(again.values()) == {"duplicate", "failed"}
    assert again["bad/e.replay"] == "failed"
    assert Replay.objects.count() == 4


def test_one_file_is_a_folder_of_one(folder: Path) -> None:
    assert run(str(folder / "a.replay")) == [{"file": "a.replay", "status": "processed", "reason": None}]


def test_a_file_that_is_too_large_is_failed_in_words(folder: Path, settings: Settings) -> None:
    settings.MAX_REPLAY_BYTES = 100
    with pytest.raises(CommandError, match="Not one of 1 files"):
        run(str(folder / "a.replay"))


def test_where_nothing_could_be_read_the_command_fails_after_it_told(folder: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="Not one of 2 files"):
        call_command("import_replays", str(folder / "bad"), "--json", stdout=out)
    assert len(json.loads(out.getvalue())["replays"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say which"),
        (("nowhere",), "not there"),
        (("{folder}/empty",), "holds no .replay"),
        (("{folder}", "--user", "nobody@example.org"), "Nobody has the address"),
        (("{folder}", "--reprocess"), "Say which"),
    ],
)
def test_what_is_asked_wrongly_is_said(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(CommandError, match=words):
        run(*(argument.format(folder=folder) for argument in arguments))


def test_people_read_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_replays", str(folder))
    printed = capsys.readouterr().out
    assert "failed     bad/e.replay: The file is damaged" in printed
    assert "2 processed, 2 failed, 2 duplicate" in printed


def test_replays_of_an_older_extractor_are_read_anew(folder: Path, reader: Reader) -> None:
    run(str(folder / "a.replay"))
    assert run("--reprocess") == []
    Replay.objects.update(extraction_version=0)
    assert run("--reprocess") == [{"file": "a.replay", "status": "processed", "reason": None}]
    assert Replay.objects.get().extraction_version == EXTRACTION_VERSION
    assert len(reader.asked) == 2

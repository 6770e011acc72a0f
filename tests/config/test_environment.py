"""Values that can't be understood stop the start, with the name of the variable and what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

parse_database = environ.Env.db_url_config


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False), ("", True)]
)
def test_a_flag_reads_words_of_yes_and_no(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert environment.flag("A_FLAG", default=True) is expected


@pytest.mark.parametrize(
    ("read", "value", "advice"),
    [
        (lambda: environment.flag("IT", default=False), "maybe", "true"),
        (lambda: environment.flag("IT", default=False), "Ture", "true"),
        (lambda: environment.number("IT", default=1, at_least=0, at_most=9), "ten", "whole number from 0 to 9"),
        (lambda: environment.number("IT", default=1, at_least=0, at_most=9), "10", "whole number from 0 to 9"),
        (lambda: environment.number("IT", default=1, at_least=0, at_most=9), "-1", "whole number from 0 to 9"),
        (lambda: environment.number("IT", default=1, at_least=0, at_most=9), "--1", "whole number from 0 to 9"),
        (lambda: environment.number("IT", default=1, at_least=0, at_most=9), "²", "whole number from 0 to 9"),
        (lambda: environment.choice("IT", ("a", "b"), default="a"), "c", "a, b"),
        (lambda: environment.rate("IT", default="5/min"), "5 a minute", "5/min"),
        (lambda: environment.rate("IT", default="5/min"), "0/min", "5/min"),
        (lambda: environment.url("IT", str, ("redis",), default="redis://x"), "localhost:6379", "redis://"),
        (lambda: environment.url("IT", str, ("redis",), default="redis://x"), "mysql://x", "redis://"),
        (lambda: environment.url("IT", parse_database, ("postgres",), default="x"), "postgres://h:port/x", "IT"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, advice: str
) -> None:
    monkeypatch.setenv("IT", value)
    with pytest.raises(ImproperlyConfigured, match="IT") as refusal:
        read()
    assert advice in str(refusal.value)


def test_words_ignore_spaces_and_empty_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDS", " a.example.org ,, b.example.org ")
    assert environment.words("WORDS") == ["a.example.org", "b.example.org"]


def test_a_secret_has_a_default_only_in_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_SECRET", raising=False)
    assert "insecure" in environment.secret("A_SECRET", debug=True)
    with pytest.raises(ImproperlyConfigured, match=r"A_SECRET .*token_urlsafe"):
        environment.secret("A_SECRET", debug=False)


def test_a_folder_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A_FOLDER", str(tmp_path / "deep" / "down"))
    assert environment.folder("A_FOLDER", default=tmp_path).is_dir()


def test_a_folder_below_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("A_FOLDER", str(tmp_path / "file" / "down"))
    with pytest.raises(ImproperlyConfigured, match="A_FOLDER"):
        environment.folder("A_FOLDER", default=tmp_path)


def test_the_code_version_can_be_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CODE_VERSION", "2024.1")
    assert environment.code_version(tmp_path) == "2024.1"


def test_the_code_version_is_unknown_outside_a_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CODE_VERSION", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert environment.code_version(tmp_path) == "unknown"

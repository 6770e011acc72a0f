"""The evaluation log over HTTP: staff's alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from predictions.evaluation_log import files
from predictions.evaluation_log.writing import write_log
from tests.factories import MatchFactory
from tests.predictions.saying import say

pytestmark = pytest.mark.django_db

DAYS = reverse("api:evaluation-log")
FILE = reverse("api:evaluation-log-file", args=["2023-08-11"])


@pytest.fixture(autouse=True)
def log(settings: Settings, tmp_path: Path) -> None:
    settings.EVALUATION_LOG_DIR = tmp_path
    say(MatchFactory.create(date=date(2023, 8, 12)))
    write_log()


@pytest.mark.parametrize("path", [DAYS, FILE])
def test_a_stranger_gets_nothing(client: Client, charlie: User, path: str) -> None:
    assert client.get(path).status_code == 401
    client.force_login(charlie)
    assert client.get(path).status_code == 403


def test_staff_read_which_days_there_are_and_their_files(client: Client, staff: User) -> None:
    client.force_login(staff)
    [day] = client.get(DAYS).json()["results"]
    assert (day["day"], day["rows"], day["state"]) == ("2023-08-11", 1, "current")
    answer = client.get(FILE)
    assert answer["Content-Type"] == "text/csv"
    assert b"".join(answer.streaming_content) == files.path_of(date(2023, 8, 11)).read_bytes()  # type: ignore[attr-defined]  # Django's own for files


@pytest.mark.parametrize("day", ["2023-08-12", "2023-13-01", "..", "yesterday"])
def test_another_day_is_not_found(client: Client, staff: User, day: str) -> None:
    client.force_login(staff)
    assert client.get(reverse("api:evaluation-log-file", args=[day])).status_code == 404


def test_a_file_that_is_gone_is_told_with_what_to_do(client: Client, staff: User) -> None:
    client.force_login(staff)
    files.path_of(date(2023, 8, 11)).unlink()
    answer = client.get(FILE)
    assert answer.status_code == 404
    assert "reconcile_log --repair" in answer.json()["message"]

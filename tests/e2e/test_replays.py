"""Bringing replays in with a browser: progress of each file, then of their reading, then the list."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from accounts.models import User
from matches.models import Replay
from matches.rocket_league import processing, reading
from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import sign_in
from tests.matches.rocket_league.intake.conftest import Reader, name_in, read_replay, replay_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, storage: Path) -> Iterator[threading.Event]:
    """Once this is set, what was sent is read in threads, as by a worker in another process."""
    may_read = threading.Event()
    threads: list[threading.Thread] = []
    monkeypatch.setattr(reading, "read", Reader(says=lambda path: read_replay(guid=name_in(path))).read)

    def read(replay_id: str) -> None:
        may_read.wait(timeout=30)
        try:
            processing.process(replay_id)
        finally:
            connections.close_all()

    def take(replay_id: str) -> None:
        threads.append(threading.Thread(target=read, args=(replay_id,)))
        threads[-1].start()

    monkeypatch.setattr("matches.tasks.process_replay.delay", take)
    yield may_read
    may_read.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def demos(tmp_path: Path) -> list[Path]:
    """Two replays, a copy of the first, and a picture."""
    contents = {"a": replay_bytes("a"), "b": replay_bytes("b"), "copy-of-a": replay_bytes("a"), "photo": b"\x89PNG"}
    for name, content in contents.items():
        (tmp_path / f"{name}.replay").write_bytes(content)
    return [tmp_path / f"{name}.replay" for name in contents]


@pytest.fixture
def page(visit: Visit, alice: User) -> Page:
    opened: Page = visit("/", viewport=PHONE)
    sign_in(opened, alice)
    opened.goto("/coach/replays/")
    return opened


def test_several_files_are_followed_from_the_choice_to_the_list(
    page: Page, demos: list[Path], reads: threading.Event
) -> None:
    page.set_input_files("#replay-files", demos)
    expect(page.locator("[data-upload-status]")).to_have_text("3 of 4 uploaded, 1 refused.")
    expect(page.locator(".upload-list li")).to_have_count(4)
    expect(page.locator(".upload-list")).to_contain_text("not a Rocket League replay")
    expect(page.locator("#replays")).to_contain_text("1 of 3 read")
    reads.set()
    expect(page.locator("#replays")).not_to_contain_text("of 3 read")
    expect(page.locator("#replays tbody tr")).to_have_count(3)
    expect(page.locator("#replays")).to_contain_text("Which of these is you?")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete photo.replay").click()
    expect(page.locator("#replays tbody tr")).to_have_count(2)


def test_what_is_too_large_is_not_even_sent(page: Page, tmp_path: Path, reads: threading.Event) -> None:
    big = tmp_path / "big.replay"
    with big.open("wb") as file:
        file.truncate(21 * 1024**2)
    page.set_input_files("#replay-files", [big])
    expect(page.locator(".upload-list")).to_contain_text("Larger than the 20 MB")
    assert not Replay.objects.exists()


def test_without_javascript_a_plain_form_does(
    visit: Visit, alice: User, demos: list[Path], reads: threading.Event
) -> None:
    page: Page = visit("/", java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/coach/replays/")
    page.set_input_files("#replay-files", demos[:2])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url(re.compile(r"/coach/replays/$"))
    expect(page.locator("#messages")).to_contain_text("2 replays came in.")
    reads.set()

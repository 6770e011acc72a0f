"""Chromium, a database in a file that threads can share, and a worker that is a thread of the test."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from mlmodels import runs
from tests.e2e.browser import DESKTOP, chromium

# Playwright's synchronous interface keeps an event loop in the test's own thread, where the ORM would refuse to work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PATIENCE_MS = 15_000
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in memory serves one connection; the site, the worker and the test each have their own."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        name = str(tmp_path_factory.mktemp("database") / "e2e.sqlite3")
        database.setdefault("TEST", {})["NAME"] = name


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Open a page as a new visitor; whatever the browser complained about fails the test at its end.

    A breach of the content security policy is one of the things a browser complains about.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def opened(path: str, *, viewport: dict[str, int] | None = None, theme: str = "light", **options: Any) -> Page:
        look: Any = {"viewport": viewport or DESKTOP, "color_scheme": theme, **options}
        context = browser.new_context(base_url=live_server.url, **look)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, storage: Path) -> Iterator[None]:
    """Trains what is sent to it in a thread of its own, as a Celery worker would in another process."""
    threads: list[threading.Thread] = []

    def train(run_id: str) -> None:
        try:
            runs.execute(run_id, worker="thread")
        finally:
            connections.close_all()

    def take(run_id: str) -> None:
        threads.append(threading.Thread(target=train, args=(run_id,)))
        threads[-1].start()

    monkeypatch.setattr("mlmodels.tasks.train_run.delay", take)
    yield
    for thread in threads:
        thread.join()

"""A site of this test, a person with a key to it, and the tasks that were sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.encryption import encrypted
from accounts.models import User
from matches import tasks
from matches.models import BallchasingAccount
from tests.matches.rocket_league.ballchasing.fake_site import KEY, FakeSite, serving


@pytest.fixture
def site(settings: Settings) -> Iterator[FakeSite]:
    with serving() as fake:
        settings.BALLCHASING_URL = fake.address
        yield fake


@pytest.fixture
def account(alice: User) -> BallchasingAccount:
    return BallchasingAccount.objects.create(user=alice, encrypted_key=encrypted(KEY), name="Ally")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Tasks in place of a worker: (name, what for), and (name, seconds later) of those that wait."""
    seen: list[tuple[str, object]] = []
    monkeypatch.setattr(
        tasks.sync_ballchasing, "apply_async", lambda args, countdown=None: seen.append(("sync", countdown))
    )
    monkeypatch.setattr(tasks.take_ballchasing_ranks, "delay", lambda replay_id: seen.append(("ranks", replay_id)))
    monkeypatch.setattr(tasks.process_replay, "delay", lambda replay_id: seen.append(("read", replay_id)))
    monkeypatch.setattr(tasks.process_replay, "apply_async", lambda args, **_: seen.append(("read", args[0])))
    return seen

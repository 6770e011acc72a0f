"""What staff can do to replays in the admin."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from matches.models import Replay, ReplayOwner
from matches.rocket_league import processing
from tests.factories import ReplayFactory, ReplayPlayerFactory

LIST = reverse("admin:matches_replay_changelist")


@pytest.fixture
def replay(alice: User) -> Replay:
    replay = ReplayFactory.create(file="replays/a.replay", guid="F" * 32)
    ReplayOwner.objects.create(replay=replay, user=alice)
    ReplayPlayerFactory.create(replay=replay, name="Octane Fan", platform_id="76561198000000009")
    return replay


@pytest.mark.parametrize("search", ["", "F" * 32, "alice@example.org", "76561198000000009"])
def test_a_replay_is_found_by_file_owner_or_player(client: Client, staff: User, replay: Replay, search: str) -> None:
    client.force_login(staff)
    assert replay.filename in client.get(LIST, {"q": search}).content.decode()


def test_its_owners_and_players_are_shown_and_nothing_can_be_typed(client: Client, staff: User, replay: Replay) -> None:
    client.force_login(staff)
    shown = client.get(reverse("admin:matches_replay_change", args=[replay.pk])).content.decode()
    assert "Octane Fan" in shown
    assert "alice@example.org" in shown
    assert 'name="guid"' not in shown


def test_chosen_ones_are_read_again(
    client: Client, staff: User, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[UUID] = []
    monkeypatch.setattr(processing, "send", sent.append)
    client.force_login(staff)
    answer = client.post(LIST, {"action": "read_again", "_selected_action": [str(replay.pk)]}, follow=True)
    assert "1 queued" in answer.content.decode()
    assert sent == [replay.pk]


def test_a_stranger_gets_nothing(client: Client, charlie: User, replay: Replay) -> None:
    client.force_login(charlie)
    assert client.get(LIST).status_code == 302

"""`/coach/replays/`: files come in, their reading is followed, and nobody else's are there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import CoachGrant, PlatformAccount, User
from matches.models import Playlist, Replay, ReplayOwner, StatedRank
from tests.factories import ReplayFactory, ReplayPlayerFactory

URL = "/coach/replays/"
ME = "76561198000000001"


@pytest.fixture(autouse=True)
def signed_in(client: Client, alice: User) -> None:
    client.force_login(alice)


def own(user: User, **fields: Any) -> Replay:
    replay = ReplayFactory.create(**fields)
    ReplayOwner.objects.create(replay=replay, user=user, filename=f"of-{user.shown_name}.replay")
    return replay


def page(client: Client, path: str = URL, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


class TestBringingIn:
    def test_several_files_at_once_without_javascript(self, client: Client, alice: User) -> None:
        files = [SimpleUploadedFile(f"{n}.replay", b"no replay %d" % (n % 2)) for n in range(3)]
        answer = client.post(URL, {"file": files}, follow=True)
        assert Replay.objects.filter(owners__user=alice, source="web").count() == 2
        assert "2 replays came in and 1 was here already." in answer.content.decode()
        assert "not a Rocket League replay" in answer.content.decode()

    def test_none_at_all_is_said(self, client: Client) -> None:
        assert "Choose one or several" in client.post(URL, follow=True).content.decode()

    def test_the_empty_page_says_where_the_game_keeps_them(self, client: Client) -> None:
        shown = page(client)
        assert r"Documents\My Games\Rocket League\TAGame\Demos" in shown
        assert "Consoles" in shown

    def test_nothing_is_said_of_betting(self, client: Client) -> None:
        shown = page(client).lower()
        assert not [word for word in ("gambl", "bets", "odds", "18+") if word in shown]

    def test_strangers_sign_in_first(self, client: Client) -> None:
        client.logout()
        for answer in (client.get(URL), client.post(URL)):
            assert "/login/" in answer.headers["Location"]


class TestTheList:
    def test_a_match_is_told_from_ones_own_side(self, client: Client, alice: User) -> None:
        PlatformAccount.objects.create(user=alice, platform="steam", platform_id=ME)
        replay = own(alice, blue_goals=1, orange_goals=4)
        counted = {"core_goals": 2.0, "core_assists": 0.0, "core_saves": 1.0}
        ReplayPlayerFactory.create(replay=replay, side="orange", platform_id=ME, won=True, statistics=counted)
        shown = page(client)
        assert "Won" in shown
        assert "4–1" in shown
        assert "2 goals, 1 save" in shown
        assert "Which of these is you?" not in shown

    def test_where_nobody_knows_who_one_is_it_asks(self, client: Client, alice: User) -> None:
        ReplayPlayerFactory.create(replay=own(alice, blue_goals=1, orange_goals=4), name="Octane Fan")
        shown = page(client)
        assert "Which of these is you?" in shown
        assert "Octane Fan" in shown
        assert "1–4" in shown

    def test_a_rank_is_asked_for_until_it_is_said(self, client: Client, alice: User) -> None:
        PlatformAccount.objects.create(user=alice, platform="steam", platform_id=ME)
        ReplayPlayerFactory.create(replay=own(alice), platform_id=ME)
        assert "does not tell your rank" in page(client)
        StatedRank.objects.create(user=alice, playlist=Playlist.RANKED_STANDARD, rank_group="gold")
        assert "does not tell your rank" not in page(client)

    def test_a_failed_one_says_why_and_can_be_tried_again(self, client: Client, alice: User) -> None:
        own(alice, status="failed", reason="The file is empty.", playlist="", played_at=None, processed_at=None)
        shown = page(client)
        assert "The file is empty." in shown
        assert "Retry" in shown
        assert "of-alice.replay" in shown

    def test_it_is_narrowed_to_a_playlist(self, client: Client, alice: User) -> None:
        own(alice, playlist="ranked-duels", blue_goals=7)
        own(alice, playlist="ranked-doubles", blue_goals=9)
        shown = page(client, f"{URL}?playlist=ranked-duels")
        assert "7–2" in shown
        assert "9–2" not in shown
        assert "None of these" in page(client, f"{URL}?playlist=failed")
        assert "9–2" in page(client, f"{URL}?playlist=chess")

    def test_simulated_ones_are_marked(self, client: Client, alice: User) -> None:
        own(alice, is_simulated=True)
        assert "Simulated" in page(client)

    def test_what_is_unread_comes_first_then_the_last_match(self, client: Client, alice: User) -> None:
        first, second = own(alice), own(alice)
        unread = own(alice, status="queued", played_at=None, processed_at=None, playlist="")
        context = client.get(URL).context
        assert [line.replay for line in context["list"].lines] == [unread, second, first]

    def test_pages_hold_twenty_five_and_ask_the_database_little(
        self, client: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        PlatformAccount.objects.create(user=alice, platform="steam", platform_id=ME)
        for _ in range(26):
            ReplayPlayerFactory.create(replay=own(alice), platform_id=ME)
        with django_assert_max_num_queries(14):
            first = page(client)
        assert "Page 1 of 2" in first
        assert first.count("remove-") == 25
        assert page(client, f"{URL}?page=2").count("remove-") == 1


class TestProgress:
    def test_while_any_is_unread_the_list_asks_for_itself(self, client: Client, alice: User) -> None:
        for status in ("processed", "processed", "queued", "processing", "queued"):
            own(alice, status=status)
        shown = page(client, f"{URL}?playlist=ranked-standard")
        assert "2 of 5 read" in shown
        assert 'hx-trigger="every 3s, refresh"' in shown
        assert 'hx-get="/coach/replays/?playlist=ranked-standard"' in shown

    def test_what_came_in_long_before_does_not_count(self, client: Client, alice: User) -> None:
        own(alice)
        ReplayOwner.objects.update(added_at=timezone.now() - timedelta(days=1))
        own(alice, status="queued")
        assert "0 of 1 read" in page(client)

    def test_once_all_are_read_it_stops_asking(self, client: Client, alice: User) -> None:
        own(alice)
        shown = page(client)
        assert "of 1 read" not in shown
        assert "every 3s" not in shown

    def test_htmx_gets_the_list_alone_and_says_what_changed(self, client: Client, alice: User) -> None:
        own(alice, status="queued")
        shown = page(client, HX_Request="true")
        assert "<html" not in shown
        assert "0 of 1 read." in shown


class TestWhoMay:
    def test_a_coach_sees_a_players_and_changes_nothing(self, client: Client, alice: User, bob: User) -> None:
        replay = own(bob, status="failed", reason="No.")
        CoachGrant.objects.create(player=bob, coach=alice, coach_email=alice.email, accepted_at=timezone.now())
        shown = page(client, f"{URL}?user={bob.pk}")
        assert "Replays of bob" in shown
        assert "Delete" not in shown
        assert "replay-upload" not in shown
        assert client.post(f"{URL}{replay.pk}/remove/").status_code == 404
        assert client.post(f"{URL}{replay.pk}/retry/").status_code == 404

    def test_a_stranger_sees_nothing(self, client: Client, charlie: User) -> None:
        replay = own(charlie)
        assert client.get(f"{URL}?user={charlie.pk}").status_code == 404
        assert client.post(f"{URL}{replay.pk}/remove/").status_code == 404
        assert "1 replay" not in page(client)
        assert replay.owners.count() == 1


def test_giving_up_and_trying_again(client: Client, alice: User) -> None:
    replay = own(alice, status="failed", reason="It was lost.", file="replays/x.replay")
    assert "tried again" in client.post(f"{URL}{replay.pk}/retry/", follow=True).content.decode()
    assert "could not be read can be tried" in client.post(f"{URL}{replay.pk}/retry/", follow=True).content.decode()
    assert "gone from your list" in client.post(f"{URL}{replay.pk}/remove/", follow=True).content.decode()
    assert not Replay.objects.exists()

"""A player says who they are and who coaches them; a coach answers; a stranger gets nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts import coaching, platforms
from accounts.models import CoachGrant, User
from matches.models import BallchasingAccount, BallchasingSync, Playlist, RankGroup, ReplayOwner, StatedRank
from matches.rocket_league import own_rows, stated_ranks
from matches.rocket_league.ballchasing.errors import KeyRefused
from tests.factories import ReplayFactory, ReplayPlayerFactory, UserFactory

pytestmark = pytest.mark.django_db
SETTINGS = "/coach/settings/"


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def as_person(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_ranks_are_stated_and_taken_back(as_alice: Client, alice: User) -> None:
    said = {"ranked-doubles": "diamond", "ranked-standard": "champion"}
    assert as_alice.post(reverse("training:state-ranks"), said).status_code == 302
    assert own_rows.rank_of(alice, Playlist.RANKED_DOUBLES) == (RankGroup.DIAMOND, "stated")
    assert "Champion" in as_alice.get(SETTINGS).content.decode()
    as_alice.post(reverse("training:state-ranks"), {"ranked-standard": "champion"})
    assert StatedRank.objects.get().playlist == "ranked-standard"


def test_a_rank_that_is_none_is_refused(as_alice: Client) -> None:
    answer = as_alice.post(reverse("training:state-ranks"), {"ranked-standard": "wood"})
    assert answer.status_code == 422
    assert not StatedRank.objects.exists()


def test_only_ranked_playlists_have_a_rank(alice: User) -> None:
    with pytest.raises(ValueError, match="offline"):
        stated_ranks.state(alice, {Playlist.OFFLINE: RankGroup.GOLD})


def test_a_player_picks_themselves_from_their_replays(as_alice: Client, alice: User) -> None:
    row = ReplayPlayerFactory.create(name="Ally <3")
    ReplayOwner.objects.create(replay=row.replay, user=alice)
    page = as_alice.get(SETTINGS).content.decode()
    assert "Ally &lt;3" in page
    assert "in 1 of 1" in page
    picked = {"platform": row.platform, "platform_id": row.platform_id, "name": row.name}
    as_alice.post(reverse("training:link-account"), picked)
    assert list(own_rows.rows_of(alice)) == [row]
    as_alice.post(reverse("training:unlink-account", args=[alice.platform_accounts.get().pk]))
    assert not own_rows.rows_of(alice).exists()


def test_an_id_that_can_be_none_is_refused_where_it_was_typed(as_alice: Client) -> None:
    answer = as_alice.post(reverse("training:link-account"), {"platform": "steam", "platform_id": "ally"})
    assert answer.status_code == 422
    assert "A Steam id has 17 digits" in answer.content.decode()


def test_a_coach_is_offered_accepts_and_is_withdrawn_on_pages(as_alice: Client, alice: User, bob: User) -> None:
    as_alice.post(reverse("training:offer-to-coach"), {"coach_email": bob.email})
    grant = CoachGrant.objects.get()
    assert "not accepted yet" in as_alice.get(SETTINGS).content.decode()
    of_bob = as_person(bob)
    assert "alice@example.org" in of_bob.get(reverse("training:players")).content.decode()
    of_bob.post(reverse("training:accept-player", args=[grant.pk]))
    assert coaching.may_see(bob, alice)
    assert "Stop coaching" in of_bob.get(reverse("training:players")).content.decode()
    assert as_alice.post(reverse("training:withdraw-from-coach", args=[grant.pk])).url == SETTINGS  # type: ignore[attr-defined]
    assert not coaching.may_see(bob, alice)
    assert "No players yet" in of_bob.get(reverse("training:players")).content.decode()


def test_a_coach_declines_and_is_back_at_their_players(alice: User, bob: User) -> None:
    grant = coaching.offer(alice, coach_email=bob.email)
    answer = as_person(bob).post(reverse("training:withdraw-from-coach", args=[grant.pk]))
    assert answer.headers["Location"] == reverse("training:players")
    assert not coaching.offers_to(bob).exists()


def test_ones_own_address_is_refused_where_it_was_typed(as_alice: Client, alice: User) -> None:
    answer = as_alice.post(reverse("training:offer-to-coach"), {"coach_email": alice.email})
    assert answer.status_code == 422
    assert "your own address" in answer.content.decode()


def test_a_stranger_gets_nothing_of_a_players_settings(alice: User, bob: User, charlie: User) -> None:
    account = platforms.state(alice, platform="xbox", platform_id="ally", name="Ally of Xbox")
    grant = coaching.offer(alice, coach_email=bob.email)
    of_charlie = as_person(charlie)
    for path in (SETTINGS, reverse("training:players")):
        page = of_charlie.get(path).content.decode()
        assert "Ally of Xbox" not in page
        assert "alice" not in page
    for path in (
        reverse("training:unlink-account", args=[account.pk]),
        reverse("training:withdraw-from-coach", args=[grant.pk]),
        reverse("training:accept-player", args=[grant.pk]),
    ):
        assert of_charlie.post(path).status_code == 404
    assert alice.platform_accounts.count() == 1
    assert CoachGrant.objects.get().withdrawn_at is None


def test_the_pages_take_few_queries_however_much_there_is(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        replay = ReplayFactory.create()
        ReplayOwner.objects.create(replay=replay, user=alice)
        ReplayPlayerFactory.create_batch(3, replay=replay)
        platforms.state(alice, platform="xbox", platform_id=f"ally{n}")
        coaching.offer(alice, coach_email=f"coach{n}@example.org")
        player = UserFactory.create()
        coaching.accept(alice, coaching.offer(player, coach_email=alice.email).pk)
    with django_assert_max_num_queries(12):
        as_alice.get(SETTINGS)
    with django_assert_max_num_queries(8):
        as_alice.get(reverse("training:players"))


def test_the_api_states_ranks_of_who_asks_only(alice: User, charlie: User) -> None:
    client = APIClient()
    assert client.get("/api/ranks/").status_code == 401
    client.force_authenticate(alice)
    said = client.patch("/api/ranks/", {"ranked-standard": "gold"})
    assert said.json() == {"ranked-duels": None, "ranked-doubles": None, "ranked-standard": "gold"}
    assert client.patch("/api/ranks/", {"ranked-standard": None}).json()["ranked-standard"] is None
    assert client.patch("/api/ranks/", {"ranked-hoops": "gold"}).status_code == 400
    client.patch("/api/ranks/", {"ranked-duels": "bronze"})
    client.force_authenticate(charlie)
    assert set(client.get("/api/ranks/").json().values()) == {None}


# ---- ballchasing.com ----
@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Accounts whose replays a worker was asked to fetch."""
    sent: list[int] = []
    monkeypatch.setattr("matches.tasks.sync_ballchasing.apply_async", lambda args, countdown=None: sent.append(*args))
    return sent


@pytest.fixture
def known_key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("matches.rocket_league.ballchasing.client.Ballchasing.ping", lambda self: "Ally there")
    return "k" * 40


def test_a_key_connects_and_fetching_begins(
    as_alice: Client,
    alice: User,
    asked: list[int],
    known_key: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(reverse("training:connect-ballchasing"), {"key": known_key})
    account = BallchasingAccount.objects.get(user=alice)
    assert asked == [account.pk]
    page = as_alice.get(SETTINGS).content.decode()
    assert "Ally there" in page
    assert "Waiting to begin" in page
    assert known_key not in page
    as_alice.post(reverse("training:disconnect-ballchasing"))
    assert not BallchasingAccount.objects.exists()


def test_a_key_that_is_refused_is_told_where_it_was_typed_and_not_shown_again(
    as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object) -> str:
        raise KeyRefused("ballchasing.com refuses this key.")

    monkeypatch.setattr("matches.rocket_league.ballchasing.client.Ballchasing.ping", refuse)
    answer = as_alice.post(reverse("training:connect-ballchasing"), {"key": "x" * 40})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "refuses this key" in page
    assert "x" * 40 not in page
    assert not BallchasingAccount.objects.exists()


@pytest.mark.parametrize(
    ("told", "words", "goes_on"),
    [
        ({"status": "running", "found": 12, "taken": 3}, "12 found in your list, 3 new so far", True),
        ({"status": "paused", "found": 60, "taken": 50}, "it goes on by itself", True),
        ({"status": "done", "found": 5, "taken": 3, "refused": 1}, "5 found: 3 new, 1 here already, 1 not", False),
        ({"status": "done"}, "Nothing new", False),
        ({"status": "failed"}, "It answered 503. We try again tonight.", False),
    ],
)
def test_progress_is_told_in_words(
    as_alice: Client, alice: User, told: dict[str, Any], words: str, goes_on: bool
) -> None:
    account = BallchasingAccount.objects.create(user=alice, encrypted_key="…", last_error="It answered 503.")
    BallchasingSync.objects.create(account=account, **told)
    fragment = as_alice.get(reverse("training:ballchasing-progress")).content.decode()
    assert words in fragment
    assert ("hx-trigger" in fragment) is goes_on


def test_a_stranger_syncs_and_sees_nothing_of_a_players_account(alice: User, charlie: User, asked: list[int]) -> None:
    BallchasingAccount.objects.create(user=alice, encrypted_key="…", name="Ally there")
    of_charlie = as_person(charlie)
    assert of_charlie.post(reverse("training:sync-ballchasing")).status_code == 404
    assert of_charlie.get(reverse("training:ballchasing-progress")).status_code == 404
    of_charlie.post(reverse("training:disconnect-ballchasing"))
    assert "Ally there" not in of_charlie.get(SETTINGS).content.decode()
    assert BallchasingAccount.objects.count() == 1
    assert asked == []

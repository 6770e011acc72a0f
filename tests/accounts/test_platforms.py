"""Who somebody says they are on gaming platforms, and what they proved."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts import platforms
from accounts.errors import InvalidPlatformAccount, NoSuchThing, PlatformAccountTaken
from accounts.models import PlatformAccount, User

pytestmark = pytest.mark.django_db
STEAM = "76561198000000001"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize(
    ("platform", "written", "kept"),
    [
        ("steam", f" {STEAM} ", STEAM),
        ("steam", f"https://steamcommunity.com/profiles/{STEAM}/", STEAM),
        ("epic", "256BA1E6-B738-4753-9C5A-A6F60267684F", "256ba1e6b73847539c5aa6f60267684f"),
        ("ps4", "2591463563481474137", "2591463563481474137"),
    ],
)
def test_an_id_is_kept_as_replays_have_it(alice: User, platform: str, written: str, kept: str) -> None:
    assert platforms.state(alice, platform=platform, platform_id=written).platform_id == kept


@pytest.mark.parametrize(
    ("platform", "written"),
    [
        ("steam", "alice"),
        ("steam", "1" * 17),
        ("epic", "alice"),
        ("xbox", "two words"),
        ("ps4", ""),
        ("xbox", "x" * 65),
    ],
)
def test_what_can_be_no_id_is_refused_in_words(alice: User, platform: str, written: str) -> None:
    with pytest.raises(InvalidPlatformAccount):
        platforms.state(alice, platform=platform, platform_id=written)
    assert not alice.platform_accounts.exists()


def test_stating_again_changes_nothing_and_others_may_state_the_same(alice: User, bob: User) -> None:
    first = platforms.state(alice, platform="steam", platform_id=STEAM, name="Ally")
    assert platforms.state(alice, platform="steam", platform_id=STEAM, name="Other") == first
    assert platforms.state(bob, platform="steam", platform_id=STEAM) != first
    first.refresh_from_db()
    assert first.name == "Ally"


def test_a_person_has_so_many_accounts(alice: User) -> None:
    for n in range(platforms.MOST_ACCOUNTS):
        platforms.state(alice, platform="xbox", platform_id=str(n))
    with pytest.raises(InvalidPlatformAccount, match="remove one first"):
        platforms.state(alice, platform="xbox", platform_id="more")


def test_proof_raises_a_statement_and_belongs_to_one_person(alice: User, bob: User) -> None:
    stated = platforms.state(alice, platform="steam", platform_id=STEAM)
    platforms.state(bob, platform="steam", platform_id=STEAM)
    assert platforms.verify(alice, platform="steam", platform_id=STEAM, name="Ally").pk == stated.pk
    with pytest.raises(PlatformAccountTaken):
        platforms.verify(bob, platform="steam", platform_id=STEAM)
    assert PlatformAccount.objects.filter(is_verified=True).get().user == alice
    with pytest.raises(InvalidPlatformAccount, match="disconnect"):
        platforms.remove(alice, stated.pk)


def test_the_api_states_lists_and_removes(alice: User) -> None:
    client = client_of(alice)
    stated = client.post("/api/platform-accounts/", {"platform": "steam", "platform_id": STEAM, "name": "Ally"})
    assert (stated.status_code, stated.json()["is_verified"]) == (201, False)
    assert client.get("/api/platform-accounts/").json()["results"] == [stated.json()]
    assert client.delete(f"/api/platform-accounts/{stated.json()['id']}/").json() == stated.json()
    assert client.get("/api/platform-accounts/").json()["results"] == []


def test_the_api_refuses_in_words(alice: User) -> None:
    client = client_of(alice)
    wrong = client.post("/api/platform-accounts/", {"platform": "steam", "platform_id": "ally"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_platform_account")
    assert client.post("/api/platform-accounts/", {"platform": "atari", "platform_id": "1"}).status_code == 400
    proven = {"platform": "steam", "platform_id": STEAM, "is_verified": True}
    assert client.post("/api/platform-accounts/", proven).status_code == 400


def test_a_stranger_finds_and_removes_nothing(alice: User, charlie: User) -> None:
    account = platforms.state(alice, platform="steam", platform_id=STEAM)
    assert client_of(charlie).get("/api/platform-accounts/").json()["results"] == []
    assert client_of(charlie).delete(f"/api/platform-accounts/{account.pk}/").status_code == 404
    with pytest.raises(NoSuchThing):
        platforms.remove(charlie, account.pk)
    assert APIClient().get("/api/platform-accounts/").status_code == 401

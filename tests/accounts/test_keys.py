"""API keys: shown once, kept as a hash, ended at once, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import keys
from accounts.models import ApiKey, User

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_the_key_itself_is_not_kept(alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    row.refresh_from_db()
    assert key not in row.hashed_key
    assert key.partition("_")[2].partition("_")[2] not in str(row.__dict__)
    assert len(row.hashed_key) == 64


def test_a_key_finds_its_owner(alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    found = keys.find(key)
    assert found == row
    assert found is not None
    assert found.user == alice


def test_a_key_is_found_by_one_query(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    _, key = keys.create(alice, name="Laptop")
    keys.find(key)
    with django_assert_num_queries(1):
        found = keys.find(key)
        assert found is not None
        assert (found.user.email, found.user.timezone) == ("alice@example.org", "UTC")
    assert found.name == "Laptop"


@pytest.mark.parametrize(
    "change", [str.upper, lambda key: key[:-1], lambda key: key + "x", lambda key: key.replace("tl_", "xx_")]
)
def test_a_key_that_is_not_exact_finds_nobody(alice: User, change) -> None:  # type: ignore[no-untyped-def]
    _, key = keys.create(alice, name="Laptop")
    assert keys.find(change(key)) is None


@pytest.mark.parametrize("nonsense", ["", "tl", "tl__", "tl_a_b_c", "\x00", "é" * 500])
def test_nonsense_finds_nobody(db: None, nonsense: str) -> None:
    assert keys.find(nonsense) is None


def test_a_revoked_key_is_dead(alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    keys.revoke(row)
    assert keys.find(key) is None


def test_revoking_again_keeps_the_first_time(alice: User) -> None:
    row, _ = keys.create(alice, name="Laptop")
    with time_machine.travel(NOON, tick=False):
        keys.revoke(row)
    keys.revoke(row)
    row.refresh_from_db()
    assert row.revoked_at == NOON


def test_the_key_of_a_person_who_was_shut_out_is_dead(alice: User) -> None:
    _, key = keys.create(alice, name="Laptop")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert keys.find(key) is None


def test_use_is_noted_once_a_minute(alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    for seconds, noted in ((0, 0), (30, 0), (90, 90)):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            keys.find(key)
        row.refresh_from_db()
        assert row.last_used_at == NOON + timedelta(seconds=noted)


def test_the_api_knows_the_owner_of_the_key(client: Client, alice: User) -> None:
    _, key = keys.create(alice, name="Laptop")
    answer = client.get("/api/me/", headers={"authorization": f"Api-Key {key}"})
    assert answer.status_code == 200
    assert answer.json()["email"] == "alice@example.org"


@pytest.mark.parametrize("header", ["Api-Key tl_0_wrong", "Api-Key", "Api-Key   ", "Bearer nonsense"])
def test_the_api_refuses_a_wrong_key_in_one_shape(client: Client, db: None, header: str) -> None:
    answer = client.get("/api/me/", headers={"authorization": header})
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message"}


def test_a_new_key_is_shown_once(client: Client, alice: User) -> None:
    client.force_login(alice)
    shown = client.post("/accounts/api-keys/", {"name": "Laptop"})
    key = shown.context["new_key"]
    assert key in shown.content.decode()
    assert shown.headers["Cache-Control"].find("no-store") >= 0
    assert key not in client.get("/accounts/api-keys/").content.decode()
    assert keys.find(key) is not None


def test_a_key_needs_a_name(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/accounts/api-keys/", {"name": ""})
    assert not ApiKey.objects.exists()


def test_charlie_sees_and_revokes_nothing_of_alices(client: Client, alice: User, charlie: User) -> None:
    row, key = keys.create(alice, name="Alice's laptop")
    client.force_login(charlie)
    assert "laptop" not in client.get("/accounts/api-keys/").content.decode()
    assert client.post(f"/accounts/api-keys/{row.pk}/revoke/").status_code == 404
    assert keys.find(key) is not None


def test_alice_revokes_her_own(client: Client, alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    client.force_login(alice)
    client.post(f"/accounts/api-keys/{row.pk}/revoke/")
    assert keys.find(key) is None


def test_a_link_can_not_revoke(client: Client, alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    client.force_login(alice)
    assert client.get(f"/accounts/api-keys/{row.pk}/revoke/").status_code == 405
    assert keys.find(key) is not None

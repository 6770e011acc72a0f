"""A program signs in through the headless API and uses the token it gets, end to end."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.accounts.test_sign_in import PASSWORD

AUTH = "/_allauth/app/v1"


@pytest.fixture
def signed_in(client: Client, alice: User) -> dict[str, Any]:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    answer = post(client, f"{AUTH}/auth/login", {"email": alice.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    meta: dict[str, Any] = answer.json()["meta"]
    return meta


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


def me(token: str) -> Any:
    """Asked without cookies, as a program does."""
    return Client().get("/api/me/", headers={"authorization": f"Bearer {token}"})


def test_the_access_token_opens_the_api(signed_in: dict[str, Any]) -> None:
    answer = me(signed_in["access_token"])
    assert answer.status_code == 200
    assert answer.json()["email"] == "alice@example.org"


def test_the_refresh_token_is_good_for_a_new_access_token_once(client: Client, signed_in: dict[str, Any]) -> None:
    answer = post(client, f"{AUTH}/tokens/refresh", {"refresh_token": signed_in["refresh_token"]})
    assert answer.status_code == 200, answer.content
    assert me(answer.json()["data"]["access_token"]).status_code == 200
    again = post(client, f"{AUTH}/tokens/refresh", {"refresh_token": signed_in["refresh_token"]})
    assert again.status_code == 400


def test_signing_out_kills_the_token(client: Client, signed_in: dict[str, Any]) -> None:
    token = signed_in["access_token"]
    Client().delete(f"{AUTH}/auth/session", headers={"authorization": f"Bearer {token}"})
    assert me(token).status_code == 401


def test_a_forged_token_is_refused(signed_in: dict[str, Any]) -> None:
    head, body, signature = signed_in["access_token"].split(".")
    assert me(f"{head}.{body}.{signature[::-1]}").status_code == 401
    assert me(f"{head}.{body}.").status_code == 401


def test_the_token_of_a_person_who_was_shut_out_is_dead(signed_in: dict[str, Any], alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert me(signed_in["access_token"]).status_code == 401


def test_a_wrong_password_gets_no_token(client: Client, alice: User) -> None:
    answer = post(client, f"{AUTH}/auth/login", {"email": alice.email, "password": "wrong"})
    assert answer.status_code == 400
    assert "access_token" not in answer.content.decode()


def test_without_any_token_the_api_answers_401_in_our_shape(db: None) -> None:
    answer = Client().get("/api/me/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_authenticated"


def test_people_change_how_things_look_but_not_who_they_are(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    answer = client.patch(
        "/api/me/", {"odds_format": "fractional", "is_staff": True, "email": "x@y.z"}, content_type="application/json"
    )
    assert answer.status_code == 200
    alice.refresh_from_db()
    assert (alice.odds_format, alice.is_staff, alice.email) == ("fractional", False, "alice@example.org")


def test_an_unknown_time_zone_is_refused_with_the_field(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    answer = client.patch("/api/me/", {"timezone": "Mars/Olympus"}, content_type="application/json")
    assert answer.status_code == 400
    assert "timezone" in answer.json()["detail"]

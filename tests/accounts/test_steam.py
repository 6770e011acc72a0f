"""Signing in with Steam, which a fake stands in for at OpenID's own door: whatever is fetched goes through it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from openid import fetchers
from pytest_django import Settings

from accounts import platforms
from accounts.models import PlatformAccount, User
from accounts.steam import fetching
from accounts.steam.provider import SteamProvider
from accounts.steam.views import ENDPOINT

pytestmark = pytest.mark.django_db
STEAM = "76561198000000001"
IDENTITY = "https://steamcommunity.com/openid/id/"
SERVICE = """<?xml version="1.0" encoding="UTF-8"?>
<xrds:XRDS xmlns:xrds="xri://$xrds" xmlns="xri://$xrd*($v*2.0)"><XRD><Service priority="0">
<Type>http://specs.openid.net/auth/2.0/{kind}</Type><URI>https://steamcommunity.com/openid/login</URI>
</Service></XRD></xrds:XRDS>"""


class FakeSteam:
    """Answers as steamcommunity.com does: without associations, so that each sign-in is verified by asking."""

    def __init__(self) -> None:
        self.confirms = True
        self.fetched: list[str] = []

    def fetch(self, url: str, body: str | bytes | None = None, headers: Any = None) -> fetchers.HTTPResponse:
        self.fetched.append(url)
        assert url.startswith("https://steamcommunity.com/openid")
        if body is None:
            kind = "signon" if url.startswith(IDENTITY) else "server"
            told = {"content-type": "application/xrds+xml;charset=utf-8"}
            return fetchers.HTTPResponse(url, 200, told, SERVICE.format(kind=kind).encode())
        asked = parse_qs(body.decode() if isinstance(body, bytes) else body)
        if asked["openid.mode"] == ["associate"]:
            return fetchers.HTTPResponse(url, 400, {}, b"ns:http://specs.openid.net/auth/2.0\nerror:no\n")
        is_valid = str(self.confirms).lower()
        return fetchers.HTTPResponse(
            url, 200, {}, f"ns:http://specs.openid.net/auth/2.0\nis_valid:{is_valid}\n".encode()
        )


@pytest.fixture
def steam(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FakeSteam:
    settings.STEAM_API_KEY = "steam-key"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "steam": {
            "provider_class": "accounts.steam.provider.SteamProvider",
            "APPS": [{"client_id": "steam", "secret": "steam-key"}],
        }
    }
    fake = FakeSteam()
    monkeypatch.setattr(fetching.SteamFetcher, "fetch", lambda self, *told, **more: fake.fetch(*told, **more))
    monkeypatch.setattr(SteamProvider, "_summary", lambda self, steam_id: {"personaname": "Ally"})
    return fake


def come_back(client: Client, *, steam_id: str = STEAM, process: str = "login", **changed: str) -> Any:
    """Go to Steam, and return with its answer."""
    asked = client.post(f"/accounts/steam/login/?{urlencode({'process': process})}")
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(ENDPOINT)
    went = {name: values[0] for name, values in parse_qs(urlsplit(asked.headers["Location"]).query).items()}
    told = {
        "openid.ns": "http://specs.openid.net/auth/2.0",
        "openid.mode": "id_res",
        "openid.op_endpoint": ENDPOINT,
        "openid.claimed_id": f"{IDENTITY}{steam_id}",
        "openid.identity": f"{IDENTITY}{steam_id}",
        "openid.return_to": went["openid.return_to"],
        "openid.response_nonce": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}salt{steam_id[-4:]}",
        "openid.assoc_handle": "1234567890",
        "openid.signed": "signed,op_endpoint,claimed_id,identity,return_to,response_nonce,assoc_handle",
        "openid.sig": "c2lnbmF0dXJl",
        **changed,
    }
    back = parse_qs(urlsplit(went["openid.return_to"]).query)
    return client.get("/accounts/steam/callback/", {**{name: values[0] for name, values in back.items()}, **told})


def test_whoever_comes_from_steam_for_the_first_time_gives_an_address_and_is_verified_there(
    client: Client, steam: FakeSteam
) -> None:
    answer = come_back(client)
    assert answer.headers["Location"] == "/accounts/3rdparty/signup/"
    page = client.get("/accounts/3rdparty/signup/").content.decode()
    assert "Ally" in page
    client.post("/accounts/3rdparty/signup/", {"email": "new@example.org"})
    user = User.objects.get(email="new@example.org")
    (account,) = user.platform_accounts.all()
    assert (account.platform, account.platform_id, account.name, account.is_verified) == ("steam", STEAM, "Ally", True)
    assert not EmailAddress.objects.get(user=user).verified


def test_an_address_that_is_taken_is_not_handed_over(client: Client, steam: FakeSteam, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    come_back(client)
    client.post("/accounts/3rdparty/signup/", {"email": alice.email})
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert "_auth_user_id" not in client.session


def test_connecting_verifies_what_was_stated_and_disconnecting_takes_it_back(
    client: Client, steam: FakeSteam, alice: User
) -> None:
    stated = platforms.state(alice, platform="steam", platform_id=STEAM)
    client.force_login(alice)
    answer = come_back(client, process="connect")
    if "reauthenticate" in answer.headers["Location"]:
        client.post(answer.headers["Location"], {"password": "correct horse battery staple"}, follow=True)
    stated.refresh_from_db()
    assert (stated.is_verified, stated.name) == (True, "Ally")
    page = client.get("/coach/settings/").content.decode()
    assert "Verified" in page
    assert "Disconnect" in page
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not PlatformAccount.objects.exists()
    assert not SocialAccount.objects.exists()


def test_whoever_connected_steam_signs_in_with_it(client: Client, steam: FakeSteam, alice: User) -> None:
    SocialAccount.objects.create(user=alice, provider="steam", uid=STEAM)
    come_back(client)
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert PlatformAccount.objects.get().name == "Ally"


def test_an_account_of_somebody_else_is_not_connected(
    client: Client, steam: FakeSteam, alice: User, charlie: User
) -> None:
    SocialAccount.objects.create(user=alice, provider="steam", uid=STEAM)
    client.force_login(charlie)
    come_back(client, process="connect")
    assert SocialAccount.objects.get().user == alice
    assert not charlie.platform_accounts.exists()
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.get().user == alice


def test_the_only_way_in_is_not_disconnected(client: Client, steam: FakeSteam, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    account = SocialAccount.objects.create(user=alice, provider="steam", uid=STEAM)
    client.force_login(alice)
    answer = client.post("/accounts/3rdparty/", {"account": account.pk}, follow=True)
    assert "no password" in answer.content.decode()
    assert SocialAccount.objects.exists()


def test_what_steam_does_not_confirm_signs_nobody_in(client: Client, steam: FakeSteam, alice: User) -> None:
    SocialAccount.objects.create(user=alice, provider="steam", uid=STEAM)
    steam.confirms = False
    answer = come_back(client)
    assert "did not confirm" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "forged",
    [
        {"openid.op_endpoint": "https://evil.example.org/login"},
        {"openid.claimed_id": "https://evil.example.org/id"},
        {"openid.claimed_id": f"http://steamcommunity.com/openid/id/{STEAM}"},
        {"openid.claimed_id": f"{IDENTITY}{STEAM}/../../evil"},
    ],
)
def test_an_answer_of_anybody_else_is_refused_and_nothing_is_fetched_for_it(
    client: Client, steam: FakeSteam, alice: User, forged: dict[str, str]
) -> None:
    SocialAccount.objects.create(user=alice, provider="steam", uid=STEAM)
    answer = come_back(client, **forged)
    assert "did not confirm" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert all(url == "https://steamcommunity.com/openid" or url == ENDPOINT for url in steam.fetched)


def test_an_answer_comes_by_get_only(client: Client, steam: FakeSteam) -> None:
    told = {"openid.mode": "id_res", "openid.claimed_id": "https://evil.example.org/"}
    assert client.post("/accounts/steam/callback/", told).status_code == 405
    assert steam.fetched == []


def test_openid_fetches_from_steam_only() -> None:
    for url in ("http://steamcommunity.com/openid", "https://127.0.0.1/", "https://steamcommunity.com@evil.org/"):
        with pytest.raises(fetchers.HTTPFetchingError):
            fetching.SteamFetcher().fetch(url)


def test_a_cancelled_sign_in_says_so(client: Client, steam: FakeSteam) -> None:
    client.post("/accounts/steam/login/?process=login")
    told = {"openid.ns": "http://specs.openid.net/auth/2.0", "openid.mode": "cancel"}
    answer = client.get("/accounts/steam/callback/", told, follow=True)
    assert "You did not sign in with Steam" in answer.content.decode()


def test_the_button_is_there_where_steam_is_configured(client: Client, steam: FakeSteam, alice: User) -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "with Steam" in client.get(path).content.decode()
    client.force_login(alice)
    assert "Connect Steam" in client.get("/coach/settings/").content.decode()


def test_there_is_no_button_and_no_way_where_it_is_not(client: Client, settings: Settings, alice: User) -> None:
    settings.STEAM_API_KEY = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"steam": {"APPS": []}}
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "Steam" not in client.get(path).content.decode()
    for path in ("/accounts/steam/login/", "/accounts/steam/callback/"):
        assert client.get(path).status_code == 404
    client.force_login(alice)
    assert "Connect Steam" not in client.get("/coach/settings/").content.decode()


def test_openid_of_any_provider_is_no_way_in(client: Client, steam: FakeSteam) -> None:
    assert client.get("/accounts/openid/login/", {"openid": "http://127.0.0.1/"}).status_code == 404
    assert "OpenID" not in client.get("/accounts/login/").content.decode()


def test_programs_still_sign_in_by_password(client: Client, steam: FakeSteam, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    told = {"email": alice.email, "password": "correct horse battery staple"}
    answer = client.post("/_allauth/app/v1/auth/login", told, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["meta"]["access_token"]


def test_a_name_that_steam_does_not_tell_is_left_out_and_the_key_is_in_no_log(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, steam: FakeSteam
) -> None:
    monkeypatch.undo()
    caplog.set_level(logging.DEBUG)

    class Refusing(requests.Session):
        def get(self, url: Any, **more: Any) -> Any:
            raise requests.ConnectionError(f"{url}?key={more['params']['key']}")

    monkeypatch.setattr("accounts.adapters.SocialAccountAdapter.get_requests_session", lambda self: Refusing())
    provider = SteamProvider.__new__(SteamProvider)
    provider.app = type("App", (), {"secret": "steam-key"})()
    assert provider._summary(STEAM) == {}
    assert "did not tell a name" in caplog.text
    assert "steam-key" not in caplog.text

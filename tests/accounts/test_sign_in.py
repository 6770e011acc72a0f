"""Signing up and in by e-mail, with and without a second factor, in a browser."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def as_in_production(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(client: Client, email: str = "Dora@Example.org") -> None:
    answer = client.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302, answer.context["form"].errors


def sign_in(client: Client, email: str = "dora@example.org", password: str = PASSWORD) -> bool:
    client.post("/accounts/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_sign_up_sends_a_link_and_the_link_lets_in(client: Client, db: None) -> None:
    sign_up(client)
    assert not sign_in(Client()), "not before the address is confirmed"
    (path,) = re.findall(r"https?://[^/]+(/accounts/confirm-email/\S+/)", str(mail.outbox[0].body))
    client.post(path)
    assert sign_in(Client())


def test_an_address_is_one_whatever_its_case(client: Client, db: None) -> None:
    sign_up(client)
    sign_up(Client(), "DORA@example.ORG")
    assert User.objects.filter(email__iexact="dora@example.org").count() == 1


def test_sign_up_does_not_tell_who_is_here(client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    known = client.post("/accounts/signup/", {"email": alice.email, "password1": PASSWORD, "password2": PASSWORD})
    unknown = Client().post(
        "/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


@pytest.mark.parametrize("password", ["short", "12345678901", "password123"])
def test_a_weak_password_is_refused(client: Client, db: None, password: str) -> None:
    client.post("/accounts/signup/", {"email": "dora@example.org", "password1": password, "password2": password})
    assert not User.objects.exists()


def test_sign_up_can_be_closed(client: Client, db: None, settings: Settings) -> None:
    settings.SIGNUP_OPEN = False
    client.post("/accounts/signup/", {"email": "dora@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def test_a_wrong_password_does_not_let_in(client: Client, alice: User) -> None:
    confirmed(alice)
    assert not sign_in(client, alice.email, "wrong")


def test_guessing_is_stopped(client: Client, alice: User) -> None:
    confirmed(alice)
    for _ in range(12):
        sign_in(client, alice.email, "wrong")
    assert not sign_in(client, alice.email), "even the right password waits now"


def test_the_second_factor_is_asked_for(client: Client, alice: User) -> None:
    confirmed(alice)
    totp.TOTP.activate(alice, totp.generate_totp_secret())
    assert not sign_in(client, alice.email)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200


def test_the_second_factor_is_kept_encrypted_and_still_works(client: Client, alice: User) -> None:
    confirmed(alice)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(alice, secret)
    assert secret not in str(Authenticator.objects.get().data)
    sign_in(client, alice.email)
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" in client.session


def test_the_admin_is_entered_through_the_same_door(client: Client, staff: User) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_a_forgotten_password_is_reset_by_mail(client: Client, alice: User) -> None:
    confirmed(alice)
    client.post("/accounts/password/reset/", {"email": alice.email})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/confirm-email/"],
)
def test_entrance_pages_are_ours(client: Client, db: None, path: str) -> None:
    body = client.get(path).content.decode()
    assert body.count("<h1") == 1
    assert "css/touchline.css" in body


@pytest.mark.parametrize(
    "path",
    ["/accounts/settings/", "/accounts/api-keys/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/",
     "/accounts/logout/"],
)  # fmt: skip
def test_account_pages_are_ours(client: Client, alice: User, path: str) -> None:
    client.force_login(confirmed(alice))
    body = client.get(path).content.decode()
    assert body.count("<h1") == 1
    assert 'aria-label="Your account"' in body

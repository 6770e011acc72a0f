"""People: their settings, how odds look to them, and staff's view of them."""

from decimal import Decimal

import pytest
from cryptography.fernet import InvalidToken
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts import keys
from accounts.encryption import decrypted, encrypted
from accounts.models import User
from accounts.templatetags.odds import odds
from config.middleware import VisitorTimezoneMiddleware


def test_a_person_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_a_superuser_is_staff(db: None) -> None:
    boss = User.objects.create_superuser("Boss@Example.org", "pw")
    assert (boss.email, boss.is_staff, boss.is_superuser) == ("boss@example.org", True, True)


def test_people_are_called_what_they_like(alice: User) -> None:
    assert alice.shown_name == "alice"
    alice.display_name = "Al"
    assert alice.shown_name == "Al"


def test_settings_are_saved(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/accounts/settings/", {"display_name": "Al", "timezone": "Europe/Madrid", "odds_format": "american"})
    alice.refresh_from_db()
    assert (alice.display_name, alice.timezone, alice.odds_format) == ("Al", "Europe/Madrid", "american")


@pytest.mark.parametrize(("field", "value"), [("timezone", "Mars/Olympus"), ("odds_format", "roman")])
def test_nonsense_is_not_saved(client: Client, alice: User, field: str, value: str) -> None:
    client.force_login(alice)
    answer = client.post("/accounts/settings/", {"timezone": "UTC", "odds_format": "decimal", field: value})
    assert field in answer.context["form"].errors


@pytest.mark.parametrize(("path", "zone"), [("/", "Asia/Tokyo"), ("/api/me/", "UTC")])
def test_pages_show_times_in_the_persons_zone_and_the_api_in_utc(alice: User, path: str, zone: str) -> None:
    alice.timezone = "Asia/Tokyo"
    request = RequestFactory().get(path)
    request.user = alice
    respond = VisitorTimezoneMiddleware(lambda request: HttpResponse(timezone.get_current_timezone_name()))
    assert respond(request).content.decode() == zone
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")])
def test_the_theme_comes_from_the_cookie_if_it_is_one_of_ours(
    client: Client, db: None, cookie: str, theme: str
) -> None:
    client.cookies["theme"] = cookie
    assert client.get("/accounts/login/").context["theme"] == theme


@pytest.mark.parametrize(
    ("price", "style", "shown"),
    [
        (Decimal("2.5"), "decimal", "2.50"),
        (2.5, "fractional", "3/2"),
        (Decimal("1.36"), "fractional", "4/11"),
        (2.5, "american", "+150"),
        (2.0, "american", "+100"),
        (1.5, "american", "-200"),
        (None, "decimal", ""),
        (1.0, "american", "1.00"),
    ],
)
def test_odds_show_in_the_persons_format(price: Decimal | float | None, style: str, shown: str) -> None:
    assert odds(price, style) == shown


def test_a_secret_survives_the_rotation_of_the_key(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    token = encrypted("totp")
    assert "totp" not in token
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert decrypted(token) == "totp"


def test_a_secret_does_not_open_to_another_key(settings: Settings) -> None:
    settings.SECRET_KEY = "old"
    token = encrypted("totp")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", []
    with pytest.raises(InvalidToken):
        decrypted(token)


def test_staff_search_people_by_address(client: Client, staff: User, alice: User) -> None:
    client.force_login(staff)
    body = client.get("/admin/accounts/user/?q=alice").content.decode()
    assert "alice@example.org" in body
    assert "staff@example.org</a></th>" not in body


def test_staff_open_and_add_people_without_a_username(client: Client, staff: User, alice: User) -> None:
    client.force_login(staff)
    assert client.get(f"/admin/accounts/user/{alice.pk}/change/").status_code == 200
    client.post(
        "/admin/accounts/user/add/",
        {
            "email": "erin@example.org",
            "usable_password": "true",
            "password1": "horse staple 9",
            "password2": "horse staple 9",
            "consents-TOTAL_FORMS": 0,
            "consents-INITIAL_FORMS": 0,
        },
    )
    assert User.objects.filter(email="erin@example.org").exists()


def test_staff_revoke_keys_and_make_none(client: Client, staff: User, alice: User) -> None:
    row, key = keys.create(alice, name="Laptop")
    client.force_login(staff)
    assert client.get("/admin/accounts/apikey/add/").status_code == 403
    assert row.hashed_key not in client.get(f"/admin/accounts/apikey/{row.pk}/change/").content.decode()
    client.post("/admin/accounts/apikey/", {"action": "revoke", "_selected_action": [row.pk]})
    assert keys.find(key) is None


def test_consents_are_evidence(client: Client, staff: User) -> None:
    client.force_login(staff)
    assert client.get("/admin/accounts/consent/").status_code == 200
    assert client.get("/admin/accounts/consent/add/").status_code == 403

"""Signing up, signing in, growing up and looking at one's settings, in Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import ApiKey, Consent, User
from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import FRONT_PAGE, PASSWORD, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stranger_signs_up_and_signs_out(visit: Visit) -> None:
    page = visit("/accounts/signup/")
    page.fill("input[name=email]", "dora@example.org")
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(FRONT_PAGE)
    assert User.objects.filter(email="dora@example.org").exists()
    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in")).to_be_visible()


def test_a_mistyped_password_says_so_beside_the_field(visit: Visit, alice: User) -> None:
    page = visit("/accounts/login/")
    page.fill("input[name=login]", alice.email)
    page.fill("input[name=password]", "not this one")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile("not correct"))


def test_an_adult_says_so_once_and_can_take_it_back(visit: Visit, alice: User) -> None:
    page = visit("/accounts/login/")
    sign_in(page, alice)
    page.goto("/accounts/age/?next=/accounts/settings/")
    page.get_by_role("button", name="Yes, I am 18 or older").click()
    page.wait_for_url("**/accounts/settings/")
    assert Consent.objects.filter(user=alice).active().count() == 1
    page.get_by_role("button", name="Withdraw").click()
    page.wait_for_load_state()
    assert not Consent.objects.filter(user=alice).active().exists()


def test_a_key_for_programs_is_shown_once(visit: Visit, alice: User) -> None:
    page = visit("/accounts/login/")
    sign_in(page, alice)
    page.goto("/accounts/api-keys/")
    page.fill("input[name=name]", "notebook")
    page.get_by_role("button", name=re.compile("key", re.IGNORECASE)).first.click()
    key = ApiKey.objects.get(user=alice)
    expect(page.locator("main")).to_contain_text(key.prefix)
    page.goto("/accounts/api-keys/")
    expect(page.locator("main")).to_contain_text("notebook")


def test_dark_and_light_are_remembered(visit: Visit) -> None:
    page = visit("/accounts/responsible-gambling/")
    before = background(page)
    page.get_by_role("button", name="Switch between light and dark").click()
    after = background(page)
    assert before != after
    page.reload()
    assert background(page) == after


def test_the_system_s_dark_mode_is_honoured(visit: Visit) -> None:
    path = "/accounts/responsible-gambling/"
    assert background(visit(path, theme="dark")) != background(visit(path, theme="light"))


def test_a_phone_s_menu_opens_by_keyboard(visit: Visit) -> None:
    page = visit("/accounts/responsible-gambling/", viewport=PHONE)
    menu = page.get_by_role("button", name="Menu")
    expect(page.get_by_role("link", name="Sign up")).to_be_hidden()
    menu.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Sign up")).to_be_visible()


def test_the_first_tab_skips_to_the_content(visit: Visit) -> None:
    page = visit("/accounts/responsible-gambling/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

"""The API's documentation in Chromium: everything from here, nothing against the content security policy."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts import keys
from accounts.models import User
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width <= 0


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_documentation_comes_from_here_alone_and_fits(visit: Visit, viewport: dict[str, int]) -> None:
    page = visit("/api/docs/", viewport=viewport)
    expect(page.locator("#operations-model-model_train")).to_be_visible()
    assert fits(page)
    hosts: set[str] = set(page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)"))
    assert {urlsplit(name).netloc for name in hosts if not name.startswith("data:")} == {urlsplit(page.url).netloc}


def test_an_endpoint_is_tried_out_with_an_api_key(visit: Visit, alice: User) -> None:
    _, key = keys.create(alice, name="Docs")
    page = visit("/api/docs/")
    page.locator(".btn.authorize").first.click()
    page.locator(".auth-container input").first.fill(f"Api-Key {key}")
    page.locator(".auth-btn-wrapper .authorize").first.click()
    page.locator(".btn-done").first.click()
    endpoint = page.locator("#operations-account-me")
    endpoint.locator(".opblock-summary-control").click()
    endpoint.locator(".try-out__btn").click()
    endpoint.locator(".execute").click()
    expect(endpoint.locator(".live-responses-table")).to_contain_text(alice.email)

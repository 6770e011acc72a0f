"""From the fixtures to a match, past the age gate to its odds, and on to the track record, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matches.models import Match
from tests.e2e.conftest import Visit
from tests.e2e.leagues import predicted_league
from tests.e2e.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = {"width": 360, "height": 740}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
BEYOND = """[...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 60)}`)"""


@pytest.fixture
def match(storage: object) -> Match:
    return predicted_league()


def test_a_visitor_goes_from_the_fixtures_to_the_track_record(visit: Visit, match: Match, alice: User) -> None:
    page = visit("/accounts/login/")
    sign_in(page, alice)
    expect(page.locator("main")).to_contain_text("Simulated")
    expect(page.locator(".fixture-odds")).to_have_count(0)
    page.locator(f'a[href="/matches/{match.pk}/"]').click()
    shows_the_match(page, match)
    confirms_to_be_adult(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Track record").click()
    shows_the_record(page)
    for path in ("/", "/leagues/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name=match.season.competition.name).click()
    expect(page.get_by_role("heading", name="Strengths over time")).to_be_visible()


def shows_the_match(page: Page, match: Match) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(match.home.name)
    expect(page.get_by_role("img", name="Probability of each final score")).to_be_visible()
    expect(page.locator("rect.heat")).to_have_count(49)
    expect(page.locator("main")).to_contain_text("Both teams score")


def confirms_to_be_adult(page: Page) -> None:
    there = page.url
    expect(page.get_by_role("columnheader", name="Best price")).to_have_count(0)
    page.get_by_role("link", name="I am 18 or older").click()
    page.get_by_role("button", name="Yes, I am 18 or older").click()
    page.wait_for_url(there)
    expect(page.get_by_role("columnheader", name="Best price")).to_be_visible()


def shows_the_record(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Track record")
    expect(page.locator("#record")).to_contain_text("Log loss")
    expect(page.locator("#record svg").first).to_be_visible()


def test_no_page_scrolls_sideways_on_a_narrow_phone(visit: Visit, match: Match, staff: User) -> None:
    page = visit("/accounts/login/", viewport=NARROW, theme="dark")
    sign_in(page, staff)
    page.goto(f"/accounts/age/?next=/matches/{match.pk}/")
    page.get_by_role("button", name="Yes, I am 18 or older").click()
    competition = match.season.competition
    paths = [
        "/", f"/matches/{match.pk}/", "/leagues/", f"/leagues/{competition.code}/", f"/teams/{match.home.slug}/",
        "/track-record/", f"/predictions/{match.predictions.latest('sequence').pk}/",
        "/staff/models/", "/staff/models/runs/", "/staff/models/versions/",
        "/accounts/settings/", "/accounts/api-keys/", "/accounts/responsible-gambling/",
    ]  # fmt: skip
    assert {path: wide for path in paths if (wide := beyond_the_edge(page, path))} == {}


def beyond_the_edge(page: Page, path: str) -> list[str]:
    """What makes a page wider than the window: elements that end beyond its right edge, unless they scroll inside."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    found: list[str] = page.evaluate(BEYOND) if page.evaluate(SIDEWAYS) else []
    return found


def test_pages_work_without_scripts(visit: Visit, match: Match) -> None:
    page = visit("/", java_script_enabled=False)
    page.get_by_label("League", exact=True).select_option(match.season.competition.code)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(f'a[href="/matches/{match.pk}/"]')).to_be_visible()

"""From a name to the player, his distribution and the board, past the age gate to prices, in Chromium."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matches.models import Availability
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import sign_in
from tests.e2e.test_football import NARROW, beyond_the_edge
from tests.predictions.props_pages.conftest import Hoops, hoops_league, reported

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hoops(storage: object) -> Hoops:
    found = hoops_league()
    reported(found.players[2], found.coming[0], Availability.Status.OUT, "left knee")
    return found


def test_a_visitor_goes_from_a_name_to_the_board(visit: Visit, hoops: Hoops, alice: User) -> None:
    page = visit("/accounts/login/")
    sign_in(page, alice)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Player props").click()
    page.get_by_role("link", name="Find a player").click()
    page.get_by_label("Name").fill("jok")
    page.get_by_role("link", name="Nikola Jokić").click()
    shows_the_player(page)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Player props").click()
    board = page.locator("#board")
    expect(board).to_contain_text("left knee")
    expect(board.get_by_role("row", name="LeBron James")).to_have_count(0)
    expect(board.get_by_role("columnheader", name="Best price")).to_have_count(0)
    board.get_by_role("link", name="I am 18 or older").click()
    page.get_by_role("button", name="Yes, I am 18 or older").click()
    expect(board.get_by_role("columnheader", name="Best price")).to_be_visible()
    page.get_by_label("Statistic").select_option("blocks")
    page.get_by_role("button", name="Show").click()
    expect(board).to_contain_text("No model of this statistic is in service")


def shows_the_player(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Nikola Jokić")
    expect(page.get_by_role("img", name="How likely each number of points is")).to_be_visible()
    expect(page.get_by_role("img", name="in the last 12 games")).to_be_visible()
    expect(page.locator("main")).to_contain_text("65 of 100 such games")


def test_no_page_of_props_scrolls_sideways_on_a_narrow_phone(visit: Visit, hoops: Hoops, staff: User) -> None:
    page = visit("/accounts/login/", viewport=NARROW, theme="dark")
    sign_in(page, staff)
    page.goto("/accounts/age/?next=/props/")
    page.get_by_role("button", name="Yes, I am 18 or older").click()
    own = f"/players/{hoops.players[0].slug}/"
    paths = [
        "/props/", "/props/?days=7", "/props/?stat=blocks", "/players/?q=j", own, f"{own}?stat=pra&games=40",
        "/props/record/", "/props/record/?stat=blocks", f"/predictions/{hoops.said[0].pk}/",
    ]  # fmt: skip
    assert {path: wide for path in paths if (wide := beyond_the_edge(page, path))} == {}


def test_the_search_works_without_scripts(visit: Visit, hoops: Hoops) -> None:
    page = visit("/players/", java_script_enabled=False)
    page.get_by_label("Name").fill("nikola jokic")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nikola Jokić")

"""Training, watching, cancelling, promoting and rolling back, in Chromium."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from matches.simulating import simulate_leagues
from mlmodels import pipeline, promotion
from mlmodels.models import ModelVersion, Promotion, TrainingRun
from tests.e2e.conftest import Visit
from tests.e2e.leagues import trained
from tests.e2e.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
Status = TrainingRun.Status


@pytest.fixture
def champion(storage: object) -> ModelVersion:
    simulate_leagues(leagues=1, history=5, teams=8, seed=3)
    return promotion.promote(trained("base-rate"), by=None).version


@dataclass(frozen=True)
class Gate:
    """Where a training stands still before it is calibrated, so that a browser can look at it."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    calibrate = pipeline._calibrate_and_measure

    def wait_and_calibrate(*args: object) -> object:
        gate.reached.set()
        gate.opened.wait(30)
        return calibrate(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(pipeline, "_calibrate_and_measure", wait_and_calibrate)
    yield gate
    gate.opened.set()


def test_a_member_of_staff_trains_promotes_and_rolls_back(
    visit: Visit, champion: ModelVersion, staff: User, worker: None, gate: Gate
) -> None:
    page = visit("/accounts/login/")
    sign_in(page, staff)
    start_training(page, "elo")
    expect(page.locator("#run")).to_contain_text("Running")
    expect(page.get_by_role("progressbar")).to_be_visible()
    gate.opened.set()
    sees_it_end(page, "Completed")
    page.get_by_role("link", name="See elo-").click()
    promotes(page, "Better on the test rows")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Models").click()
    expect(page.locator("#champion-title")).to_contain_text("elo-")
    rolls_back(page, "It was only a try")
    expect(page.locator("#champion-title")).to_contain_text(champion.version)
    audited = Promotion.objects.filter(decided_by=staff).order_by("pk").values_list("decision", "reason")
    assert list(audited) == [("promote", "Better on the test rows"), ("roll-back", "It was only a try")]


def test_a_running_training_is_cancelled(
    visit: Visit, champion: ModelVersion, staff: User, worker: None, gate: Gate
) -> None:
    page = visit("/accounts/login/")
    sign_in(page, staff)
    start_training(page, "elo")
    assert gate.reached.wait(30)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#run")).to_contain_text("Cancelling")
    gate.opened.set()
    sees_it_end(page, "Cancelled")
    assert ModelVersion.objects.get() == champion


def test_a_selection_is_put_into_words_before_it_is_trained_on(
    visit: Visit, champion: ModelVersion, staff: User
) -> None:
    page = visit("/accounts/login/")
    sign_in(page, staff)
    page.goto("/staff/models/")
    page.get_by_text("Train a model").click()
    page.locator("input[name=competitions]").first.check()
    expect(page.locator("#summary")).to_contain_text("validate and the newest")
    page.fill("input[name=date_from]", "2030-01-01")
    page.locator("input[name=date_from]").blur()
    expect(page.locator("#summary")).to_contain_text("are needed")


def test_a_visitor_is_kept_out(visit: Visit, champion: ModelVersion, charlie: User) -> None:
    page = visit("/staff/models/")
    assert "/accounts/login/" in page.url
    sign_in(page, charlie)
    assert page.request.get("/staff/models/").status in {403, 404}
    assert page.request.get(f"/staff/models/versions/{champion.version}/").status in {403, 404}


def start_training(page: Page, algorithm: str) -> None:
    page.goto("/staff/models/")
    page.get_by_text("Train a model").click()
    page.locator("[name=algorithm]").select_option(algorithm)
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/runs/*/")


def sees_it_end(page: Page, state: str) -> None:
    """Without reloading: the page asks for news by itself."""
    expect(page.locator("#run .badge").first).to_have_text(state, timeout=30_000)


def promotes(page: Page, reason: str) -> None:
    page.fill("#promote-reason", reason)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Promote").click()
    expect(page.locator("main")).to_contain_text("It is in service")


def rolls_back(page: Page, reason: str) -> None:
    page.locator("summary", has_text="Roll back").click()
    page.fill("#roll-back-reason", reason)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Roll back").click()
    page.wait_for_load_state()

"""Challenging, experimenting, backtesting and watching, in Chromium."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from accounts.consents import grant
from accounts.models import Consent, User
from mlmodels import promotion
from mlmodels.models import ModelVersion, Promotion
from predictions import alerting
from predictions.backtesting import running
from predictions.models import Alert, Backtest, Experiment, Severity
from predictions.monitoring import watching
from predictions.upcoming import predict_upcoming
from tests.e2e.conftest import Visit
from tests.e2e.leagues import predicted_league, trained
from tests.e2e.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def challenger(storage: object) -> ModelVersion:
    """It shadows a champion that has a settled round behind it."""
    predicted_league()
    version = promotion.make_challenger(trained("base-rate"), by=None).version
    predict_upcoming()
    return version


@pytest.fixture
def better(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Carries out backtests in a thread, as a worker would in another process."""
    threads: list[threading.Thread] = []

    def bet(key: str) -> None:
        try:
            running.execute(key, worker="thread")
        finally:
            connections.close_all()

    def take(key: str) -> None:
        threads.append(threading.Thread(target=bet, args=(key,)))
        threads[-1].start()

    monkeypatch.setattr("predictions.tasks.run_backtest.delay", take)
    yield
    for thread in threads:
        thread.join()


@pytest.fixture
def page(visit: Visit, staff: User) -> Page:
    page = visit("/accounts/login/")
    sign_in(page, staff)
    return page


def go(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Models").click()
    page.get_by_role("navigation", name="Staff").get_by_role("link", name=name).click()


def test_a_challenger_is_looked_at_and_turned_away(challenger: ModelVersion, page: Page) -> None:
    go(page, "Challengers")
    page.get_by_role("link", name=challenger.version).click()
    expect(page.locator("main")).to_contain_text("E-value")
    page.get_by_label("Reject it").fill("Only the base rate")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("main")).to_contain_text("Only the base rate")
    challenger.refresh_from_db()
    assert challenger.role == ModelVersion.Role.ARCHIVED
    assert Promotion.objects.latest("pk").reason == "Only the base rate"


def test_an_alert_is_counted_in_the_navigation_and_acknowledged(challenger: ModelVersion, page: Page) -> None:
    alert = alerting.raise_alert(
        Alert.Kind.STALENESS, key="csv", title="Nothing came in", message="For two days.", severity=Severity.WARNING
    )
    go(page, "Alerts")
    expect(page.get_by_role("navigation", name="Staff")).to_contain_text("1")
    page.get_by_role("link", name="Nothing came in").click()
    page.locator("textarea, input[name=comment]").first.fill("The source is down")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("main")).to_contain_text("The source is down")
    alert.refresh_from_db()
    assert alert.status == Alert.Status.ACKNOWLEDGED


def test_an_experiment_is_drafted_started_and_stopped(challenger: ModelVersion, page: Page) -> None:
    go(page, "Experiments")
    page.get_by_role("link", name="Draft an experiment").first.click()
    page.fill("input[name=name]", "Is the base rate enough?")
    page.locator("[name=arm_2_version]").select_option(challenger.version)
    page.get_by_role("button", name="Draft").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start").click()
    expect(page.locator("main")).to_contain_text("Running")
    page.get_by_label("Reason").fill("Seen enough")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main")).to_contain_text("Stopped")
    assert Experiment.objects.get().status == Experiment.Status.STOPPED


def test_a_backtest_runs_while_its_page_is_open(
    challenger: ModelVersion, staff: User, page: Page, better: None
) -> None:
    grant(staff, Consent.Kind.ADULT)
    go(page, "Backtests")
    page.get_by_role("link", name="New backtest").first.click()
    page.locator("[name=made_by]").select_option(label="Elo")
    page.locator("[name=refit_days]").fill("28")
    page.locator("input[name=seasons]").first.check()
    page.get_by_role("button", name="Start the backtest").click()
    expect(page.locator("main .badge").first).to_have_text("Completed", timeout=60_000)
    expect(page.locator("main")).to_contain_text("ROI")
    assert Backtest.objects.get().status == Backtest.Status.COMPLETED


def test_the_champions_are_watched_at_the_press_of_a_button(
    challenger: ModelVersion, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.tasks.monitor.delay", watching.watch)
    go(page, "Monitoring")
    page.get_by_role("button", name="Look now").click()
    expect(page.locator("main")).to_contain_text("elo")
    expect(page.locator("main")).to_contain_text("Log loss")

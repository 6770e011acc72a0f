"""The pages of training runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mlmodels.models import ModelVersion, TrainingRun
from tests.factories import ModelVersionFactory, TrainingRunFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.visiting import said, text

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status


def make(status: TrainingRun.Status = Status.COMPLETED, **fields: object) -> TrainingRun:
    return TrainingRunFactory.create(problem="coin-toss", algorithm="logit", status=status, **fields)


def test_a_finished_run_shows_its_figures_beside_the_yardsticks(
    page: Client, trained: Callable[[], ModelVersion]
) -> None:
    run = trained().run
    assert run is not None
    shown = text(page, "run", run.pk)
    assert f"{run.metrics['test']['brier']:.4f}" in shown
    assert "Train frequencies" in shown
    assert "Reliability diagram" in shown
    assert "Run completed" in shown
    assert "scikit-learn" in shown
    assert "every 2s" not in shown


@pytest.mark.parametrize("status", TrainingRun.IN_FLIGHT)
def test_a_run_in_flight_asks_for_news(page: Client, status: TrainingRun.Status) -> None:
    run = make(status, progress=40, phase="fitting", message="Fitting the coin")
    shown = text(page, "run-live", run.pk)
    assert f'hx-get="{reverse("mlmodels:run-live", args=[run.pk])}" hx-trigger="every 2s"' in shown
    assert "Fitting the coin" in shown
    assert 'value="40"' in shown
    assert "<html" not in shown


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELLED])
def test_a_run_that_ended_stops_asking(page: Client, status: TrainingRun.Status) -> None:
    shown = text(page, "run-live", make(status).pk)
    assert "hx-trigger" not in shown
    assert status.label in shown


def test_a_failed_run_says_why(page: Client) -> None:
    run = make(Status.FAILED, error_message="The coin <fell> off the table.")
    assert "The coin &lt;fell&gt; off the table." in text(page, "run", run.pk)


@pytest.mark.parametrize("metrics", [{}, [], {"test": None}, {"test": {"brier": "x"}, "baselines": [1]},
                                     {"reliability": [{"count": 3}, 4, {}], "split": "never"}])  # fmt: skip
def test_figures_of_another_shape_are_left_out(page: Client, metrics: object) -> None:
    run = make(metrics=metrics)
    assert 'id="log-title"' in text(page, "run", run.pk)
    assert str(run.pk) in text(page, "history")


def test_a_selection_that_is_no_longer_understood_is_shown_as_it_is(page: Client) -> None:
    assert "moon_phase" in text(page, "run", make(selection={"moon_phase": "full"}).pk)


def test_a_queued_run_is_cancelled(page: Client) -> None:
    run = make(Status.QUEUED)
    assert "Cancelled." in said(page, "run-cancel", run.pk)
    run.refresh_from_db()
    assert run.status == Status.CANCELLED


def test_a_running_run_is_asked_to_stop(page: Client) -> None:
    run = make(Status.RUNNING)
    shown = said(page, "run-cancel", run.pk)
    assert "Asked to stop: it ends at its next step." in shown
    assert "Cancelling" in shown


def test_a_run_that_ended_can_not_be_cancelled(page: Client) -> None:
    assert "there is nothing to cancel" in said(page, "run-cancel", make().pk)


def test_retrying_leads_to_a_new_run(page: Client, staff: User) -> None:
    failed = make(Status.FAILED)
    assert "Queued again" in said(page, "run-retry", failed.pk)
    again = TrainingRun.objects.exclude(pk=failed.pk).get()
    assert (again.status, again.requested_by) == (Status.QUEUED, staff)


def test_a_run_in_flight_can_not_be_retried(page: Client) -> None:
    assert "has not ended yet" in said(page, "run-retry", make(Status.RUNNING).pk)


def test_a_run_too_small_by_now_can_not_be_retried(page: Client, coin_toss: CoinToss) -> None:
    failed = make(Status.FAILED)
    coin_toss.tosses = 1
    assert "at least 50 are needed" in said(page, "run-retry", failed.pk)


@pytest.mark.parametrize("name", ["run", "run-live"])
def test_a_run_that_is_not_there_is_not_found(page: Client, name: str) -> None:
    url = reverse(f"mlmodels:{name}", args=["00000000-0000-4000-8000-000000000000"])
    assert page.get(url).status_code == 404


def test_the_history_is_filtered(page: Client) -> None:
    kept, left = make(Status.FAILED), make(Status.COMPLETED)
    shown = text(page, "history", status="failed", algorithm="", problem="coin-toss")
    assert str(kept.pk) in shown
    assert str(left.pk) not in shown
    assert "No such run" in text(page, "history", status="cancelled")


def test_a_filter_that_is_not_offered_filters_nothing(page: Client) -> None:
    assert str(make().pk) in text(page, "history", status="sideways", page="many")


def test_an_empty_history_says_so(page: Client) -> None:
    assert "No run yet" in text(page, "history")


def test_the_history_comes_in_pages(page: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(30):
        ModelVersionFactory.create(problem="coin-toss", run=make())
    with django_assert_max_num_queries(6):
        shown = text(page, "history", status="completed")
    assert "Page 1 of 2" in shown
    assert "?status=completed&amp;page=2" in shown


def test_it_tells_how_long_a_run_took(page: Client) -> None:
    began = timezone.now()
    make(started_at=began, completed_at=began + timedelta(minutes=3, seconds=20))
    assert "3 min 20 s" in text(page, "history")


def test_runs_of_a_problem_that_is_gone_are_still_listed(page: Client) -> None:
    gone = TrainingRunFactory.create(problem="tarot", algorithm="cups", status=Status.COMPLETED)
    assert "cups" in text(page, "history")
    assert page.get(reverse("mlmodels:run", args=[gone.pk])).status_code == 404

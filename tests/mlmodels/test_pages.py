"""The staff's training pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mlmodels import promotion
from mlmodels.models import ModelVersion, TrainingRun
from tests.factories import ModelVersionFactory, TrainingRunFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.visiting import said, text

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status
UUID = "00000000-0000-4000-8000-000000000000"
PAGES = {
    "index": (),
    "history": (),
    "versions": (),
    "compare": (),
    "activity": ("coin-toss",),
    "run": (UUID,),
    "run-live": (UUID,),
    "version": ("x",),
    "version-export": ("x",),
}
POSTS = {
    "check": ("coin-toss",),
    "start": ("coin-toss",),
    "roll-back": ("coin-toss",),
    "run-cancel": (UUID,),
    "run-retry": (UUID,),
    "version-promote": ("x",),
    "version-challenge": ("x",),
    "version-archive": ("x",),
}


@pytest.mark.parametrize(("name", "args"), [*PAGES.items(), *POSTS.items()])
def test_a_stranger_is_asked_to_sign_in(client: Client, coin_toss: CoinToss, name: str, args: tuple[str]) -> None:
    url = reverse(f"mlmodels:{name}", args=args)
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("name", "args"), [*PAGES.items(), *POSTS.items()])
def test_an_ordinary_person_is_refused(
    client: Client, charlie: User, coin_toss: CoinToss, name: str, args: tuple[str]
) -> None:
    client.force_login(charlie)
    url = reverse(f"mlmodels:{name}", args=args)
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 403


@pytest.mark.parametrize(("name", "args"), POSTS.items())
def test_changes_are_not_made_by_a_link(page: Client, name: str, args: tuple[str]) -> None:
    assert page.get(reverse(f"mlmodels:{name}", args=args)).status_code == 405


@pytest.mark.parametrize(("name", "args"), POSTS.items())
def test_changes_need_the_form_they_come_from(staff: User, coin_toss: CoinToss, name: str, args: tuple[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post(reverse(f"mlmodels:{name}", args=args)).status_code == 403


# ---- The front page ----


def test_the_front_page_says_that_nothing_is_in_service(page: Client) -> None:
    shown = text(page, "index", problem="coin-toss")
    assert "No model is in service" in shown
    assert "No run has ended yet" in shown
    assert '<details class="panel" id="configure" open>' in shown


def test_the_front_page_shows_the_champion_with_the_rows_it_was_tested_on(
    page: Client, trained: Callable[[], ModelVersion]
) -> None:
    version = trained()
    promotion.promote(version, by=None)
    shown = text(page, "index", problem="coin-toss")
    assert "in service" in shown
    assert f"{version.metrics['test']['brier']:.4f}" in shown
    assert "On the test rows (n = 60)" in shown


def test_the_front_page_asks_the_database_little_however_much_there_is(
    page: Client, django_assert_max_num_queries: DjangoAssertNumQueries, staff: User
) -> None:
    for _ in range(12):
        run = TrainingRunFactory.create(problem="coin-toss", status=Status.COMPLETED, requested_by=staff)
        ModelVersionFactory.create(problem="coin-toss", run=run)
        TrainingRunFactory.create(problem="coin-toss", status=Status.RUNNING, requested_by=staff)
    with django_assert_max_num_queries(8):
        text(page, "index", problem="coin-toss")


@pytest.mark.parametrize("name", ["index", "history", "versions"])
def test_lists_leave_the_weights_in_the_database(page: Client, name: str, staff: User) -> None:
    run = TrainingRunFactory.create(problem="coin-toss", status=Status.COMPLETED, requested_by=staff)
    ModelVersionFactory.create(problem="coin-toss", run=run)
    with CaptureQueriesContext(connection) as queries:
        text(page, name, problem="coin-toss")
    # Of versions out of service: the front page reads the one champion whole.
    assert not [query["sql"] for query in queries if "model_weights" in query["sql"] and "champion" not in query["sql"]]


def test_an_unknown_problem_is_named_with_the_known_ones(page: Client) -> None:
    answer = page.get(reverse("mlmodels:index"), {"problem": "tarot"})
    assert answer.status_code == 404
    assert "coin-toss" in answer.content.decode()


def test_what_is_in_flight_asks_for_news_until_it_has_ended(page: Client) -> None:
    run = TrainingRunFactory.create(problem="coin-toss", status=Status.RUNNING, progress=40, message="Fitting")
    shown = text(page, "activity", "coin-toss")
    assert "every 2s" in shown
    assert "Fitting" in shown
    TrainingRun.objects.filter(pk=run.pk).update(status=Status.COMPLETED)
    assert "every 2s" not in text(page, "activity", "coin-toss")


# ---- The training configuration ----


def test_a_summary_says_what_would_be_used(page: Client) -> None:
    answer = page.post(
        reverse("mlmodels:check", args=["coin-toss"]),
        {"algorithm": "logit", "competitions": ["penny"], "date_from": "2020-02-01"},
        headers={"HX-Request": "true", "HX-Target": "summary"},
    )
    shown = answer.content.decode()
    assert "on Penny, every season, from 1 February 2020" in shown
    assert "<strong>400 rows</strong>" in shown
    assert "<form" not in shown
    assert not TrainingRun.objects.exists()


def test_a_summary_needs_no_script(page: Client) -> None:
    shown = said(page, "check", "coin-toss", algorithm="logit", competitions="penny")
    assert "<h1>Models</h1>" in shown
    assert "<strong>400 rows</strong>" in shown
    assert 'value="penny" id="id_competitions_0" checked' in shown


def test_a_summary_warns_of_too_little(page: Client, coin_toss: CoinToss) -> None:
    coin_toss.tosses = 7
    assert "At least 50 are needed" in said(page, "check", "coin-toss", algorithm="logit")


def test_a_clear_button_empties_its_group_only(page: Client) -> None:
    answer = page.post(
        reverse("mlmodels:check", args=["coin-toss"]),
        {"algorithm": "logit", "competitions": "penny", "date_from": "2020-02-01", "clear": "dates"},
        headers={"HX-Request": "true", "HX-Target": "configuration"},
    )
    shown = answer.content.decode()
    assert "2020-02-01" not in shown
    assert 'value="penny" id="id_competitions_0" checked' in shown


def test_starting_queues_a_run_of_what_was_chosen(page: Client, staff: User) -> None:
    shown = said(
        page, "start", "coin-toss", algorithm="logit", competitions="penny", seed=7, force="on", version_name="lucky"
    )
    run = TrainingRun.objects.get()
    assert (run.status, run.requested_by, run.trigger) == (Status.QUEUED, staff, TrainingRun.Trigger.PERSON)
    assert (run.seed, run.force, run.version_name) == (7, True, "lucky")
    assert run.selection["competitions"] == ["penny"]
    assert "Your run was queued" in shown


def test_starting_the_same_twice_leads_to_the_run_in_flight(page: Client) -> None:
    said(page, "start", "coin-toss", algorithm="logit")
    shown = said(page, "start", "coin-toss", algorithm="logit")
    assert "in flight already" in shown
    assert TrainingRun.objects.count() == 1


def test_reversed_dates_are_refused_beside_the_field(page: Client) -> None:
    answer = page.post(
        reverse("mlmodels:start", args=["coin-toss"]),
        {"algorithm": "logit", "date_from": "2024-05-01", "date_to": "2023-05-01"},
    )
    assert answer.status_code == 422
    assert "swap the two dates" in str(answer.context["form"].errors["date_to"])
    assert not TrainingRun.objects.exists()


def test_too_little_to_train_on_is_refused_in_words(page: Client, coin_toss: CoinToss) -> None:
    coin_toss.tosses = 3
    answer = page.post(reverse("mlmodels:start", args=["coin-toss"]), {"algorithm": "logit"})
    assert answer.status_code == 422
    assert "has 3 finished rows; at least 50" in answer.content.decode()


def test_a_taken_name_is_refused_beside_the_field(page: Client) -> None:
    ModelVersionFactory.create(version="taken")
    answer = page.post(reverse("mlmodels:start", args=["coin-toss"]), {"algorithm": "logit", "version_name": "taken"})
    assert "taken already" in str(answer.context["form"].errors["version_name"])


@pytest.mark.parametrize(
    "nonsense",
    [{"algorithm": "magic"}, {"algorithm": ""}, {"competitions": "moon"}, {"date_from": "soon"}, {"seed": "-1"},
     {"version_name": "../etc"}],
)  # fmt: skip
def test_nonsense_starts_nothing(page: Client, nonsense: dict[str, str]) -> None:
    answer = page.post(reverse("mlmodels:start", args=["coin-toss"]), {"algorithm": "logit", **nonsense})
    assert answer.status_code == 422
    assert not TrainingRun.objects.exists()


def test_a_champion_whose_file_was_changed_is_told_of(
    page: Client, trained: Callable[[], ModelVersion], storage: Path
) -> None:
    version = trained()
    promotion.promote(version, by=None)
    assert "be used" not in text(page, "index") + text(page, "version", version.version)
    file = storage / "artifacts" / version.artifact_path
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    for shown in (text(page, "index"), text(page, "version", version.version)):
        assert "its sha256 differs" in shown


def test_the_front_page_counts_roles_and_begins_with_the_champion(page: Client) -> None:
    roles = ("archived", "champion", "experimental", "challenger", "experimental")
    interval = {"metric": "brier", "low": 0.31, "high": 0.42}
    made = [
        ModelVersionFactory.create(
            problem="coin-toss", algorithm="logit", role=role, metrics={"test": {"brier": 0.4}, "interval": interval}
        )
        for role in roles
    ]
    shown = text(page, "index", problem="coin-toss")
    table = shown[shown.index('id="versions-title"') :]
    places = [table.index(f"{version}</a>") for version in (made[1], made[3], made[4], made[2], made[0])]
    assert places == sorted(places)
    assert "0.3100 to 0.4200" in table
    for role, count in (("champion", 1), ("challenger", 1), ("experimental", 2), ("archived", 1)):
        assert f'role={role}">{count}<' in table

"""The pages of experiments: what staff see and may do, and that nobody else does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.consents import grant
from accounts.models import Consent, User
from mlmodels.models import ModelVersion
from predictions import settling
from predictions.models import Experiment, Prediction
from predictions.upcoming import predict_upcoming
from tests.factories import MatchFactory, PredictionFactory
from tests.mlmodels.coin_toss import CoinToss, Toss
from tests.predictions.experimenting.conftest import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def filled(champion: ModelVersion, rival: ModelVersion, **changes: str) -> dict[str, str]:
    return {
        "name": "Less regularised",
        "unit": "user",
        "control": "1",
        "arm_1_name": "control",
        "arm_1_version": champion.version,
        "arm_1_share": "0.7",
        "arm_2_name": "rival",
        "arm_2_version": rival.version,
        "arm_2_share": "0.3",
        **changes,
    }


NEW = "/staff/experiments/new/?problem=coin-toss"


@pytest.mark.parametrize("visitor", [None, "charlie"])
def test_a_stranger_gets_nothing(client: Client, make: Make, charlie: User, visitor: str | None) -> None:
    experiment = make()
    if visitor:
        client.force_login(charlie)
    expected = 403 if visitor else 302
    for name, args in [("experiments", []), ("experiment-new", []), ("experiment", [experiment.pk])]:
        assert client.get(reverse(f"predictions:{name}", args=args)).status_code == expected
    for verb in ("start", "stop", "discard"):
        assert client.post(reverse(f"predictions:experiment-{verb}", args=[experiment.pk])).status_code == expected
    experiment.refresh_from_db()
    assert experiment.status == Experiment.Status.DRAFT


def test_an_empty_list_says_what_to_do(page: Client) -> None:
    assert "No experiment yet" in page.get(reverse("predictions:experiments")).content.decode()


def test_a_draft_is_made_by_form_and_started_and_stopped(
    page: Client, staff: User, champion: ModelVersion, rival: ModelVersion
) -> None:
    assert champion.version in page.get(NEW).content.decode()
    made = page.post(NEW, filled(champion, rival), follow=True).content.decode()
    experiment = Experiment.objects.get()
    assert "Drafted. Nobody has an arm before you start it." in made
    assert (experiment.name, experiment.unit, experiment.created_by) == ("Less regularised", "user", staff)
    assert "No winner yet" in made
    at = reverse("predictions:experiment-start", args=[experiment.pk])
    assert "Started" in page.post(at, follow=True).content.decode()
    assert "only a draft is started" in page.post(at, follow=True).content.decode()
    at = reverse("predictions:experiment-stop", args=[experiment.pk])
    assert "Say why" in page.post(at, follow=True).content.decode()
    stopped = page.post(at, {"reason": "Seen <enough>"}, follow=True).content.decode()
    assert "the champion answers everybody" in stopped
    assert "Seen &lt;enough&gt;" in stopped


def test_a_draft_is_discarded(page: Client, make: Make) -> None:
    experiment, kept = make(), make(started=True)
    gone = page.post(reverse("predictions:experiment-discard", args=[experiment.pk]), follow=True).content.decode()
    assert "is discarded" in gone
    refused = page.post(reverse("predictions:experiment-discard", args=[kept.pk]), follow=True).content.decode()
    assert "Only a draft is discarded" in refused
    assert list(Experiment.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"arm_2_share": "0.2"}, "The shares of the arms sum to 0.9, not to 1: 0.7 + 0.2."),
        ({"arm_2_version": ""}, "has 2 to 5 arms: this has 1 arm"),
        ({"arm_2_share": ""}, "Say the share of arm 2"),
        ({"arm_2_share": "lots"}, "Enter a number"),
        ({"arm_3_name": "third"}, "Choose the version of arm 3"),
        ({"arm_2_version": "nobody"}, "Select a valid choice"),
        ({"control": "4"}, "here 0 are"),
        ({"name": ""}, "This field is required"),
        ({"starts_at": "2020-01-01T12:00"}, "which is past"),
        ({"starts_at": "2999-01-02T12:00", "ends_at": "2999-01-01T12:00"}, "before it starts"),
        ({"ends_at": "tomorrow"}, "Enter a valid date/time"),
    ],
)
def test_what_makes_no_experiment_is_said_in_the_form(
    page: Client, champion: ModelVersion, rival: ModelVersion, changes: dict[str, str], words: str
) -> None:
    answer = page.post(NEW, filled(champion, rival, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not Experiment.objects.exists()


def test_the_same_version_twice_is_said_in_the_form(page: Client, champion: ModelVersion, rival: ModelVersion) -> None:
    answer = page.post(NEW, filled(champion, rival, arm_2_version=champion.version))
    assert "Two arms have the same version" in answer.content.decode()


def test_the_form_keeps_what_was_filled_in(page: Client, champion: ModelVersion, rival: ModelVersion) -> None:
    shown = page.post(NEW, filled(champion, rival, arm_2_share="0.2", control="2")).content.decode()
    assert 'value="0.2"' in shown
    assert '<input type="radio" name="control" value="2" checked>' in shown


def test_a_problem_that_nobody_knows_is_not_found(page: Client) -> None:
    assert page.get("/staff/experiments/new/?problem=weather").status_code == 404


def test_a_report_shows_figures_words_and_chart_and_profit_only_to_adults(
    page: Client, staff: User, make: Make, coin_toss: CoinToss, tosses: list[Toss]
) -> None:
    experiment = make(unit="user", started=True)
    predict_upcoming()
    coin_toss.outcomes |= dict.fromkeys(range(1, 21), "heads")
    settling._settle(Prediction.objects.all())
    at = reverse("predictions:experiment", args=[experiment.pk])
    shown = page.get(at).content.decode()
    assert "rival beside the control" in shown
    assert 'class="c-band"' in shown
    assert "After 20 events the Brier score of rival" in shown
    assert "ROI" not in shown
    assert "18 or older" in shown
    grant(staff, Consent.Kind.ADULT)
    assert "ROI, flat stakes" in page.get(at).content.decode()


def test_a_list_asks_the_database_little(page: Client, make: Make, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        make(name=f"Number {number}")
    with django_assert_max_num_queries(7):
        assert "Number 5" in page.get(reverse("predictions:experiments")).content.decode()


def test_one_experiment_asks_the_database_little(
    page: Client, make: Make, coin_toss: CoinToss, tosses: list[Toss], django_assert_max_num_queries: Any
) -> None:
    experiment = make(unit="user", started=True)
    predict_upcoming()
    coin_toss.outcomes |= dict.fromkeys(range(1, 21), "heads")
    settling._settle(Prediction.objects.all())
    with django_assert_max_num_queries(8):
        page.get(reverse("predictions:experiment", args=[experiment.pk]))


# ---- What people see of it ----


def test_a_person_finds_their_arms_prediction_on_the_pages_and_everybody_else_the_controls(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from predictions.experimenting.seats import Seat
    from predictions.views import fixtures, matches

    match = MatchFactory.create(kickoff=timezone.now() + timedelta(days=1), date=timezone.localdate())
    control = PredictionFactory.create(match=match, experiment_arm="1:control")
    treated = PredictionFactory.create(
        match=match,
        model_version=control.model_version,
        experiment_arm="1:rival",
        is_shadow=True,
        probabilities={"home": 0.81, "draw": 0.11, "away": 0.08},
    )
    seats = {alice.pk: [Seat(arm="1:rival", control="1:control")]}
    for view in (fixtures, matches):
        monkeypatch.setattr(view, "running_seats", lambda user: seats.get(user.pk, []))
    pages = (match.get_absolute_url(), "/?days=7")
    shown = re.compile(r"\b81(\s|&nbsp;)*%")
    assert not any(shown.search(client.get(at).content.decode()) for at in pages)
    client.force_login(alice)
    assert all(shown.search(client.get(at).content.decode()) for at in pages)
    assert treated.is_shadow

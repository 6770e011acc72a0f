"""Experiments over HTTP: for staff, in the same words as on the pages."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.consents import grant
from accounts.models import Consent, User
from mlmodels.models import ModelVersion
from predictions import settling
from predictions.experimenting import running
from predictions.models import Experiment, Prediction
from predictions.upcoming import predict_upcoming
from tests.factories import MatchFactory, PredictionFactory, UserFactory
from tests.mlmodels.coin_toss import CoinToss, Toss
from tests.predictions.experimenting.conftest import Make

pytestmark = pytest.mark.django_db
LIST = "/api/experiments/"


@pytest.fixture
def api(staff: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(staff)
    return client


def asked(champion: ModelVersion, rival: ModelVersion, **changes: Any) -> dict[str, Any]:
    arms = [
        {"name": "control", "version": champion.version, "share": 0.7, "is_control": True},
        {"name": "rival", "version": rival.version, "share": 0.3},
    ]
    return {"problem": "coin-toss", "name": "X", "unit": "user", "arms": arms, **changes}


@pytest.mark.parametrize(("signed_in", "status"), [(False, 401), (True, 403)])
def test_a_stranger_gets_nothing(make: Make, charlie: User, signed_in: bool, status: int) -> None:
    experiment, client = make(), APIClient()
    if signed_in:
        client.force_authenticate(charlie)
    at = f"{LIST}{experiment.pk}/"
    assert {client.get(path).status_code for path in (LIST, at, f"{at}report/")} == {status}
    assert {client.post(path).status_code for path in (LIST, f"{at}start/", f"{at}stop/")} == {status}
    assert client.delete(at).status_code == status
    assert Experiment.objects.get().status == "draft"


def test_from_draft_to_stop(api: APIClient, staff: User, champion: ModelVersion, rival: ModelVersion) -> None:
    made = api.post(LIST, asked(champion, rival), format="json")
    assert made.status_code == 201
    assert [arm["share"] for arm in made.json()["arms"]] == ["0.7000", "0.3000"]
    at = f"{LIST}{made.json()['id']}/"
    assert Experiment.objects.get().created_by == staff
    assert api.post(f"{at}start/").json()["status"] == "running"
    again = api.post(f"{at}start/")
    assert (again.status_code, again.json()["code"]) == (409, "experiment_is_fixed")
    assert api.delete(at).status_code == 409
    stopped = api.post(f"{at}stop/", {"reason": "Enough"}, format="json").json()
    assert (stopped["status"], stopped["stop_reason"]) == ("stopped", "Enough")
    assert [each["id"] for each in api.get(LIST, {"status": "stopped"}).json()["results"]] == [made.json()["id"]]


def test_a_draft_is_discarded(api: APIClient, make: Make) -> None:
    experiment = make()
    assert api.delete(f"{LIST}{experiment.pk}/").json()["name"] == experiment.name
    assert api.get(f"{LIST}{experiment.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"arms": []}, 422, "has 2 to 5 arms: this has 0 arms"),
        ({"unit": "team"}, 400, "is not a valid choice"),
        ({"problem": "weather"}, 400, "There is no problem"),
        ({"salt": "mine"}, 400, "There is no such field"),
        ({"arms": [{"name": "a", "version": "nobody", "share": 1}]}, 400, "does not exist"),
        ({"starts_at": "2020-01-01T00:00:00Z"}, 422, "which is past"),
        ({"arms": "all"}, 400, "Expected a list"),
    ],
)
def test_what_makes_no_experiment_is_refused(
    api: APIClient, champion: ModelVersion, rival: ModelVersion, changes: dict[str, Any], status: int, words: str
) -> None:
    answer = api.post(LIST, asked(champion, rival, **changes), format="json")
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


@pytest.mark.parametrize("share", [0.2, 0, -1, 1.5, "NaN", "a lot", None])
def test_shares_that_are_none_or_do_not_sum_to_one_are_refused(
    api: APIClient, champion: ModelVersion, rival: ModelVersion, share: object
) -> None:
    given = asked(champion, rival)
    given["arms"][1]["share"] = share
    assert api.post(LIST, given, format="json").status_code in (400, 422)
    assert not Experiment.objects.exists()


def test_a_report_tells_figures_and_profit_only_to_adults(
    api: APIClient, staff: User, make: Make, coin_toss: CoinToss, tosses: list[Toss]
) -> None:
    experiment = make(unit="user", started=True)
    predict_upcoming()
    coin_toss.outcomes |= {number: "heads" if number < 8 else "tails" for number in range(1, 21)}
    settling._settle(Prediction.objects.all())
    told = api.get(f"{LIST}{experiment.pk}/report/").json()
    assert (told["loss"], told["events"], told["winner"]) == ("brier", 20, "")
    assert told["words"].startswith("No winner yet.")
    control, rival = told["arms"]
    assert (control["comparison"], rival["comparison"]["n"]) == (None, 20)
    assert control["figures"]["accuracy"]["low"] <= control["figures"]["accuracy"]["value"]
    assert control["figures"]["roi"] is None
    grant(staff, Consent.Kind.ADULT)
    staff = User.objects.get(pk=staff.pk)
    api.force_authenticate(staff)
    assert api.get(f"{LIST}{experiment.pk}/report/").json()["arms"][0]["figures"]["roi"] is not None


def test_a_report_of_nothing_is_json(api: APIClient, make: Make) -> None:
    told = api.get(f"{LIST}{make().pk}/report/").json()
    assert (told["events"], told["arms"][1]["comparison"]["low"]) == (0, None)


def test_a_list_asks_the_database_little(api: APIClient, make: Make, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make()
    with django_assert_max_num_queries(4):
        assert len(api.get(LIST).json()["results"]) == 5


# ---- What members read ----


def test_a_member_reads_their_arms_rows_in_place_of_the_controls_and_others_do_not(make: Make) -> None:
    experiment = make(unit="user", started=True)
    plan = running.running("coin-toss")
    assert plan is not None
    people = [UserFactory.create() for _ in range(40)]
    treated = next(person for person in people if plan.arm_of_user(person).name == "rival")
    other = next(person for person in people if plan.arm_of_user(person).name == "control")
    match = MatchFactory.create()
    control = PredictionFactory.create(match=match, experiment_arm=f"{experiment.pk}:control")
    theirs = PredictionFactory.create(
        match=match,
        model_version=control.model_version,
        experiment_arm=f"{experiment.pk}:rival",
        is_shadow=True,
    )
    client = APIClient()
    for person, row, hidden in ((treated, theirs, None), (other, control, theirs)):
        client.force_authenticate(person)
        listed = [each["id"] for each in client.get("/api/predictions/").json()["results"]]
        assert listed == [str(row.pk)]
        assert client.get(f"/api/matches/{match.pk}/").json()["prediction"]["id"] == str(row.pk)
        assert client.get(f"/api/predictions/{row.pk}/").status_code == 200
        if hidden is not None:
            assert client.get(f"/api/predictions/{hidden.pk}/").status_code == 404
            assert client.get(f"/predictions/{hidden.pk}/").status_code == 404
    page = APIClient()
    page.force_login(treated)
    assert page.get(f"/predictions/{theirs.pk}/").status_code == 200

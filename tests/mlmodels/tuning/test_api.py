"""`/api/tuning/` and what `/api/model/train` takes of tuning; nothing for strangers."""

from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels.models import TrainingRun, TuningStudy
from mlmodels.problem import Algorithm
from tests.mlmodels.tuning.test_pages import study, trial
from tests.mlmodels.tuning.tossing import trained

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def fresh_counters(trusting: Algorithm) -> None:
    cache.clear()


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize("path", ["/api/tuning/", f"/api/tuning/{NOWHERE}/"])
def test_strangers_and_ordinary_people_get_nothing(charlie: User, path: str) -> None:
    assert api().get(path).status_code == 401
    assert api(charlie).get(path).status_code == 403


def test_a_search_is_told_with_its_trials(staff: User) -> None:
    trained(tuning={"trials": 4})
    row = TuningStudy.objects.get()
    body = api(staff).get(f"/api/tuning/{row.pk}/").json()
    assert [t["number"] for t in body["trials"]] == [0, 1, 2, 3]
    assert body["best_value"] == min(t["value"] for t in body["trials"] if t["state"] == "complete")
    assert body["finished"] == 4
    assert {d["name"] for d in body["space"]} == {"trust", "noise", "side"}
    assert api(staff).get(f"/api/tuning/{NOWHERE}/").status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(
    staff: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        trial(study(f"k{number}"), 0, 0.5)
    study("other", problem="tarot")
    with django_assert_max_num_queries(4):
        results = api(staff).get("/api/tuning/", {"problem": "coin-toss"}).json()["results"]
    assert len(results) == 20
    assert {entry["finished"] for entry in results} == {1}
    assert "trials" not in results[0]


def test_training_is_asked_for_with_tuning(staff: User) -> None:
    body = {"problem": "coin-toss", "modelType": "trusting", "tuning": {"trials": 5, "seconds": 60}}
    answer = api(staff).post("/api/model/train", body, format="json")
    assert answer.status_code == 202
    assert TrainingRun.objects.get().tuning == {"trials": 5, "seconds": 60}
    [entry] = api(staff).get("/api/model/training-history", {"problem": "coin-toss"}).json()
    assert entry["tuning"] == {"trials": 5, "seconds": 60}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"tuning": {"trials": 0}}, 422, "Trials to tune for are a whole number from 1 to 1000, not 0."),
        ({"tuning": {"seconds": -1}}, 422, "Seconds to tune for are a whole number from 1 to 14400, not -1."),
        ({"tuning": {"epochs": 3}}, 400, "tuning"),
        ({"tuning": {"trials": "many"}}, 400, "tuning"),
        ({"tuning": 30}, 400, "tuning"),
        ({"modelType": "logit", "tuning": {"trials": 3}}, 422, "Logit has no hyper-parameters to tune"),
        ({"featureSelection": {"method": "magic", "keep": 3}}, 422, "called 'magic'"),
        ({"featureSelection": {"method": "l1", "keep": 0}}, 422, "from 1 on, not 0"),
        ({"featureSelection": {"method": "l1", "keep": 3}}, 422, "does not read a table of numeric features"),
        ({"featureSelection": {"method": "l1"}}, 400, "featureSelection"),
    ],
)
def test_what_makes_no_sense_is_refused(staff: User, body: dict[str, Any], status: int, words: str) -> None:
    answer = api(staff).post(
        "/api/model/train", {"problem": "coin-toss", "modelType": "trusting", **body}, format="json"
    )
    assert (answer.status_code, words in answer.json()["message"]) == (status, True), answer.json()
    assert not TrainingRun.objects.exists()


def test_a_version_tells_how_it_was_tuned(staff: User) -> None:
    trained(tuning={"trials": 3})
    [entry] = api(staff).get("/api/model/versions", {"problem": "coin-toss"}).json()["results"]
    assert entry["tuning"]["trials"] == 3
    assert entry["hyperParameters"] == entry["tuning"]["parameters"]
    assert (entry["featureSelection"], entry["chosenFeatures"]) == ({}, [])

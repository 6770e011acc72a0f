"""`/api/model/*` and `/api/tasks/*`: exact shapes, and nothing for whoever has no business here."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import promotion, runs
from mlmodels.models import ModelVersion, Promotion, TrainingRun
from mlmodels.selection import Selection
from tests.factories import ModelVersionFactory, TrainingRunFactory
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db

TASK_KEYS = {
    "taskId", "status", "progress", "phase", "message", "result", "error", "startedAt", "completedAt",
}  # fmt: skip
FIGURES = {"brierScore", "logLoss", "drawAccuracy", "rmse"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def fresh_counters(coin_toss: CoinToss) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def train(client: APIClient, **body: Any) -> Any:
    return client.post("/api/model/train", {"problem": "coin-toss", **body})


@pytest.fixture
def run() -> TrainingRun:
    """Trained, its version experimental."""
    queued, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False)
    done = runs.execute(str(queued.pk), worker="w1")
    assert done is not None
    return done


def test_training_is_queued_for_a_worker(staff: User) -> None:
    answer = train(api(staff), modelType="logit", leagues=["penny"], dateFrom="2020-02-01", dateTo="2020-12-31")
    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == {"taskId", "status", "message"}
    run = TrainingRun.objects.get(pk=body["taskId"])
    assert (run.status, run.algorithm, run.requested_by) == ("queued", "logit", staff)
    assert run.selection["competitions"] == ["penny"]
    assert (run.selection["date_from"], run.selection["date_to"]) == ("2020-02-01", "2020-12-31")


def test_the_same_request_in_flight_is_not_begun_twice(staff: User) -> None:
    first, second = train(api(staff)), train(api(staff))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["taskId"] == second.json()["taskId"]
    assert train(api(staff), dateFrom="2020-02-01").json()["taskId"] != first.json()["taskId"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"leagues": ["XX"]}, "leagues"),
        ({"leagues": "penny"}, "leagues"),
        ({"seasons": ["9999"]}, "seasons"),
        ({"modelType": "crystal-ball"}, "modelType"),
        ({"problem": "weather"}, "problem"),
        ({"dateFrom": "2021-01-01", "dateTo": "2020-01-01"}, "dateFrom"),
        ({"dateTo": "soon"}, "dateTo"),
        ({"model_type": "logit"}, "model_type"),
        ({"leagus": ["penny"]}, "leagus"),
        ({"leagues": ["penny"] * 101}, "leagues"),
    ],
)
def test_it_refuses_a_training_it_can_not_use_and_names_the_field(
    staff: User, body: dict[str, Any], field: str
) -> None:
    answer = train(api(staff), **body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["detail"]) == {field}
    assert not TrainingRun.objects.exists()


def test_too_few_matches_are_refused_in_words(staff: User, coin_toss: CoinToss) -> None:
    coin_toss.tosses = 3
    answer = train(api(staff))
    assert answer.status_code == 422
    assert answer.json()["code"] == "too_little_data"
    assert "at least 50 are needed" in answer.json()["message"]


def test_trainings_are_limited_by_the_hour(staff: User) -> None:
    answers = [train(api(staff)) for _ in range(31)]
    assert [answer.status_code for answer in answers[-2:]] == [202, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_a_completed_task_shows_its_result(staff: User, run: TrainingRun) -> None:
    body = api(staff).get(f"/api/tasks/{run.pk}").json()
    assert set(body) == TASK_KEYS
    version = run.model_version
    assert (body["status"], body["progress"], body["error"]) == ("completed", 100, None)
    assert (body["result"]["modelId"], body["result"]["version"]) == (version.pk, version.version)
    assert set(body["result"]["metrics"]) == FIGURES
    brier = version.metrics["test"]["brier"]
    assert body["result"]["metrics"]["brierScore"] == brier
    assert body["result"]["metrics"]["rmse"] == pytest.approx((brier / 2) ** 0.5)
    assert body["startedAt"] < body["completedAt"]


def test_a_failed_task_says_why(staff: User) -> None:
    run = TrainingRunFactory.create(problem="coin-toss", status="failed", error_message="The coin was lost.")
    body = api(staff).get(f"/api/tasks/{run.pk}").json()
    assert (body["status"], body["error"], body["result"]) == ("failed", "The coin was lost.", None)


def test_an_unknown_task_is_not_found(staff: User) -> None:
    assert api(staff).get(f"/api/tasks/{NOWHERE}").json()["code"] == "not_found"
    assert api(staff).post(f"/api/tasks/{NOWHERE}/cancel").status_code == 404


def test_a_queued_task_is_cancelled_once(staff: User) -> None:
    task = train(api(staff)).json()["taskId"]
    assert api(staff).post(f"/api/tasks/{task}/cancel").json()["status"] == "cancelled"
    again = api(staff).post(f"/api/tasks/{task}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_state")


def test_status_without_a_model_says_so(charlie: User) -> None:
    body = api(charlie).get("/api/model/status?problem=coin-toss").json()
    assert body == {
        "problem": "coin-toss",
        "champion": None,
        "isTraining": False,
        "training": None,
        "lastTrainedAt": None,
        "metrics": None,
    }


def test_status_shows_the_champion_and_the_run_in_flight(staff: User, run: TrainingRun) -> None:
    promotion.promote(run.model_version, by=staff)
    task = train(api(staff), force=True).json()["taskId"]
    body = api(staff).get("/api/model/status").json()
    assert body["champion"]["version"] == run.model_version.version
    assert body["champion"]["modelType"] == "logit"
    assert (body["isTraining"], body["training"]["taskId"]) == (True, task)
    assert set(body["metrics"]) == FIGURES
    assert body["lastTrainedAt"] == body["champion"]["trainedAt"]


def test_the_problem_is_the_first_by_slug_unless_named(staff: User) -> None:
    assert api(staff).get("/api/model/status").json()["problem"] == "coin-toss"
    assert api(staff).get("/api/model/status?problem=football-outcome").json()["problem"] == "football-outcome"
    unknown = api(staff).get("/api/model/status?problem=weather")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_problem")


def test_versions_come_newest_first_and_by_role(staff: User, run: TrainingRun) -> None:
    later = timezone.now() + timedelta(hours=1)
    ModelVersionFactory.create(problem="coin-toss", role="archived", training_completed_at=later)
    ModelVersionFactory.create(problem="football-outcome")
    versions = api(staff).get("/api/model/versions?problem=coin-toss").json()
    assert [version["role"] for version in versions["results"]] == ["archived", "experimental"]
    assert versions["results"][1]["taskId"] == str(run.pk)
    assert versions["results"][1]["evaluation"] == run.model_version.metrics["test"]
    archived = api(staff).get("/api/model/versions?role=archived").json()["results"]
    assert [version["role"] for version in archived] == ["archived"]
    assert "role" in api(staff).get("/api/model/versions?role=emperor").json()["detail"]


def test_a_version_shows_all_that_training_kept(
    staff: User, run: TrainingRun, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(2):
        body = api(staff).get(f"/api/model/versions/{run.model_version}").json()
    metrics = run.model_version.metrics
    assert body["version"] == run.model_version.version
    assert body["confusion"] == metrics["confusion"]
    assert body["reliability"] == metrics["reliability"]
    assert (body["interval"], body["differences"]) == (metrics["interval"], metrics["differences"])
    assert body["overTime"] == metrics["over_time"]
    assert (body["learningCurve"], body["importances"]) == (None, None), "a logit of scikit-learn's keeps neither"
    assert api(staff).get("/api/model/versions/nobody").status_code == 404


def test_of_a_version_from_before_the_parts_are_null(staff: User) -> None:
    old = ModelVersionFactory.create(problem="coin-toss", metrics={"test": {"n": 3}})
    body = api(staff).get(f"/api/model/versions/{old}").json()
    assert {body[name] for name in ("interval", "confusion", "overTime", "importances")} == {None}


def test_versions_come_in_pages(staff: User) -> None:
    ModelVersionFactory.create_batch(3, problem="coin-toss")
    first = api(staff).get("/api/model/versions?page_size=2").json()
    assert len(first["results"]) == 2
    second = api(staff).get(first["next"]).json()
    assert len(second["results"]) == 1
    assert second["next"] is None


def test_the_history_shows_what_was_asked(staff: User, run: TrainingRun) -> None:
    train(api(staff), leagues=["penny"], dateFrom="2020-02-01")
    TrainingRunFactory.create(problem="football-outcome")
    body = api(staff).get("/api/model/training-history?problem=coin-toss").json()
    assert [row["status"] for row in body] == ["queued", "completed"]
    assert set(body[0]) > TASK_KEYS
    assert (body[0]["leagues"], body[0]["dateFrom"], body[0]["dateTo"]) == (["penny"], "2020-02-01", None)
    assert body[1]["result"]["version"] == run.model_version.version
    assert len(api(staff).get("/api/model/training-history?limit=1").json()) == 1


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_the_history_refuses_a_limit_out_of_bounds(staff: User, limit: str) -> None:
    answer = api(staff).get(f"/api/model/training-history?limit={limit}")
    assert answer.status_code == 400
    assert set(answer.json()["detail"]) == {"limit"}


def test_leagues_are_what_a_model_may_be_trained_on(charlie: User) -> None:
    body = api(charlie).get("/api/model/leagues").json()
    assert body == [{"code": "penny", "name": "Penny", "country": "", "matches": 400, "seasons": []}]


def test_promoting_writes_who_and_why(staff: User, run: TrainingRun) -> None:
    answer = api(staff).post(f"/api/model/versions/{run.model_version}/promote", {"reason": "Better calibrated"})
    assert (answer.status_code, answer.json()["role"]) == (200, "champion")
    audit = Promotion.objects.get()
    assert (audit.decided_by, audit.reason) == (staff, "Better calibrated")
    again = api(staff).post(f"/api/model/versions/{run.model_version}/promote")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_state")


def test_a_version_without_its_artifact_is_not_promoted(staff: User) -> None:
    broken = ModelVersionFactory.create(problem="coin-toss", algorithm="logit")
    answer = api(staff).post(f"/api/model/versions/{broken}/promote")
    assert (answer.status_code, answer.json()["code"]) == (500, "artifact_error")
    assert not ModelVersion.objects.champions().exists()
    assert api(staff).post("/api/model/versions/nothing/promote").status_code == 404


def test_rolling_back_brings_the_champion_before_back(staff: User, run: TrainingRun) -> None:
    first = run.model_version
    promotion.promote(first, by=staff)
    queued, _ = runs.request_run(
        problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, force=True
    )
    runs.execute(str(queued.pk), worker="w1")
    promotion.promote(ModelVersion.objects.get(run=queued), by=staff)
    answer = api(staff).post("/api/model/roll-back", {"problem": "coin-toss", "reason": "Drift"})
    assert answer.json()["version"] == first.version
    assert Promotion.objects.first().reason == "Drift"  # type: ignore[union-attr]
    none_left = api(staff).post("/api/model/roll-back")
    assert (none_left.status_code, none_left.json()["code"]) == (409, "invalid_state")


MEMBERS = [("get", "/api/model/status"), ("get", "/api/model/leagues")]
STAFF = [
    ("get", "/api/model/versions"),
    ("get", "/api/model/versions/any"),
    ("get", "/api/model/training-history"),
    ("get", f"/api/tasks/{NOWHERE}"),
    ("post", "/api/model/train"),
    ("post", f"/api/tasks/{NOWHERE}/cancel"),
    ("post", "/api/model/versions/any/promote"),
    ("post", "/api/model/roll-back"),
]


@pytest.mark.parametrize(("method", "path"), MEMBERS + STAFF)
def test_a_stranger_is_asked_to_sign_in(method: str, path: str) -> None:
    for spelled in (path, f"{path}/"):
        answer = getattr(api(), method)(spelled)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(("method", "path"), STAFF)
def test_an_ordinary_person_gets_nothing_of_the_staffs(charlie: User, method: str, path: str) -> None:
    for spelled in (path, f"{path}/"):
        answer = getattr(api(charlie), method)(spelled)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert not TrainingRun.objects.exists()


@pytest.mark.parametrize(
    "path", ["/api/model/status", "/api/model/versions", "/api/model/training-history", "/api/model/leagues"]
)
def test_a_list_costs_the_same_however_long(staff: User, path: str, django_assert_max_num_queries: Any) -> None:
    for run in TrainingRunFactory.create_batch(12, problem="coin-toss", status="completed"):
        ModelVersionFactory.create(problem="coin-toss", algorithm="logit", run=run)
    with django_assert_max_num_queries(3):
        assert api(staff).get(path).status_code == 200

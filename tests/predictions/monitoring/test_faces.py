"""Monitoring on pages, over the API and in the admin: for staff, in words, with bounded queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels.models import ModelVersion
from predictions.models import ReinforcementPolicy, RetrainingPolicy
from predictions.monitoring.watching import watch
from tests.factories import ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.monitoring.coins import honest_biases, toss
from tests.predictions.monitoring.test_watching import evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def api(staff: User) -> APIClient:
    cache.clear()
    client = APIClient()
    client.force_authenticate(staff)
    return client


@pytest.fixture
def watched(coin_toss: CoinToss, champion: ModelVersion) -> ModelVersion:
    """A champion that became worse, whose inputs moved, with more to come."""
    biases = [0.55 + 0.4 * bias for bias in honest_biases(400)]
    toss(coin_toss, champion, biases, truth=[0.5] * 400, a_day=15)
    toss(coin_toss, champion, [0.8] * 30, start=evening(30), first_number=500_000, settle=False)
    watch(evening(27))
    return champion


def read(page: Client, name: str, *args: object) -> str:
    answer = page.get(reverse(f"predictions:{name}", args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_with_nothing_in_service_the_page_says_what_to_do(page: Client) -> None:
    said = read(page, "monitoring")
    assert "No model is in service" in said
    assert "Train a model and promote it" in said


def test_a_champion_not_looked_at_yet_is_there_all_the_same(page: Client, champion: ModelVersion) -> None:
    assert "It was not looked at yet" in read(page, "monitoring")
    assert "Not watched yet" in read(page, "monitoring-champion", champion.version)


def test_the_dashboard_tells_decay_drift_expectation_quality_and_alerts(page: Client, watched: ModelVersion) -> None:
    said = read(page, "monitoring")
    for words in (
        "Has become worse",
        "against 0.5780 on 2,000 test rows",
        "1 of 1 compared looks different from training: bias",
        "30 to come",
        "As it should be",
        f"Coin toss: {watched} has become worse",
        "<svg",
        "Training again",
    ):
        assert words in said, words


def test_the_page_of_a_champion_has_its_features_charts_and_events(page: Client, watched: ModelVersion) -> None:
    said = read(page, "monitoring-champion", watched.version)
    for words in (
        "Drifted",
        "Design effect",
        "Days on which inputs had drifted",
        "Calibration and volume",
        "sd</span>",
    ):
        assert words in said, words
    assert said.count("<svg") >= 4


def test_returns_on_stakes_are_for_adults(page: Client, watched: ModelVersion) -> None:
    assert "Return on flat stakes" not in read(page, "monitoring")
    assert "I am 18 or older" in read(page, "monitoring")


def test_the_number_of_queries_does_not_grow_with_the_champions(
    page: Client, watched: ModelVersion, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for i in range(8):
        ModelVersionFactory.create(role="champion", scope=f"player-{i}")
    with django_assert_max_num_queries(16):
        read(page, "monitoring")


def test_the_policy_is_changed_on_the_page(page: Client, watched: ModelVersion) -> None:
    fields = {"coin-toss-enabled": "on", "coin-toss-cool_down_days": "14", "coin-toss-yields": "experimental"}
    answer = page.post(reverse("predictions:monitoring-policy", args=["coin-toss"]), fields, follow=True)
    assert "The retraining policy is saved" in answer.content.decode()
    policy = RetrainingPolicy.objects.get(problem="coin-toss")
    assert (policy.enabled, policy.on_decay, policy.cool_down_days, policy.yields) == (True, False, 14, "experimental")


@pytest.mark.parametrize("days", ["0", "366", "-1", "soon", ""])
def test_impossible_numbers_are_refused_on_the_page_in_words(page: Client, champion: ModelVersion, days: str) -> None:
    fields = {"coin-toss-cool_down_days": days, "coin-toss-yields": "challenger"}
    answer = page.post(reverse("predictions:monitoring-policy", args=["coin-toss"]), fields)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert not RetrainingPolicy.objects.exists()


def test_a_policy_of_no_problem_is_not_found(page: Client, coin_toss: CoinToss) -> None:
    fields = {"weather-cool_down_days": "7", "weather-yields": "challenger"}
    assert page.post(reverse("predictions:monitoring-policy", args=["weather"]), fields).status_code == 404


def test_looking_now_sends_the_task(
    page: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sent = []
    monkeypatch.setattr("predictions.tasks.monitor.delay", lambda: sent.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.post(reverse("predictions:monitoring-watch"), follow=True)
    assert "A worker looks at every champion now" in answer.content.decode()
    assert sent == [True]


@pytest.mark.parametrize(
    "path", ["", "drift/", "quality/", "policies/coin-toss/", "reinforcement/coin-toss/", "x/", "x/days/"]
)
def test_strangers_and_members_get_nothing_of_the_api(charlie: User, coin_toss: CoinToss, path: str) -> None:
    cache.clear()
    client = APIClient()
    assert client.get(f"/api/monitoring/{path}").status_code == 401
    client.force_authenticate(charlie)
    assert client.get(f"/api/monitoring/{path}").status_code == 403


@pytest.mark.parametrize("name", ["monitoring", "monitoring-champion"])
def test_strangers_and_members_get_nothing_of_the_pages(client: Client, charlie: User, name: str) -> None:
    url = reverse(f"predictions:{name}", args=["x"] if name != "monitoring" else [])
    assert client.get(url).status_code == 302
    client.force_login(charlie)
    assert client.get(url).status_code == 403


def test_the_api_tells_the_latest_of_every_champion(api: APIClient, watched: ModelVersion) -> None:
    [told] = api.get("/api/monitoring/").json()["results"]
    assert (told["version"], told["day"], told["window"]["settled"]) == (watched.version, "2024-01-28", 400)
    assert told["test"]["log_loss"] == 0.578
    assert "evidence" not in told
    detail = api.get(f"/api/monitoring/{watched}/").json()
    assert detail["evidence"]["decay"]["rings"] is True
    assert detail["expected"]["n"] == 30
    days = api.get(f"/api/monitoring/{watched}/days/").json()
    assert [day["day"] for day in days["results"]][:2] == ["2024-01-28", "2024-01-27"]
    assert api.get("/api/monitoring/nobody/").status_code == 404
    assert api.get("/api/monitoring/nobody/days/").status_code == 404


def test_the_api_tells_drift_and_quality(api: APIClient, watched: ModelVersion) -> None:
    [event] = api.get("/api/monitoring/drift/").json()["results"]
    assert event["features"][0]["name"] == "bias"
    [day] = api.get("/api/monitoring/quality/?problem=coin-toss").json()["results"]
    assert (day["is_stale"], day["failure_rate"]) == (False, None)


def test_the_policy_is_changed_over_the_api_and_refused_in_the_same_words(api: APIClient, coin_toss: CoinToss) -> None:
    url = "/api/monitoring/policies/coin-toss/"
    assert api.get(url).json()["cool_down_days"] == 7
    assert not RetrainingPolicy.objects.exists()
    assert api.patch(url, {"on_drift": True}).json()["on_drift"] is True
    refused = api.patch(url, {"cool_down_days": 0})
    assert refused.status_code == 422
    assert "greater than or equal to 1" in refused.json()["message"]
    assert api.patch(url, {"yields": "champion"}).status_code == 400
    assert api.patch(url, {"alpha": 2}).status_code == 400
    assert api.get("/api/monitoring/policies/weather/").status_code == 404


def test_the_reinforcement_policy_is_changed_over_the_api_and_refused_in_words(
    api: APIClient, coin_toss: CoinToss
) -> None:
    url = "/api/monitoring/reinforcement/coin-toss/"
    assert api.get(url).json()["confidence"] == 0.7
    assert not ReinforcementPolicy.objects.exists()
    assert api.patch(url, {"confidence": 0.8, "method": "boosting"}).json()["confidence"] == 0.8
    kept = ReinforcementPolicy.objects.get()
    assert (kept.confidence, kept.method, kept.minimum) == (0.8, "boosting", 10)
    refused = api.patch(url, {"confidence": 1.5})
    assert refused.status_code == 422
    assert refused.json()["message"] == "Confidence is a probability between 0 and 1, such as 0.7."
    for wrong in ({"method": "prayer"}, {"days": "soon"}, {"alpha": 2}):
        assert api.patch(url, wrong).status_code == 400
    assert api.get("/api/monitoring/reinforcement/weather/").status_code == 404


def test_the_lists_of_the_api_have_bounded_queries(
    api: APIClient, watched: ModelVersion, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for path in ("", "drift/", "quality/", f"{watched}/days/"):
        with django_assert_max_num_queries(6):
            api.get(f"/api/monitoring/{path}")


def test_the_admin_shows_every_row_and_changes_only_the_policy(page: Client, watched: ModelVersion) -> None:
    RetrainingPolicy.objects.get_or_create(problem="coin-toss")
    for model in ("monitorreport", "driftevent", "qualityreport", "retrainingpolicy"):
        assert page.get(reverse(f"admin:predictions_{model}_changelist")).status_code == 200
        may_add = page.get(reverse(f"admin:predictions_{model}_add")).status_code
        assert may_add == (200 if model == "retrainingpolicy" else 403)


def test_the_admin_refuses_an_impossible_policy(page: Client, coin_toss: CoinToss) -> None:
    policy = RetrainingPolicy.objects.create(problem="coin-toss")
    url = reverse("admin:predictions_retrainingpolicy_change", args=[policy.pk])
    answer = page.post(url, {"cool_down_days": 0, "yields": "challenger"})
    assert "greater than or equal to 1" in answer.content.decode()
    policy.refresh_from_db()
    assert policy.cool_down_days == 7


def test_a_champion_that_learned_from_simulated_leagues_says_so(
    page: Client, watched: ModelVersion, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [reverse("predictions:monitoring"), reverse("predictions:monitoring-champion", args=[watched.version])]
    words = "Learned from simulated leagues"
    assert not any(words in page.get(path).content.decode() for path in paths)
    monkeypatch.setattr(coin_toss, "is_simulated", lambda selection: True)
    assert all(words in page.get(path).content.decode() for path in paths)

"""`/api/challengers/`: how they stand, what was decided, the policy; for staff."""

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import policies
from mlmodels.models import ModelVersion, Promotion
from predictions.challenging.deciding import decide
from tests.predictions.challenging.duel import Duel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def api(staff: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(staff)
    return client


def url(duel: Duel, action: str = "") -> str:
    return f"/api/challengers/{duel.challenger.version}/" + (f"{action}/" if action else "")


def proposed(duel: Duel) -> Promotion:
    duel.hold_many(150, better=True)
    with time_machine.travel(duel.now, tick=False):
        return decide(duel.challenger)


def test_it_tells_how_each_challenger_stands(api: APIClient, duel: Duel) -> None:
    duel.hold_many(30, better=True)
    body = api.get("/api/challengers/", {"problem": "coin-toss"}).json()
    assert (body["problem"], body["champion"]) == ("coin-toss", duel.champion.version)
    assert body["policy"]["minimum_pairs"] == 100
    [standing] = body["challengers"]
    assert standing["version"] == duel.challenger.version
    assert standing["evidence"]["n"] == 30
    assert standing["evidence"]["threshold"] == pytest.approx(40)
    assert [condition["is_met"] for condition in standing["conditions"]][:2] == [False, False]
    assert api.get(url(duel)).json() == standing


def test_without_a_champion_and_challengers_the_lists_are_empty(api: APIClient, coin_toss: object) -> None:
    body = api.get("/api/challengers/", {"problem": "coin-toss"}).json()
    assert (body["champion"], body["challengers"]) == (None, [])


def test_decisions_are_listed_with_their_evidence(api: APIClient, duel: Duel) -> None:
    made = api.post(url(duel, "decide")).json()
    assert (made["decision"], made["evidence"]["n"]) == ("keep-waiting", 0)
    listed = api.get(url(duel, "decisions")).json()["results"]
    assert [each["decision"] for each in listed] == ["keep-waiting", "challenge"]


def test_a_proposal_is_approved(api: APIClient, duel: Duel) -> None:
    made = proposed(duel)
    assert api.get(url(duel)).json()["is_proposed"]
    body = api.post(url(duel, "approve")).json()
    assert (body["decision"], body["to_role"], body["reason"]) == ("promote", "champion", made.reason)
    assert body["previous_champion"] == duel.champion.version
    again = api.post(url(duel, "approve"))
    assert (again.status_code, again.json()["code"]) == (409, "invalid_state")


def test_what_is_not_proposed_is_not_approved(api: APIClient, duel: Duel) -> None:
    answer = api.post(url(duel, "approve"))
    assert answer.status_code == 409
    assert "is not proposed" in answer.json()["message"]


def test_a_challenger_is_rejected_with_a_reason(api: APIClient, duel: Duel) -> None:
    assert api.post(url(duel, "reject")).status_code == 400
    assert api.post(url(duel, "reject"), {"reason": "x" * 301}).status_code == 400
    assert api.post(url(duel, "reject"), {"reason": "Too slow", "why": "?"}).status_code == 400
    body = api.post(url(duel, "reject"), {"reason": "Too slow"}).json()
    assert (body["decision"], body["to_role"]) == ("reject", "archived")
    assert api.get(url(duel)).status_code == 409


def test_the_policy_is_read_and_changed(api: APIClient, duel: Duel) -> None:
    changed = api.patch("/api/challengers/policy/?problem=coin-toss", {"minimum_pairs": 500})
    assert changed.json()["minimum_pairs"] == 500
    read = api.get("/api/challengers/policy/", {"problem": "coin-toss"}).json()
    assert (read["minimum_pairs"], read["alpha"], read["updated_by"]) == (500, 0.05, "staff")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"minimum_pairs": 0}, 422, "Minimum pairs: At least one pair"),
        ({"minimum_improvement": -0.03}, 422, "can't be negative"),
        ({"alpha": 2}, 422, "between 0 and 1"),
        ({"loss": "accuracy"}, 422, "not a valid choice"),
        ({"minimum_pairs": "many"}, 400, "minimum_pairs"),
        ({"minimum_pair": 3}, 400, "minimum_pair"),
    ],
)
def test_impossible_policies_are_refused_in_words(
    api: APIClient, duel: Duel, body: dict[str, Any], status: int, words: str
) -> None:
    answer = api.patch("/api/challengers/policy/?problem=coin-toss", body)
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert policies.policy_of("coin-toss").minimum_pairs == 100


def test_what_is_unknown_is_not_found(api: APIClient, duel: Duel) -> None:
    assert api.get("/api/challengers/", {"problem": "weather"}).status_code == 404
    assert api.get("/api/challengers/policy/", {"problem": "weather"}).status_code == 404
    assert api.get("/api/challengers/nobody/").status_code == 404
    assert api.get("/api/challengers/nobody/decisions/").status_code == 404
    for action in ("decide", "approve", "reject"):
        assert api.post(f"/api/challengers/nobody/{action}/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_strangers_get_and_change_nothing(duel: Duel, charlie: User, who: str) -> None:
    proposed(duel)
    client = APIClient()
    client.force_authenticate(charlie if who == "charlie" else None)
    refused = 403 if who == "charlie" else 401
    for path in ("/api/challengers/", "/api/challengers/policy/", url(duel), url(duel, "decisions")):
        assert client.get(path).status_code == refused
    for action in ("decide", "approve", "reject"):
        assert client.post(url(duel, action), {"reason": "mine"}).status_code == refused
    assert client.patch("/api/challengers/policy/", {"alpha": 0.5}).status_code == refused
    duel.challenger.refresh_from_db()
    assert duel.challenger.role == ModelVersion.Role.CHALLENGER


def test_the_list_asks_two_queries_a_challenger(api: APIClient, duel: Duel, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        api.get("/api/challengers/", {"problem": "coin-toss"})

"""Packs, drills, sessions and feedback over HTTP: one's own, and a coach's look at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import CoachGrant, User
from tests.factories import DrillFactory, TrainingPackFactory
from tests.training.recommending.reporting import report_of
from training.models import Drill, PackFeedback, TrainingPack, TrainingSession
from training.recommending import recommend

pytestmark = pytest.mark.django_db
SESSIONS = "/api/training-sessions/"
FEEDBACK = "/api/practice-feedback/"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(alice: User) -> APIClient:
    return client_of(alice)


def in_days(days: int) -> str:
    return (timezone.now().astimezone(UTC).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def planned(api: APIClient) -> int:
    """A session of Alice's, planned for today."""
    made = api.post(SESSIONS, {"drill": "spend-it", "planned_for": in_days(0)})
    assert made.status_code == 201, made.json()
    return int(made.json()["id"])


def test_a_stranger_gets_nothing_of_alices(charlie: User, alice: User, api: APIClient, planned: int) -> None:
    said = api.post(FEEDBACK, {"drill": "spend-it", "rating": 4}).json()["id"]
    stranger, at = client_of(charlie), f"{SESSIONS}{planned}/"
    assert stranger.get(at).status_code == 404
    assert stranger.get(SESSIONS, {"user_id": alice.pk}).status_code == 404
    assert stranger.get(SESSIONS).json()["results"] == []
    assert stranger.get(FEEDBACK).json()["results"] == []
    assert {stranger.post(f"{at}{verb}/", {"minutes": 5}).status_code for verb in ("complete", "skip")} == {404}
    assert stranger.delete(at).status_code == 404
    assert stranger.delete(f"{FEEDBACK}{said}/").status_code == 404
    assert TrainingSession.objects.get().status == "planned"
    assert PackFeedback.objects.exists()


@pytest.mark.parametrize("path", [SESSIONS, FEEDBACK, "/api/training-packs/", "/api/drills/", f"{SESSIONS}log/"])
def test_nobody_gets_anything_without_signing_in(path: str, db: None) -> None:
    assert APIClient().get(path).status_code == 401
    assert APIClient().post(path).status_code == 401


def test_a_coach_reads_and_does_not_write(bob: User, alice: User, planned: int) -> None:
    CoachGrant.objects.create(player=alice, coach=bob, accepted_at=timezone.now())
    coach, at = client_of(bob), f"{SESSIONS}{planned}/"
    assert coach.get(at).json()["drill"] == "spend-it"
    assert [each["id"] for each in coach.get(SESSIONS, {"user_id": alice.pk}).json()["results"]] == [planned]
    assert coach.post(f"{at}skip/").status_code == 404
    assert coach.delete(at).status_code == 404


def test_from_a_plan_to_done(api: APIClient, planned: int) -> None:
    at = f"{SESSIONS}{planned}/"
    done = api.post(f"{at}complete/", {"minutes": 20, "self_rating": 4, "notes": "Better."}).json()
    assert (done["status"], done["minutes"], done["self_rating"], done["notes"]) == ("done", 20, 4, "Better.")
    again = api.post(f"{at}complete/", {"minutes": 20})
    assert (again.status_code, again.json()["code"]) == (422, "invalid_session")
    assert again.json()["message"] == "This session is done already."
    assert api.get(SESSIONS, {"status": "done"}).json()["results"][0]["category"] == "boost_management"
    assert api.delete(at).status_code == 204
    assert api.get(at).status_code == 404


def test_a_session_is_skipped(api: APIClient, planned: int) -> None:
    assert api.post(f"{SESSIONS}{planned}/skip/").json()["status"] == "skipped"


def test_a_session_is_written_down_afterwards(api: APIClient) -> None:
    pack = TrainingPackFactory.create()
    made = api.post(f"{SESSIONS}log/", {"pack": pack.code, "minutes": 15})
    assert (made.status_code, made.json()["pack"], made.json()["status"]) == (201, pack.code, "done")
    free = api.post(f"{SESSIONS}log/", {"category": "rotation", "minutes": 30, "notes": "With friends."}).json()
    assert (free["pack"], free["drill"], free["category"]) == (None, None, "rotation")


def test_a_recommendation_is_followed_by_whom_it_was_made_for(api: APIClient, alice: User, charlie: User) -> None:
    own = recommend(report_of(alice)).recommendations[0]
    others = recommend(report_of(charlie)).recommendations[0]
    made = api.post(SESSIONS, {"recommendation": own.pk, "planned_for": in_days(1)}).json()
    assert (made["recommendation"], made["category"]) == (own.pk, own.category)
    refused = api.post(SESSIONS, {"recommendation": others.pk, "planned_for": in_days(1)})
    assert (refused.status_code, list(refused.json()["detail"])) == (400, ["recommendation"])


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"planned_for": "2020-01-01", "category": "rotation"}, 422, "today"),
        ({"category": "rotation"}, 400, "required"),
        ({"planned_for": "soon", "category": "rotation"}, 400, "wrong format"),
        ({"planned_for": in_days(1)}, 422, "Say what you practise"),
        ({"planned_for": in_days(1), "category": "juggling"}, 400, "not a valid choice"),
        ({"planned_for": in_days(1), "drill": "nothing"}, 400, "does not exist"),
        ({"planned_for": in_days(1), "drill": "spend-it", "category": "rotation"}, 422, "trains boost management"),
        ({"planned_for": in_days(1), "drill": "spend-it", "length": 3}, 400, "no such field"),
    ],
)
def test_what_can_not_be_planned_is_refused_in_words(
    api: APIClient, asked: dict[str, Any], status: int, words: str
) -> None:
    answer = api.post(SESSIONS, asked)
    assert (answer.status_code, words in answer.text) == (status, True), answer.json()
    assert not TrainingSession.objects.exists()


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 601}, {"minutes": 9, "self_rating": 6}, {}])
def test_impossible_figures_are_refused(api: APIClient, planned: int, wrong: dict[str, int]) -> None:
    assert api.post(f"{SESSIONS}{planned}/complete/", wrong).status_code == 400


def test_the_future_is_not_done_yet(api: APIClient) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    answer = api.post(f"{SESSIONS}log/", {"category": "rotation", "minutes": 5, "done_at": later})
    assert (answer.status_code, answer.json()["message"]) == (422, "A session that was done lies in the past.")


def test_packs_and_drills_are_searched(api: APIClient) -> None:
    found = api.get("/api/training-packs/", {"category": "positioning", "rank": "diamond"}).json()["results"]
    assert found
    assert {pack["category"] for pack in found} == {"positioning"}
    assert api.get("/api/training-packs/", {"search": "novice aerials"}).json()["results"][0]["difficulty"] == 1
    drills = api.get("/api/drills/", {"kind": "review", "category": "rotation"}).json()["results"]
    assert [drill["slug"] for drill in drills] == ["goals-while-you-were-last"]
    assert api.get("/api/drills/", {"rank": "wood"}).status_code == 400
    assert api.get("/api/drills/spend-it/").json()["minutes"] == 15


def test_what_is_retired_is_not_shown(api: APIClient) -> None:
    pack, drill = TrainingPackFactory.create(is_active=False), DrillFactory.create(is_active=False)
    assert api.get(f"/api/training-packs/{pack.code}/").status_code == 404
    assert api.get(f"/api/drills/{drill.slug}/").status_code == 404
    assert api.post(FEEDBACK, {"pack": pack.code, "rating": 5}).status_code == 400


def test_a_rating_replaces_the_one_before(api: APIClient) -> None:
    api.post(FEEDBACK, {"drill": "spend-it", "rating": 2})
    said = api.post(FEEDBACK, {"drill": "spend-it", "rating": 5})
    assert (said.status_code, said.json()["rating"]) == (201, 5)
    assert [(each["drill"], each["rating"]) for each in api.get(FEEDBACK).json()["results"]] == [("spend-it", 5)]
    assert api.delete(f"{FEEDBACK}{said.json()['id']}/").status_code == 204
    assert not PackFeedback.objects.exists()


@pytest.mark.parametrize("wrong", [{"rating": 3}, {"rating": 9, "drill": "spend-it"}, {"drill": "spend-it"}])
def test_a_rating_is_of_one_thing_and_from_one_to_five(api: APIClient, wrong: dict[str, Any]) -> None:
    assert api.post(FEEDBACK, wrong).status_code == 400


def test_lists_take_few_queries(
    api: APIClient, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for drill, pack in zip(Drill.objects.all()[:9], TrainingPack.objects.all()[:9], strict=True):
        day = timezone.now().date()
        for item in ({"drill": drill}, {"pack": pack}):
            TrainingSession.objects.create(user=alice, category="rotation", planned_for=day, **item)
            PackFeedback.objects.create(user=alice, rating=3, **item)
    for path in (SESSIONS, FEEDBACK, "/api/training-packs/", "/api/drills/"):
        with django_assert_max_num_queries(3):
            assert len(api.get(path).json()["results"]) >= 18

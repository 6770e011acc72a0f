"""The coach's endpoints: their shapes, who may ask about whom, and every refusal in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts import keys
from accounts.models import CoachGrant, User
from matches.models import RankGroup, Replay
from mlmodels import registry
from mlmodels.errors import ArtifactError, ModelNotTrained
from mlmodels.models import ModelVersion
from mlmodels.registry import Serving
from predictions.api.throttles import PredictThrottle
from tests.factories import DrillFactory, ModelVersionFactory, TrainingPackFactory
from training import analysing
from training.api import views
from training.errors import InsufficientData, NoBenchmark, UnknownMatches
from training.models import Category, Recommendation, SkillReport
from training.recommending import Recommended

AsUser = Callable[[User | None], APIClient]
ANALYZE, RECOMMEND, STATUS = "/api/ml/analyze-weaknesses", "/api/ml/recommend-training", "/api/ml/model-status"


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch, report: SkillReport) -> list[dict[str, Any]]:
    """Alice's report is what every analysis gives; the list is what was asked."""
    asked: list[dict[str, Any]] = []

    def analyse(player: User, **options: Any) -> SkillReport:
        asked.append({"player": player, **options})
        return report

    monkeypatch.setattr(analysing, "analyse", analyse)
    return asked


@pytest.fixture
def recommended(monkeypatch: pytest.MonkeyPatch, analysed: list[Any], report: SkillReport) -> list[dict[str, Any]]:
    """A drill and a pack are recommended; the list is what was asked."""
    asked: list[dict[str, Any]] = []
    parts = {"weakness_relevance": 0.9, "difficulty_match": 1.0, "quality": 0.5, "preference": 0.5}
    made = [
        Recommendation(report=report, place=place, category=Category.ROTATION, score=0.785, reasoning="Why.", **parts)
        for place in (1, 2)
    ]
    made[0].drill, made[1].pack = DrillFactory.create(), TrainingPackFactory.create()
    made[0].estimated_improvement = {"evidence": "no measurements yet"}

    def recommend(of: SkillReport, **options: Any) -> Recommended:
        assert of == report
        asked.append(options)
        return Recommended(
            recommendations=tuple(made),
            skill_level_detected=RankGroup.DIAMOND,
            skill_level=RankGroup.DIAMOND,
            total_packs_evaluated=68,
        )

    monkeypatch.setattr(views, "recommend", recommend)
    return asked


def failing(error: Exception) -> Callable[..., SkillReport]:
    def analyse(player: User, **options: Any) -> SkillReport:
        raise error

    return analyse


def test_an_analysis_has_the_shape_that_is_documented(
    as_user: AsUser, alice: User, analysed: list[dict[str, Any]], report: SkillReport
) -> None:
    answer = as_user(alice).post(ANALYZE, {"user_id": alice.pk})
    assert answer.status_code == 200
    told = answer.json()
    assert list(told) == [
        "user_id", "analysis_date", "primary_weakness", "confidence", "skill_categories",
        "recommendations_available", "basis",
    ]  # fmt: skip
    assert (told["user_id"], told["primary_weakness"], told["confidence"]) == (alice.pk, "rotation", 0.81)
    assert told["skill_categories"]["rotation"]["score"] == -0.9123
    assert told["skill_categories"]["rotation"]["trend"]["verdict"] == "steady"
    assert told["recommendations_available"] is True
    assert told["basis"]["report_id"] == str(report.pk)
    assert told["basis"]["match_ids"] == report.matches
    assert told["basis"]["is_simulated"] is False
    assert analysed == [{"player": alice, "replay_ids": None, "depth": analysing.Depth.STANDARD}]


def test_both_spellings_of_the_path_are_served(as_user: AsUser, alice: User, analysed: list[Any]) -> None:
    assert as_user(alice).post(f"{ANALYZE}/", {"user_id": alice.pk}).status_code == 200


def test_confidence_can_be_left_out_without_another_analysis(as_user: AsUser, alice: User, analysed: list[Any]) -> None:
    client = as_user(alice)
    client.post(ANALYZE, {"user_id": alice.pk})
    told = client.post(ANALYZE, {"user_id": alice.pk, "include_confidence": False}).json()
    assert "confidence" not in told
    assert "probability" not in told["skill_categories"]["rotation"]
    assert len(analysed) == 1
    assert client.post(ANALYZE, {"user_id": alice.pk}).json()["confidence"] == 0.81


def test_nothing_that_stands_out_is_null(
    as_user: AsUser, alice: User, analysed: list[Any], report: SkillReport
) -> None:
    SkillReport.objects.filter(pk=report.pk).update(primary_weakness="")
    report.refresh_from_db()
    assert as_user(alice).post(ANALYZE, {"user_id": alice.pk}).json()["primary_weakness"] is None


def test_matches_and_depth_are_passed_on_in_one_order(
    as_user: AsUser, alice: User, analysed: list[dict[str, Any]], replays: list[Replay]
) -> None:
    ids = [str(replay.pk) for replay in replays]
    client = as_user(alice)
    for order in (ids, ids[::-1]):
        body = {"user_id": alice.pk, "match_ids": order, "analysis_depth": "quick"}
        assert client.post(ANALYZE, body).status_code == 200
    assert analysed == [{"player": alice, "replay_ids": sorted(ids), "depth": analysing.Depth.QUICK}]


def test_what_was_made_up_is_labelled(as_user: AsUser, alice: User, analysed: list[Any], replays: list[Replay]) -> None:
    Replay.objects.filter(pk=replays[0].pk).update(is_simulated=True)
    assert as_user(alice).post(ANALYZE, {"user_id": alice.pk}).json()["basis"]["is_simulated"] is True


def test_recommendations_have_the_shape_that_is_documented(
    as_user: AsUser, alice: User, recommended: list[dict[str, Any]]
) -> None:
    body = {
        "user_id": alice.pk,
        "skill_level": "Grand_Champion",
        "max_recommendations": 2,
        "categories": ["shooting", "rotation", "shooting"],
    }
    told = as_user(alice).post(RECOMMEND, body).json()
    assert list(told) == [
        "user_id", "recommendations", "skill_level_detected", "total_packs_evaluated", "generation_time", "basis",
    ]  # fmt: skip
    assert (told["skill_level_detected"], told["total_packs_evaluated"]) == ("diamond", 68)
    drill, pack = told["recommendations"]
    assert list(drill) == [
        "training_pack", "relevance_score", "difficulty_match", "reasoning", "estimated_improvement",
    ]  # fmt: skip
    assert (drill["training_pack"]["kind"], drill["training_pack"]["code"]) == ("drill", None)
    assert drill["training_pack"]["steps"] == ["Do this.", "Then that."]
    assert (pack["training_pack"]["kind"], pack["training_pack"]["minutes"]) == ("pack", None)
    assert pack["training_pack"]["code"].startswith("ABCD-")
    assert (pack["relevance_score"], pack["difficulty_match"]) == (0.785, 1.0)
    [asked] = recommended
    assert asked == {
        "max_recommendations": 2,
        "categories": ["rotation", "shooting"],
        "skill_level": "grand-champion",
        "store": False,
    }


def test_what_is_not_said_is_left_to_the_recommender_and_kept_for_the_pages(
    as_user: AsUser, alice: User, recommended: list[dict[str, Any]]
) -> None:
    assert as_user(alice).post(RECOMMEND, {"user_id": alice.pk}).status_code == 200
    assert recommended == [{"max_recommendations": 5, "categories": None, "skill_level": None, "store": True}]


@pytest.mark.parametrize("path", [ANALYZE, RECOMMEND])
def test_a_repeated_question_is_answered_without_the_database(
    as_user: AsUser,
    alice: User,
    recommended: list[Any],
    analysed: list[Any],
    path: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = as_user(alice)
    first = client.post(path, {"user_id": alice.pk}).json()
    with django_assert_num_queries(0):
        again = client.post(path, {"user_id": alice.pk}).json()
    assert (again, len(analysed)) == (first, 1)


def test_a_program_with_a_key_costs_one_query(
    alice: User, analysed: list[Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, key = keys.create(alice, name="script")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
    client.post(ANALYZE, {"user_id": alice.pk})
    with django_assert_num_queries(1):
        assert client.post(ANALYZE, {"user_id": alice.pk}).status_code == 200


@pytest.mark.parametrize("path", [ANALYZE, RECOMMEND])
def test_a_stranger_gets_nothing_even_of_kept_answers(
    as_user: AsUser, alice: User, charlie: User, recommended: list[Any], path: str
) -> None:
    assert as_user(alice).post(path, {"user_id": alice.pk}).status_code == 200
    refused = as_user(charlie).post(path, {"user_id": alice.pk})
    nobody = as_user(charlie).post(path, {"user_id": 10**9})
    assert (refused.status_code, nobody.status_code) == (404, 404)
    assert refused.json() == {"code": "not_found", "message": f"There is no player {alice.pk} whom you may see."}
    assert nobody.json()["message"] == f"There is no player {10**9} whom you may see."
    assert as_user(None).post(path, {"user_id": alice.pk}).status_code == 401


def test_a_coach_may_ask_while_the_grant_is_in_force(
    as_user: AsUser, alice: User, bob: User, analysed: list[Any]
) -> None:
    client = as_user(bob)
    assert client.post(ANALYZE, {"user_id": alice.pk}).status_code == 404
    grant = CoachGrant.objects.create(player=alice, coach_email=bob.email, coach=bob, accepted_at=timezone.now())
    assert client.post(ANALYZE, {"user_id": alice.pk}).json()["user_id"] == alice.pk
    grant.withdrawn_at = timezone.now()
    grant.save()
    assert client.post(ANALYZE, {"user_id": alice.pk}).status_code == 404


def test_staff_may_ask_about_anybody(as_user: AsUser, alice: User, staff: User, analysed: list[Any]) -> None:
    assert as_user(staff).post(ANALYZE, {"user_id": alice.pk}).status_code == 200


@pytest.mark.parametrize("path", [ANALYZE, RECOMMEND])
def test_too_few_matches_are_told_in_words_and_figures(
    as_user: AsUser, alice: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    error = InsufficientData("Only 1 match was read: upload 2 more replays.", have=1, need=3)
    monkeypatch.setattr(analysing, "analyse", failing(error))
    answer = as_user(alice).post(path, {"user_id": alice.pk})
    assert answer.status_code == 422
    assert answer.json() == {
        "have": 1,
        "need": 3,
        "code": "insufficient_data",
        "message": "Only 1 match was read: upload 2 more replays.",
        "detail": "Only 1 match was read: upload 2 more replays.",
        "type": "insufficient_data",
    }


@pytest.mark.parametrize(
    ("error", "status", "code", "kind"),
    [
        (ModelNotTrained("Train one."), 503, "model_not_trained", "model_not_trained"),
        (ArtifactError("It is gone."), 500, "artifact_error", "ml_error"),
        (NoBenchmark("Nobody to compare with."), 422, "no_benchmark", "ml_error"),
        (UnknownMatches("Not yours.", unknown=["x"]), 422, "unknown_matches", "ml_error"),
    ],
)
def test_what_goes_wrong_keeps_every_errors_names_and_has_a_type(
    as_user: AsUser,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
    kind: str,
) -> None:
    monkeypatch.setattr(analysing, "analyse", failing(error))
    answer = as_user(alice).post(ANALYZE, {"user_id": alice.pk})
    told = answer.json()
    assert (answer.status_code, told["code"], told["type"]) == (status, code, kind)
    assert told["detail"] == told["message"] == str(error)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (ANALYZE, {}, "user_id"),
        (ANALYZE, {"user_id": "alice"}, "user_id"),
        (ANALYZE, {"user_id": 0}, "user_id"),
        (ANALYZE, {"user_id": 10**30}, "user_id"),
        (ANALYZE, {"user_id": 1, "match_ids": ["x"]}, "match_ids"),
        (ANALYZE, {"user_id": 1, "match_ids": []}, "match_ids"),
        (ANALYZE, {"user_id": 1, "match_ids": [str(uuid4()) for _ in range(101)]}, "match_ids"),
        (ANALYZE, {"user_id": 1, "analysis_depth": "bottomless"}, "analysis_depth"),
        (ANALYZE, {"user_id": 1, "include_confidence": "perhaps"}, "include_confidence"),
        (ANALYZE, {"user_id": 1, "matchIds": []}, "matchIds"),
        (RECOMMEND, {"user_id": 1, "max_recommendations": 0}, "max_recommendations"),
        (RECOMMEND, {"user_id": 1, "max_recommendations": 21}, "max_recommendations"),
        (RECOMMEND, {"user_id": 1, "categories": ["luck"]}, "categories"),
        (RECOMMEND, {"user_id": 1, "categories": "rotation"}, "categories"),
        (RECOMMEND, {"user_id": 1, "skill_level": "wood"}, "skill_level"),
        (RECOMMEND, {"user_id": 1, "skill_level": 7}, "skill_level"),
    ],
)
def test_what_cant_be_used_is_named(as_user: AsUser, alice: User, path: str, body: dict[str, Any], field: str) -> None:
    answer = as_user(alice).post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert field in answer.json()["detail"]


def test_only_what_is_not_kept_counts_against_the_limit(
    as_user: AsUser, alice: User, analysed: list[Any], replays: list[Replay], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PredictThrottle, "rate", "1/min")
    client = as_user(alice)
    statuses = [client.post(ANALYZE, {"user_id": alice.pk}).status_code for _ in range(5)]
    assert statuses == [200] * 5
    refused = client.post(ANALYZE, {"user_id": alice.pk, "analysis_depth": "deep"})
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModelVersion | Exception], None]:
    def serving(answer: ModelVersion | Exception) -> None:
        def champion(problem: str) -> Serving:
            assert problem == "weakness"
            if isinstance(answer, Exception):
                raise answer
            return Serving(version=answer, estimator=None, state={})

        monkeypatch.setattr(registry, "serving_champion", champion)

    return serving


def test_the_status_tells_of_the_model_and_the_cache(
    as_user: AsUser, charlie: User, alice: User, analysed: list[Any], serve: Callable[..., None]
) -> None:
    version = ModelVersionFactory.create(problem="weakness", algorithm="posterior", version="posterior-1")
    serve(version)
    for _ in range(4):
        as_user(alice).post(ANALYZE, {"user_id": alice.pk})
    told = as_user(charlie).get(STATUS).json()
    assert (told["status"], told["model_version"], told["algorithm"]) == ("healthy", "posterior-1", "posterior")
    assert (told["model_loaded"], told["last_trained"]) == (True, "2024-06-01T00:01:00Z")
    assert told["metrics"]["log_loss"] == 0.9894
    assert told["minimum_matches"] == 3
    assert told["cache"] == {"hits": 3, "misses": 1, "hit_ratio": 0.75}


@pytest.mark.parametrize(
    ("error", "word"), [(ModelNotTrained("none"), "not_trained"), (ArtifactError("gone"), "unusable")]
)
def test_the_status_tells_of_a_model_that_is_not_well(
    as_user: AsUser, alice: User, serve: Callable[..., None], error: Exception, word: str
) -> None:
    serve(error)
    answer = as_user(alice).get(f"{STATUS}/")
    told = answer.json()
    assert (answer.status_code, told["status"], told["model_loaded"]) == (200, word, False)
    assert told["cache"]["hit_ratio"] is None


def test_a_stranger_learns_nothing_of_the_model(as_user: AsUser, db: None) -> None:
    assert as_user(None).get(STATUS).status_code == 401

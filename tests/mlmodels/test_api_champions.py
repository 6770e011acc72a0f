"""`/api/models`: who is in service, and bringing models into a process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import promotion, registry
from mlmodels.models import ModelVersion

Train = Callable[[], ModelVersion]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def load(user: User | None, **told: Any) -> Any:
    return api(user).post("/api/models/load", told)


def test_strangers_get_nothing_and_only_staff_loads(trained: Train, charlie: User) -> None:
    promotion.promote(trained(), by=None)
    assert api().get("/api/models").status_code == 401
    assert load(None, problem="coin-toss").status_code == 401
    assert load(charlie, problem="coin-toss").status_code == 403


def test_each_problem_is_listed_with_its_champion(
    trained: Train, charlie: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    version = trained()
    promotion.promote(version, by=None)
    with django_assert_max_num_queries(1):
        listed = {row["problem"]: row for row in api(charlie).get("/api/models").json()}
    champion = listed["coin-toss"]["champion"]
    assert (champion["version"], champion["algorithm"]) == (version.version, "logit")
    assert champion["figures"]["brier"] == pytest.approx(version.metrics["test"]["brier"], abs=1e-6)
    assert listed["player-props-points"]["champion"] is None
    assert (listed["player-props-points"]["family"], listed["player-props-points"]["variant"]) == (
        "player-props",
        "points",
    )


def test_the_champion_is_taken_now(trained: Train, staff: User) -> None:
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    assert registry.serving_champion("coin-toss").version == first
    # Written as another process would, so that this one has not heard of it.
    ModelVersion.objects.filter(pk=first.pk).update(role=ModelVersion.Role.ARCHIVED)
    ModelVersion.objects.filter(pk=second.pk).update(role=ModelVersion.Role.CHAMPION)
    assert registry.serving_champion("coin-toss").version == first
    told = load(staff, problem="coin-toss").json()
    assert (told["version"], told["serves"]) == (second.version, True)
    assert registry.serving_champion("coin-toss").version == second


def test_a_version_is_held_and_does_not_answer(trained: Train, staff: User) -> None:
    champion, other = trained(), trained()
    promotion.promote(champion, by=None)
    told = load(staff, version=other.version).json()
    assert (told["version"], told["serves"]) == (other.version, False)
    assert other.pk in registry._loaded
    assert registry.serving_champion("coin-toss").version == champion


def test_a_broken_file_is_told(trained: Train, staff: User, storage: Path) -> None:
    version = trained()
    (storage / "artifacts" / version.artifact_path).write_bytes(b"nonsense")
    answer = load(staff, version=version.version)
    assert (answer.status_code, answer.json()["code"]) == (500, "artifact_error")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"stat": "points"}, 400, "invalid"),
        ({"modle": "coin-toss"}, 400, "invalid"),
        ({"problem": "weather"}, 404, "unknown_problem"),
        ({"problem": "player-props", "stat": "pointz"}, 404, "unknown_problem"),
        ({"problem": "player-props", "stat": "points"}, 503, "model_not_trained"),
        ({"version": "nobody"}, 404, "not_found"),
    ],
)
def test_what_can_not_be_loaded_is_refused(asked: Any, status: int, code: str, staff: User) -> None:
    answer = load(staff, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)

"""Alice with matches of her own, and reports that were made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import PlatformAccount, User
from matches.models import RankGroup, Replay, ReplayOwner, StatedRank
from predictions.models import Prediction
from tests.factories import ModelVersionFactory, PredictionFactory, ReplayFactory, ReplayPlayerFactory
from training.models import SkillReport

SKILL = {
    "score": -0.91234567,
    "low": -1.34,
    "high": -0.48,
    "percentile": 4.25,
    "probability": 0.81,
    "trend": {"slope": 0.03, "low": -0.2, "high": 0.26, "verdict": "steady"},
    "matches": 3,
}
COMPARED_WITH = {
    "source": "300 matches of Diamond players",
    "rows": 300,
    "is_simulated": False,
    "is_interpolated": False,
    "playlist": "ranked-standard",
    "rank_group": "diamond",
}


@pytest.fixture(autouse=True)
def a_cache_of_our_own(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "coach"}}
    cache.clear()


@pytest.fixture(autouse=True)
def production_minimum(settings: Settings) -> None:
    settings.MIN_MATCHES_FOR_ANALYSIS = 3


def play(user: User, matches: int = 1, **replay: object) -> list[Replay]:
    """So many matches more of a person who is linked to a Steam account."""
    account, _ = PlatformAccount.objects.get_or_create(
        user=user, platform=PlatformAccount.Platform.STEAM, platform_id=f"7656{user.pk:013d}"
    )
    made = []
    for _ in range(matches):
        row = ReplayPlayerFactory.create(
            replay=ReplayFactory.create(**replay), platform_id=account.platform_id, statistics={"core_shots": 3.0}
        )
        ReplayOwner.objects.create(replay=row.replay, user=user)
        made.append(row.replay)
    return made


@pytest.fixture
def replays(alice: User) -> list[Replay]:
    """Three matches of Alice, who says that she is a Diamond."""
    StatedRank.objects.create(user=alice, playlist="ranked-standard", rank_group=RankGroup.DIAMOND)
    return play(alice, 3)


def said(user: User, **fields: object) -> Prediction:
    version = ModelVersionFactory.create(problem="weakness", algorithm="posterior")
    return PredictionFactory.create(
        problem="weakness",
        model_version=version,
        probabilities={"rotation": 0.81, "shooting": 0.04, "even": 0.15},
        confidence=0.81,
        subject={"player": user.pk},
        match=None,
        event_at=timezone.now() + timedelta(days=28),
        **fields,
    )


@pytest.fixture
def report(alice: User, replays: list[Replay]) -> SkillReport:
    return SkillReport.objects.create(
        user=alice,
        playlist="ranked-standard",
        rank_group=RankGroup.DIAMOND,
        rank_source="stated",
        matches=[str(replay.pk) for replay in replays],
        matches_hash="0" * 64,
        benchmark=COMPARED_WITH,
        categories={"rotation": SKILL},
        primary_weakness="rotation",
        confidence=0.81,
        prediction=said(alice),
    )


@pytest.fixture
def as_user() -> Callable[[User | None], APIClient]:
    def client_of(user: User | None) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return client_of

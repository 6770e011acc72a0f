"""Alice with a report of her own and something recommended by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import CoachGrant, PlatformAccount, User
from matches.models import Replay, ReplayOwner
from tests.factories import DrillFactory, ReplayFactory, ReplayPlayerFactory, TrainingPackFactory
from training.models import Category, Recommendation, SkillReport

STEADY = {"slope": 0.03, "low": -0.2, "high": 0.26, "verdict": "steady"}


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    client = Client()
    client.force_login(charlie)
    return client


@pytest.fixture
def as_bob(alice: User, bob: User) -> Client:
    """Bob coaches Alice."""
    CoachGrant.objects.create(player=alice, coach_email=bob.email, coach=bob, accepted_at=timezone.now())
    client = Client()
    client.force_login(bob)
    return client


def brought_in(user: User, matches: int = 1, **replay: object) -> list[Replay]:
    """Replays of a person who is in them under an account of theirs."""
    account, _ = PlatformAccount.objects.get_or_create(
        user=user, platform=PlatformAccount.Platform.STEAM, platform_id=f"7656{user.pk:013d}"
    )
    made = []
    for _ in range(matches):
        row = ReplayPlayerFactory.create(replay=ReplayFactory.create(**replay), platform_id=account.platform_id)
        ReplayOwner.objects.create(replay=row.replay, user=user)
        made.append(row.replay)
    return made


@pytest.fixture
def report(alice: User) -> SkillReport:
    """Alice, of five matches: her rotation is bad, her shooting good, the rest as usual."""
    replays = brought_in(alice, 5, processed_at=timezone.now() - timedelta(days=1))
    scores = {Category.ROTATION: (-1.4, 4.2), Category.SHOOTING: (1.1, 91.0)}
    categories = {}
    for category in Category:
        score, percentile = scores.get(category, (0.0, 50.0))
        categories[category.value] = {
            "score": score, "low": score - 0.5, "high": score + 0.5, "percentile": percentile,
            "probability": 0.8 if score < 0 else 0.02, "trend": STEADY, "matches": 5,
        }  # fmt: skip
    return SkillReport.objects.create(
        user=alice,
        playlist="ranked-standard",
        rank_group="gold",
        rank_source="stated",
        matches=[str(replay.pk) for replay in replays],
        matches_hash="0" * 64,
        benchmark={"source": "306 matches of Gold players.", "rows": 306, "is_simulated": False},
        categories=categories,
        features={"boost_bcpm": {"value": 250.0, "percentile": 12.0, "z": -1.1, "benchmark_mean": 310.0}},
        primary_weakness=Category.ROTATION,
        confidence=0.8,
    )


@pytest.fixture
def recommendation(report: SkillReport) -> Recommendation:
    return recommended(report, place=1, drill=DrillFactory.create(name="Third man back"))


def recommended(report: SkillReport, *, place: int, **item: object) -> Recommendation:
    return Recommendation.objects.create(
        report=report,
        place=place,
        category=Category.ROTATION,
        score=0.7,
        weakness_relevance=0.8,
        difficulty_match=1,
        quality=0.5,
        preference=0.5,
        reasoning="In time as last man you are below 96 % of Gold players (4th percentile).",
        estimated_improvement={
            "statistic": "Rotation",
            "low": None,
            "expected": None,
            "high": None,
            "unit": "",
            "evidence": "",
        },
        **item,
    )


@pytest.fixture
def pack_recommended(report: SkillReport) -> Recommendation:
    return recommended(
        report, place=2, pack=TrainingPackFactory.create(code="0123-4567-89AB-CDEF", name="Uncomfortable saves")
    )

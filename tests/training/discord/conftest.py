"""Alice with a report and things to practise, asked for by her Discord account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from matches.models import RankGroup
from tests.factories import ReplayFactory
from training.discord import commands
from training.models import DiscordLink, Recommendation, SkillReport, TrainingPack

OF_ALICE, OF_CHARLIE = 111_222_333_444_555_666, 999_888_777_666_555_444
"""Ids of their Discord accounts."""

TREND = {"slope": 0.03, "low": -0.2, "high": 0.26, "verdict": "steady"}


@pytest.fixture(autouse=True)
def a_cache_of_our_own(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "discord"}}
    settings.SITE_URL = "https://touchline.example.org"
    cache.clear()


@pytest.fixture
def linked(alice: User) -> DiscordLink:
    return DiscordLink.objects.create(user=alice, discord_id=str(OF_ALICE), linked_at=timezone.now())


def skill(score: float, *, probability: float) -> dict[str, object]:
    return {
        "score": score, "low": score - 0.3, "high": score + 0.3, "percentile": 50 + 40 * score,
        "probability": probability, "trend": TREND, "matches": 3,
    }  # fmt: skip


@pytest.fixture
def report(alice: User) -> SkillReport:
    """Alice's rotation is weak, surely; her shooting is good."""
    return SkillReport.objects.create(
        user=alice,
        playlist="ranked-standard",
        rank_group=RankGroup.DIAMOND,
        rank_source="stated",
        matches=[str(ReplayFactory.create().pk) for _ in range(3)],
        matches_hash="0" * 64,
        benchmark={"source": "300 matches of Diamond players", "rows": 300, "is_simulated": False},
        categories={"rotation": skill(-0.9, probability=0.81), "shooting": skill(0.8, probability=0.01)},
        primary_weakness="rotation",
        confidence=0.81,
    )


def pack(name: str, code: str) -> TrainingPack:
    return TrainingPack.objects.create(
        code=code, name=name, creator="Poquito", category="rotation", sub_skill="back-post rotation", difficulty=5,
        easiest_rank=RankGroup.PLATINUM, hardest_rank=RankGroup.CHAMPION, shots=12,
    )  # fmt: skip


@pytest.fixture
def recommended(report: SkillReport) -> list[Recommendation]:
    """Two packs, the better first."""
    packs = [pack("Round *and* round", "FFFF-0000-FFFF-0001"), pack("Far post", "FFFF-0000-FFFF-0002")]
    parts = dict.fromkeys(("score", "weakness_relevance", "difficulty_match", "quality", "preference"), 0.5)
    return [
        Recommendation.objects.create(
            report=report, place=place, pack=each, category="rotation", reasoning=f"Because of reason {place}.",
            estimated_improvement={"expected": None}, **parts,
        )
        for place, each in enumerate(packs, start=1)
    ]  # fmt: skip


@pytest.fixture
def advised(monkeypatch: pytest.MonkeyPatch, report: SkillReport) -> list[User]:
    """Who asked for advice: the report stands, and is given to Alice as it is."""
    asked: list[User] = []

    def advise(player: User) -> SkillReport:
        asked.append(player)
        return report

    monkeypatch.setattr(commands, "advise", advise)
    return asked


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Make advice fail."""

    def refuse(error: Exception) -> None:
        def advise(player: User) -> SkillReport:
            raise error

        monkeypatch.setattr(commands, "advise", advise)

    return refuse

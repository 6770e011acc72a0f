"""Reports of players whose weakness is known, as tests of recommendations need them."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from matches.models import Playlist, RankGroup
from training.models import Category, Drill, Recommendation, SkillReport, TrainingPack


def told(*, score: float = 0.0, percentile: float = 50.0, probability: float = 0.05) -> dict[str, Any]:
    """One category of a report."""
    trend = {"slope": 0.0, "low": -0.5, "high": 0.5, "verdict": "steady"}
    bounds = {"low": score - 0.4, "high": score + 0.4}
    return {
        "score": score,
        **bounds,
        "percentile": percentile,
        "probability": probability,
        "trend": trend,
        "matches": 9,
    }


def report_of(user: User, *, weak: str = Category.BOOST_MANAGEMENT, **changes: Any) -> SkillReport:
    """A diamond who is 1.2 sd short in one category, and in its features."""
    categories = {name: told() for name in Category.values}
    categories[weak] = told(score=-1.2, percentile=12.0, probability=0.7)
    features = {
        "boost_collected": {"value": 310.2, "percentile": 18.0, "z": -0.9, "benchmark_mean": 352.0},
        "empty_share": {"value": 21.0, "percentile": 19.0, "z": 0.9, "benchmark_mean": 15.0},
        "small_pads": {"value": 40.0, "percentile": 45.0, "z": -0.1, "benchmark_mean": 41.0},
        "shots": {"value": 3.1, "percentile": 62.0, "z": 0.3, "benchmark_mean": 2.6},
    }
    values = {
        "user": user,
        "playlist": Playlist.RANKED_STANDARD,
        "rank_group": RankGroup.DIAMOND,
        "rank_source": "stated",
        "matches_hash": "0" * 64,
        "benchmark": {"source": "test", "rows": 300, "is_simulated": False, "is_interpolated": False},
        "categories": categories,
        "features": features,
        "primary_weakness": weak,
        "confidence": 0.7,
    }
    return SkillReport.objects.create(**{**values, **changes})


def item_of(recommendation: Recommendation) -> TrainingPack | Drill:
    """What is recommended."""
    item = recommendation.pack or recommendation.drill
    assert item is not None
    return item

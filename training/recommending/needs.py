"""What a player needs, read off a report: which categories, and which features within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.models import SkillReport

WORST = 2.0
"""Standard deviations below players of the rank that count as the whole way."""


@dataclass(frozen=True)
class Needs:
    """How much a player needs each category, and how far short of their rank each feature is."""

    categories: Mapping[str, float]
    """0..1 by category, the neediest is 1; what was not measured is left out."""
    shortfalls: Mapping[str, float]
    """0..1 by feature: 0 is as good as players of the rank or better, 1 is two sd worse; context is left out."""


def needs(report: SkillReport) -> Needs:
    """Half how likely a category is what holds the player back, half how far its score is below the rank's.

    Relative to the neediest category: of an even player everything is worth as much.
    """
    raw = {name: _need(told) for name, told in report.categories.items() if told.get("score") is not None}
    most = max(raw.values(), default=0.0)
    return Needs(
        categories={name: need / most if most else 1.0 for name, need in raw.items()},
        shortfalls=_shortfalls(report.features),
    )


def _need(told: Mapping[str, Any]) -> float:
    return 0.5 * float(told.get("probability") or 0.0) + 0.5 * shortfall(float(told["score"]))


def shortfall(score: float) -> float:
    """How far below the rank, 0..1; `score` is in sd and higher is better."""
    return min(max(-score, 0.0), WORST) / WORST


def _shortfalls(features: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    from training.recommending.statistics import direction_of

    return {
        name: shortfall(direction_of(name) * float(told["z"]))
        for name, told in features.items()
        if told.get("z") is not None and direction_of(name)
    }

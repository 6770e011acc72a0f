"""Invented players: how good they are at eight things beside others of their rank, and how that shows in one match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from matches.models import RankGroup

SKILLS = (
    "mechanical",
    "positioning",
    "game_sense",
    "boost_management",
    "rotation",
    "aerial_ability",
    "shooting",
    "defending",
)
COMMON = 0.25
"""Share of the variance of skills that is the same for all eight: who is good at one thing is rather good at others."""
LASTING = 0.35
"""Share of the variance of a match's form that is the player; the rest is the match."""


@dataclass(frozen=True, kw_only=True)
class SimulatedPlayer:
    """skills: by name, in standard deviations among players of the rank, the same in every match."""

    name: str
    rank_group: str
    skills: Mapping[str, float]

    @property
    def level(self) -> float:
        """The rank, -1 (bronze) to 1 (supersonic legend)."""
        ranks = RankGroup.values
        return 2 * ranks.index(self.rank_group) / (len(ranks) - 1) - 1

    def form(self, rng: np.random.Generator) -> dict[str, float]:
        """How each skill shows in one match: mean 0 and standard deviation 1 over all matches of the rank."""
        luck = rng.normal(size=len(SKILLS))
        told = zip(SKILLS, luck, strict=True)
        return {
            skill: float(np.sqrt(LASTING) * self.skills[skill] + np.sqrt(1 - LASTING) * luck) for skill, luck in told
        }

    def shifted(self, skill: str, by: float) -> SimulatedPlayer:
        """The same player, in one skill better or worse by so many standard deviations of a match."""
        changed = self.skills[skill] + by / float(np.sqrt(LASTING))
        return replace(self, skills={**self.skills, skill: changed})


def player(name: str, rank_group: str, rng: np.random.Generator) -> SimulatedPlayer:
    """Somebody of a rank, at random."""
    common, own = rng.normal(), rng.normal(size=len(SKILLS))
    skills = np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own
    return SimulatedPlayer(name=name, rank_group=rank_group, skills=dict(zip(SKILLS, skills.tolist(), strict=True)))

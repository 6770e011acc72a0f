"""The verb: from a report to recommendations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matches.models import Playlist, RankGroup
from training.models import Category, Drill, Recommendation, TrainingPack
from training.recommending import expectations, opinions, reasons, tastes
from training.recommending.catalogue import CATEGORIES, LEVELS, Catalogue, Key, catalogue
from training.recommending.diversity import diversified
from training.recommending.needs import Needs, needs
from training.recommending.preference import preference
from training.recommending.scoring import Scores, score
from training.recommending.storing import store_recommendations

if TYPE_CHECKING:
    from training.models import SkillReport

DUELS = frozenset({Playlist.RANKED_DUELS, Playlist.UNRANKED_DUELS})
MOST = 20


@dataclass(frozen=True)
class Recommended:
    """What to practise, the best first; stored with the report, or not saved where that was not wished."""

    recommendations: tuple[Recommendation, ...]
    skill_level_detected: RankGroup
    """The rank that the report was made for."""
    skill_level: RankGroup
    """The rank that windows were read by: the detected one, unless another was wished."""
    total_packs_evaluated: int
    """Packs and drills that were looked at, fit or not."""


def recommend(
    report: SkillReport,
    *,
    max_recommendations: int = 5,
    categories: Collection[str] | None = None,
    skill_level: str | None = None,
    store: bool = True,
) -> Recommended:
    """Packs and drills for the player of a report, with the reason and the parts of the score of each.

    At most 20, of the given categories only, and only such as suit the rank (`skill_level`, else the report's); fewer
    where no more do. `store` replaces what was recommended by this report before; what stays the same keeps its row.
    Raises ValueError for a category, rank or number that there is not.
    """
    wanted = _wanted(categories)
    level = RankGroup(skill_level or report.rank_group)
    if not 1 <= max_recommendations <= MOST:
        raise ValueError(f"From 1 to {MOST} can be recommended, not {max_recommendations}.")
    items, need = catalogue(), needs(report)
    known = opinions.of(report.user)
    scores = score(
        items,
        need,
        level=LEVELS[level],
        preference=preference(items, known, tastes.kept()),
        is_duel=report.playlist in DUELS,
    )
    looked_at = wanted[items.category_codes]
    fit = np.flatnonzero(scores.is_fit & looked_at & _not_disliked(items, known))
    chosen = diversified(items, scores.total, fit, count=max_recommendations) if len(fit) else []
    made = _recommendations(report, items, chosen, scores=scores, needs=need)
    return Recommended(
        recommendations=tuple(store_recommendations(report, made) if store else made),
        skill_level_detected=RankGroup(report.rank_group),
        skill_level=level,
        total_packs_evaluated=int(looked_at.sum()),
    )


def _wanted(categories: Collection[str] | None) -> np.ndarray:
    """(8,) which categories are asked for."""
    if categories is None:
        return np.ones(len(CATEGORIES), dtype=bool)
    asked = {Category(name).value for name in categories}
    return np.array([name in asked for name in CATEGORIES])


def _not_disliked(items: Catalogue, known: Mapping[Key, opinions.Opinion]) -> np.ndarray:
    """(n,) all but what the player rated so low that they don't want to see it again."""
    kept = np.ones(len(items), dtype=bool)
    for key, opinion in known.items():
        if key in items.place_of and opinions.is_unwanted(opinion):
            kept[items.place_of[key]] = False
    return kept


def _recommendations(
    report: SkillReport, items: Catalogue, chosen: Sequence[int], *, scores: Scores, needs: Needs
) -> list[Recommendation]:
    """Rows that are not saved yet, without those whose item has gone since the catalogue was read."""
    keys = [items.keys[place] for place in chosen]
    packs = TrainingPack.objects.filter(is_active=True).in_bulk([key.pk for key in keys if not key.is_drill])
    drills = Drill.objects.filter(is_active=True).in_bulk([key.pk for key in keys if key.is_drill])
    measured, total = expectations.kept(), scores.total
    made: list[Recommendation] = []
    for place, key in zip(chosen, keys, strict=True):
        drill = drills.get(key.pk) if key.is_drill else None
        pack = None if key.is_drill else packs.get(key.pk)
        item = pack or drill
        if item is None:
            continue
        statistic = reasons.statistic_of(report, item, needs)
        made.append(
            Recommendation(
                report=report,
                place=len(made) + 1,
                pack=pack,
                drill=drill,
                category=item.category,
                score=float(total[place]),
                weakness_relevance=float(scores.weakness[place]),
                difficulty_match=float(scores.difficulty[place]),
                quality=float(scores.quality[place]),
                preference=float(scores.preference[place]),
                reasoning=reasons.reason(report, item, needs),
                estimated_improvement=expectations.estimated_improvement(item, statistic, measured),
            )
        )
    return made

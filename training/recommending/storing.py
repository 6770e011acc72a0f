"""Recommendations as rows of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from training.models import Recommendation
from training.recommending.catalogue import Key

if TYPE_CHECKING:
    from training.models import SkillReport

OUT_OF_THE_WAY = 1000
"""Added to places while they are exchanged: no two rows of a report may ever have the same one."""
WRITTEN = (
    "place", "category", "score", "weakness_relevance", "difficulty_match", "quality", "preference", "reasoning",
    "estimated_improvement",
)  # fmt: skip


@transaction.atomic
def store_recommendations(report: SkillReport, made: Sequence[Recommendation]) -> list[Recommendation]:
    """Make these the recommendations of a report.

    An item that was recommended before keeps its row, so that sessions planned from it still know where they come from;
    the others' rows go. Where nothing changed, nothing is written.
    """
    type(report).objects.select_for_update().filter(pk=report.pk).first()
    before = {_key(row): row for row in report.recommendations.all()}
    if [_told(row) for row in before.values()] == [_told(row) for row in made]:
        return _with_items(list(before.values()), made)
    now = {_key(row): row for row in made}
    report.recommendations.exclude(pk__in=[row.pk for key, row in before.items() if key in now]).delete()
    report.recommendations.update(place=F("place") + OUT_OF_THE_WAY)
    for key, row in now.items():
        row.pk = before[key].pk if key in before else None
    Recommendation.objects.bulk_update([row for row in made if row.pk], WRITTEN)
    Recommendation.objects.bulk_create([row for row in made if not row.pk])
    return list(made)


def _key(row: Recommendation) -> Key:
    return Key.of(row.pack_id, row.drill_id)


def _told(row: Recommendation) -> tuple[object, ...]:
    return _key(row), *(getattr(row, name) for name in WRITTEN)


def _with_items(rows: list[Recommendation], made: Sequence[Recommendation]) -> list[Recommendation]:
    """The rows that are there, with the packs and drills that were read already."""
    for row, fresh in zip(rows, made, strict=True):
        row.pack, row.drill = fresh.pack, fresh.drill
    return rows

"""Packs and drills on one shelf, as the page of them shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from matches.models import RankGroup
from training.models import Drill, PackFeedback, TrainingPack

if TYPE_CHECKING:
    from accounts.models import User

PER_PAGE = 24


@dataclass(frozen=True, kw_only=True)
class ShelfItem:
    """A pack or a drill; `own` is what the person gave it, 1 to 5, or None."""

    kind: str
    item: TrainingPack | Drill
    own: int | None

    @property
    def ranks(self) -> str:
        easiest, hardest = RankGroup(self.item.easiest_rank).label, RankGroup(self.item.hardest_rank).label
        return str(easiest) if easiest == hardest else f"{easiest} to {hardest}"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    items: tuple[ShelfItem, ...]
    page: Page[Any]
    total: int


def shelf(user: User, wanted: Mapping[str, Any], *, page: str) -> Shelf:
    """wanted: `kind`, `category`, `rank`, `search`, each empty or left out where it does not matter."""
    kind = wanted.get("kind") or ""
    keys = [
        *(("drill", pk) for pk in _narrowed(Drill.objects.all(), wanted, skip=kind == "pack")),
        *(("pack", pk) for pk in _narrowed(TrainingPack.objects.all(), wanted, skip=kind == "drill")),
    ]
    shown = Paginator(keys, PER_PAGE).get_page(page)
    drills = Drill.objects.in_bulk([pk for its, pk in shown if its == "drill"])
    packs = TrainingPack.objects.in_bulk([pk for its, pk in shown if its == "pack"])
    found: list[tuple[str, TrainingPack | Drill]] = [
        (its, drills[pk] if its == "drill" else packs[pk]) for its, pk in shown
    ]
    own = _own_ratings(user, list(packs), list(drills))
    items = tuple(ShelfItem(kind=its, item=item, own=own.get((its, item.pk))) for its, item in found)
    return Shelf(items=items, page=shown, total=len(keys))


def _narrowed(items: QuerySet[Any], wanted: Mapping[str, Any], *, skip: bool) -> list[int]:
    if skip:
        return []
    items = items.filter(is_active=True)
    if category := wanted.get("category"):
        items = items.filter(category=category)
    if rank := wanted.get("rank"):
        level = RankGroup.values.index(rank)
        items = items.filter(easiest_rank__in=RankGroup.values[: level + 1], hardest_rank__in=RankGroup.values[level:])
    if words := wanted.get("search"):
        items = items.filter(Q(name__icontains=words) | Q(sub_skill__icontains=words))
    return list(items.order_by("category", "difficulty", "name", "pk").values_list("pk", flat=True))


def _own_ratings(user: User, packs: list[int], drills: list[int]) -> dict[tuple[str, int], int]:
    rows = PackFeedback.objects.filter(Q(pack__in=packs) | Q(drill__in=drills), user=user)
    return {
        ("pack", pack) if pack else ("drill", drill): rating
        for pack, drill, rating in rows.values_list("pack", "drill", "rating")
    }

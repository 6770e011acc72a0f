"""Everything that can be recommended, as columns: what is scored is thousands of packs, so none of it is a loop."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Count, Sum
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from matches.models import RankGroup
from training.models import Category, Drill, PackFeedback, TrainingPack
from training.recommending import quality

LEVELS = {rank: level for level, rank in enumerate(RankGroup.values, start=1)}
"""Ranks on the scale of difficulty: bronze is 1, supersonic legend 8."""
CATEGORIES = tuple(Category.values)
KINDS = ("pack", *Drill.Kind.values)
KEPT_SECONDS = 60.0
"""How long another process may go on with what it read: staff's changes are seen everywhere within this time."""
SUB_SKILL_SCALE, KIND_SCALE, DIFFICULTY_SCALE, LENGTH_SCALE = 0.7, 0.7, 0.5, 0.3
"""How far apart two items are that differ in this, where another category is 1."""
MINUTES_A_SHOT = 0.5


class Key(NamedTuple):
    """Which item: a drill, or else a pack."""

    is_drill: bool
    pk: int

    @classmethod
    def of(cls, pack: int | None, drill: int | None) -> Key:
        """The key of a row that names a pack or a drill."""
        return cls(is_drill=pack is None, pk=pack or drill or 0)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """n items, packs first; every array has one entry an item."""

    keys: tuple[Key, ...]
    categories: tuple[str, ...]
    sub_skills: tuple[str, ...]
    kinds: tuple[str, ...]
    moves: tuple[str, ...]
    """The feature that a drill should move; empty for packs."""
    difficulty: np.ndarray
    """(n,) 1..8, as the following two are."""
    easiest: np.ndarray
    hardest: np.ndarray
    minutes: np.ndarray
    """(n,) how long once through takes; of packs a guess from their number of shots, 0 where that is unknown."""
    needs_team: np.ndarray
    """(n,) whether it makes no sense in duels."""
    quality: np.ndarray
    """(n,) 0..1, see `training.recommending.quality`."""

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def place_of(self) -> dict[Key, int]:
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def category_codes(self) -> np.ndarray:
        """(n,) places in CATEGORIES."""
        return np.array([CATEGORIES.index(name) for name in self.categories], dtype=np.int64)

    @cached_property
    def sub_skill_codes(self) -> np.ndarray:
        """(n,) a number for each sub-skill; what is called the same in two categories is not the same."""
        known: dict[tuple[str, str], int] = {}
        both = zip(self.categories, self.sub_skills, strict=True)
        return np.array([known.setdefault(pair, len(known)) for pair in both], dtype=np.int64)

    @cached_property
    def trained(self) -> tuple[tuple[tuple[str, str, str], ...], np.ndarray]:
        """Distinct (category, sub-skill, feature moved), and (n,) which of these each item has: few share thousands."""
        known: dict[tuple[str, str, str], int] = {}
        each = zip(self.categories, self.sub_skills, self.moves, strict=True)
        which = np.array([known.setdefault(told, len(known)) for told in each], dtype=np.int64)
        return tuple(known), which

    @cached_property
    def is_drill(self) -> np.ndarray:
        return np.array([key.is_drill for key in self.keys], dtype=bool)

    @cached_property
    def content(self) -> np.ndarray:
        """(n, d) what an item is, for likeness: category, sub-skill, kind, difficulty and length."""
        difficulty = (self.difficulty[:, None] - 4.5) / 3.5
        length = np.log1p(self.minutes)[:, None] / np.log1p(30)
        return np.hstack(
            [
                _one_hot(self.categories),
                SUB_SKILL_SCALE * _one_hot(self.sub_skills),
                KIND_SCALE * _one_hot(self.kinds),
                DIFFICULTY_SCALE * difficulty,
                LENGTH_SCALE * length,
            ]
        )


def _one_hot(names: tuple[str, ...]) -> np.ndarray:
    known = {name: place for place, name in enumerate(sorted(set(names)))}
    hot = np.zeros((len(names), len(known)))
    hot[np.arange(len(names)), [known[name] for name in names]] = 1
    return hot


_kept: tuple[float, Catalogue] | None = None


def catalogue() -> Catalogue:
    """Active packs and drills. Read at most every minute; a change made in this process is seen at once."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        _kept = (now, read())
    return _kept[1]


@receiver((post_save, post_delete), sender=TrainingPack)
@receiver((post_save, post_delete), sender=Drill)
def forget(**_: Any) -> None:
    """Read the catalogue again when it is needed next. (Writes in bulk send no signal: call this after them.)"""
    global _kept
    _kept = None


def read() -> Catalogue:
    """The catalogue as the database has it: three queries."""
    packs = [_Row.of_pack(values) for values in TrainingPack.objects.filter(is_active=True).values_list(*PACK_FIELDS)]
    drills = [_Row.of_drill(values) for values in Drill.objects.filter(is_active=True).values_list(*DRILL_FIELDS)]
    return from_rows([*packs, *drills], ratings=_ratings())


PACK_FIELDS = (
    "pk", "category", "sub_skill", "difficulty", "easiest_rank", "hardest_rank", "shots", "likes", "plays",
)  # fmt: skip
DRILL_FIELDS = (
    "pk", "category", "sub_skill", "difficulty", "easiest_rank", "hardest_rank", "minutes", "kind", "moves_statistic",
    "needs_team",
)  # fmt: skip


class _Row(NamedTuple):
    key: Key
    category: str
    sub_skill: str
    difficulty: int
    easiest: int
    hardest: int
    minutes: float
    kind: str = "pack"
    moves: str = ""
    needs_team: bool = False
    likes: int = 0
    plays: int = 0

    @classmethod
    def of_pack(cls, values: tuple[Any, ...]) -> _Row:
        pk, category, sub_skill, difficulty, easiest, hardest, shots, likes, plays = values
        key, window = Key(is_drill=False, pk=pk), (LEVELS[easiest], LEVELS[hardest])
        return cls(key, category, sub_skill, difficulty, *window, MINUTES_A_SHOT * shots, likes=likes, plays=plays)

    @classmethod
    def of_drill(cls, values: tuple[Any, ...]) -> _Row:
        pk, category, sub_skill, difficulty, easiest, hardest, minutes, kind, moves, needs_team = values
        window = (LEVELS[easiest], LEVELS[hardest])
        return cls(Key(True, pk), category, sub_skill, difficulty, *window, minutes, kind, moves, needs_team)  # noqa: FBT003 - a named tuple


def from_rows(rows: list[_Row], *, ratings: dict[Key, tuple[int, int]]) -> Catalogue:
    """Columns of rows; `ratings` are how many each item has, and their sum."""

    def column(values: Iterable[float]) -> np.ndarray:
        return np.fromiter(values, dtype=float, count=len(rows))

    given = [ratings.get(row.key, (0, 0)) for row in rows]
    return Catalogue(
        keys=tuple(row.key for row in rows),
        categories=tuple(row.category for row in rows),
        sub_skills=tuple(row.sub_skill for row in rows),
        kinds=tuple(row.kind for row in rows),
        moves=tuple(row.moves for row in rows),
        difficulty=column(row.difficulty for row in rows),
        easiest=column(row.easiest for row in rows),
        hardest=column(row.hardest for row in rows),
        minutes=column(row.minutes for row in rows),
        needs_team=np.array([row.needs_team for row in rows], dtype=bool),
        quality=quality.quality(
            ratings=column(count for count, _ in given),
            rating_sums=column(total for _, total in given),
            likes=column(row.likes for row in rows),
            plays=column(row.plays for row in rows),
        ),
    )


def _ratings() -> dict[Key, tuple[int, int]]:
    given = PackFeedback.objects.order_by().values_list("pack", "drill").annotate(n=Count("pk"), total=Sum("rating"))
    return {Key.of(pack, drill): (n, total) for pack, drill, n, total in given}

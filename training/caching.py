"""Answers of the coach, kept for an hour, and how often a kept one was given.

An answer is kept under the player and what was asked, beside hashes of what it was made of: the ids of the player's
matches, and what else decides it (ranks, models, benchmark). It is given while those hashes are what they were. They
are read from the database every few seconds at most, and anew at once where `training.receivers` heard of a change: so
an answer is found before the database is asked, in one question to the cache, and processes that share no cache notice
a change within `LOOK_AGAIN_AFTER` all the same.
"""

from __future__ import annotations

import atexit
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import randint
from threading import Lock
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, Max

from accounts.models import User
from matches.models import RankedGame, StatedRank
from matches.rocket_league import own_rows
from mlmodels import registry
from predictions.canonical import content_hash
from training.models import Drill, PackFeedback, TrainingPack, TrainingSession

T = TypeVar("T")

KEPT_FOR = 3600
"""Seconds for which the same question about the same matches gets the same answer."""

LOOK_AGAIN_AFTER = 5
"""Seconds for which at most what an answer depends on is taken to be as it was, unless a change is heard of."""

LOOK_AGAIN_AFTER_AT_LEAST = 3
"""For some so, for others longer: else all who once asked in one moment would be looked up in one moment again."""

COUNTS_TOLD_AFTER = 1.0
"""Seconds for which a process may keep to itself how many answers it gave."""

PROBLEMS = ("weakness", "rank-group")
_EVERYBODY = "coach/everybody"
_HITS, _MISSES = "coach/hits", "coach/misses"


@dataclass(frozen=True)
class Counts:
    """How many answers were kept ones (hits) and were made (misses), by all processes that share the cache."""

    hits: int
    misses: int

    @property
    def hit_ratio(self) -> float | None:
        """0..1; None before the first answer."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


def answered(kind: str, player: User, asked: Mapping[str, Any], make: Callable[[], T]) -> T:
    """The kept answer to a question about a player, or the one that `make` gives, which is kept from now on.

    kind: what sort of answer. asked: all that was asked besides, as JSON. Whether the viewer may see the player is for
    the caller to know. What `make` raises is raised, and not kept.
    """
    place = f"coach/{kind}/{content_hash({'player': player.pk, 'asked': asked})}"
    makers = _makers(player)
    found = cache.get_many([*makers, place])
    marks = _marks(makers, found)
    if place in found and found[place][0] == marks:
        _count(_HITS)
        kept: T = found[place][1]
        return kept
    _count(_MISSES)
    made = make()
    cache.set(place, (marks, made), KEPT_FOR)
    return made


def counts() -> Counts:
    """Of other processes, what they told; they tell at least every `COUNTS_TOLD_AFTER` seconds while they answer."""
    _tell_counts()
    found = cache.get_many([_HITS, _MISSES])
    return Counts(hits=found.get(_HITS, 0), misses=found.get(_MISSES, 0))


def forget_counts() -> None:
    """Drop what this process counted and did not tell yet; it tells the next at once."""
    global _told_at
    with _counting:
        _counted.clear()
        _told_at = float("-inf")


def forget_matches(players: Iterable[int]) -> None:
    """Matches or ranks of these people (ids) changed."""
    cache.delete_many([_matches_key(player) for player in players])


def forget_practice(players: Iterable[int]) -> None:
    """What these people (ids) practised, or think of it, changed."""
    cache.delete_many([_practice_key(player) for player in players])


def forget_everybody() -> None:
    """A model, the benchmark, or something to practise with changed."""
    cache.delete(_EVERYBODY)


def _makers(player: User) -> dict[str, Callable[[], Any]]:
    """What tells, by the key of its hash, what an answer about a player depends on."""
    return {
        _EVERYBODY: _of_everybody,
        _matches_key(player.pk): lambda: _of_matches(player),
        _practice_key(player.pk): lambda: _of_practice(player),
    }


def _marks(makers: Mapping[str, Callable[[], Any]], found: Mapping[str, Any]) -> list[str]:
    """The hashes: those found in the cache, and the others made and kept."""
    fresh = {key: content_hash(make()) for key, make in makers.items() if key not in found}
    if fresh:
        cache.set_many(fresh, randint(LOOK_AGAIN_AFTER_AT_LEAST, LOOK_AGAIN_AFTER))  # noqa: S311 - no secret
    return [fresh[key] if key in fresh else found[key] for key in makers]


def _of_everybody() -> list[Any]:
    """Champions; how many games of known rank, packs and drills there are."""
    champions = registry.champions()
    versions = [version.version if (version := champions.get(problem)) else "" for problem in PROBLEMS]
    games = RankedGame.objects.order_by().aggregate(last=Max("pk"), count=Count("pk"))
    things = [model.objects.filter(is_active=True).order_by().aggregate(last=Max("pk"), count=Count("pk"))
              for model in (TrainingPack, Drill)]  # fmt: skip
    return [versions, games, things]


def _of_matches(player: User) -> list[Any]:
    """The player's matches, as which extractor read them, and their ranks."""
    rows = own_rows.rows_of(player).values_list(
        "replay_id", "replay__extraction_version", "replay__playlist", "rank_group"
    )
    stated = StatedRank.objects.filter(user=player).order_by("playlist").values_list("playlist", "rank_group")
    return [sorted([str(replay), *rest] for replay, *rest in rows), [list(rank) for rank in stated]]


def _of_practice(player: User) -> list[Any]:
    """What the player did and thought of it, which recommendations weigh."""
    sessions = TrainingSession.objects.of(player).order_by("pk").values_list("pk", "status", "self_rating")
    feedback = PackFeedback.objects.filter(user=player).order_by("pk").values_list("pk", "rating")
    return [[list(session) for session in sessions], [list(one) for one in feedback]]


_counting = Lock()
_counted: Counter[str] = Counter()
_told_at = float("-inf")
"""When this process last told its counts, as `time.monotonic` has it."""


def _count(key: str) -> None:
    with _counting:
        _counted[key] += 1
        is_due = time.monotonic() - _told_at >= COUNTS_TOLD_AFTER
    if is_due:
        _tell_counts()


def _tell_counts() -> None:
    """Add what this process counted to what all did."""
    global _told_at
    with _counting:
        told = dict(_counted)
        _counted.clear()
        _told_at = time.monotonic()
    for key, count in told.items():
        try:
            cache.incr(key, count)
        except ValueError:
            cache.add(key, 0, None)
            cache.incr(key, count)


# A process that ends may have counted since it last told.
atexit.register(_tell_counts)


def _matches_key(player: int) -> str:
    return f"coach/matches/{player}"


def _practice_key(player: int) -> str:
    return f"coach/practice/{player}"

"""What everybody's opinions say of items: learned now and then by a worker, kept in a file, read by every process.

A factor model of the opinions that content leaves unexplained (Koren, Bell and Volinsky (2009), "Matrix factorization
techniques for recommender systems", Computer 42(8)), by alternating least squares: people's part with the items' fixed,
then the items' part with the people's fixed. Nothing of a person is kept, only factors of items.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from django.conf import settings

from training.recommending import opinions, preference
from training.recommending.catalogue import Catalogue, Key, read
from training.recommending.keeping import put

FACTORS = 6
ROUNDS = 12
ITEM_RIDGE = 1.0
"""Penalty of items' factors, beside `preference.RIDGE` of people's: what opinions don't bear out is drawn to 0."""
FEWEST_PLAYERS = 20
"""Below so many people with opinions there is nothing to learn of everybody."""
KEPT_ASIDE, SURE = 10, 2.0
LOOK_AGAIN_SECONDS = 5.0
SEED = 20240601


@dataclass(frozen=True, eq=False)
class Tastes:
    """Factors (m, f) of items: alike where the same people like them."""

    keys: tuple[Key, ...]
    factors: np.ndarray
    players: int

    def of(self, items: Catalogue) -> np.ndarray:
        """(n, f) factors of a catalogue's items; 0 of those that were unknown when this was learned."""
        return _aligned(self, items)


@lru_cache(maxsize=2)
def _aligned(tastes: Tastes, items: Catalogue) -> np.ndarray:
    found = np.zeros((len(items), tastes.factors.shape[1]))
    places = np.array([items.place_of.get(key, -1) for key in tastes.keys], dtype=np.int64)
    found[places[places >= 0]] = tastes.factors[places >= 0]
    return found


class Told(NamedTuple):
    """One person's opinions: places of items (m,), opinions less the items' quality (m,), weights (m,)."""

    places: np.ndarray
    wished: np.ndarray
    weights: np.ndarray


def learn_and_keep() -> Tastes | None:
    """Learn from everybody's opinions and keep it for all processes; None where too few have any."""
    items = read()
    tastes = learn(items, opinions.of_everybody())
    if tastes is not None:
        put(path(), lambda file: _write(file, tastes))
    return tastes


def learn(items: Catalogue, everybody: Mapping[int, Mapping[Key, opinions.Opinion]]) -> Tastes | None:
    """Factors of the items from opinions by person; the same from the same opinions, bit for bit.

    All 0 where they tell opinions that were kept aside no better than content does. None for too few people.
    """
    told = [_told(items, theirs) for _, theirs in sorted(everybody.items())]
    told = [each for each in told if len(each.places)]
    if len(told) < FEWEST_PLAYERS:
        return None
    helps = _helps(items.content, told)
    factors = _factors(items.content, told) if helps else np.zeros((len(items), FACTORS))
    return Tastes(keys=items.keys, factors=factors, players=len(told))


def _told(items: Catalogue, theirs: Mapping[Key, opinions.Opinion]) -> Told:
    known = sorted((items.place_of[key], *opinion) for key, opinion in theirs.items() if key in items.place_of)
    places, values, weights = np.array(known).reshape(-1, 3).T
    at = places.astype(np.int64)
    return Told(at, values - items.quality[at], weights)


def _helps(content: np.ndarray, told: Sequence[Told]) -> bool:
    """Whether factors learned without every tenth opinion surely bring those nearer than content alone.

    Surely: the mean gain over people, in squared error, is more than twice its standard error.
    """
    parts = [_without_a_tenth(each, who) for who, each in enumerate(told)]
    factors = _factors(content, [known for known, _ in parts])
    gains = []
    for known, kept_aside in parts:
        share = preference.own_share(known.weights)
        errors = [
            kept_aside.wished - preference.fitted(columns, known.places, known.wished, known.weights)[kept_aside.places]
            for columns in (content, np.hstack([content, share * factors]))
        ]
        gains.append(float((kept_aside.weights * (errors[0] ** 2 - errors[1] ** 2)).sum()))
    return bool(np.mean(gains) > SURE * np.std(gains) / len(gains) ** 0.5)


def _without_a_tenth(told: Told, who: int) -> tuple[Told, Told]:
    """Opinions to learn from, and those kept aside: another tenth of each person."""
    aside = (np.arange(len(told.places)) + who) % KEPT_ASIDE == 0
    return Told(*(part[~aside] for part in told)), Told(*(part[aside] for part in told))


def _factors(content: np.ndarray, told: Sequence[Told]) -> np.ndarray:
    factors: np.ndarray = np.random.default_rng(SEED).normal(0, 0.3, (len(content), FACTORS))
    for _ in range(ROUNDS):
        factors = _items_given_people(factors, _people_given_items(content, factors, told), told)
    return factors


def _people_given_items(
    content: np.ndarray, factors: np.ndarray, told: Sequence[Told]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each person, their part (f,) in the factors and what content leaves of their opinions (m,)."""
    people = []
    for places, wished, weights in told:
        share = preference.own_share(weights)
        rows, seen = content[places], share * factors[places]
        dual = preference.dual_weights(np.hstack([rows, seen]), wished, weights)
        harshness = preference.HARSHNESS * dual.sum()
        people.append((share * (seen.T @ dual), wished - rows @ (rows.T @ dual) - harshness))
    return people


def _items_given_people(
    factors: np.ndarray, people: Sequence[tuple[np.ndarray, np.ndarray]], told: Sequence[Told]
) -> np.ndarray:
    """Factors (n, f) by one ridge regression an item, over the people who gave an opinion of it."""
    count = factors.shape[1]
    owner = np.concatenate([np.full(len(each.places), who) for who, each in enumerate(told)])
    places = np.concatenate([each.places for each in told])
    weights = np.concatenate([each.weights for each in told])
    left = np.concatenate([residual for _, residual in people])
    parts = np.array([part for part, _ in people])[owner]
    squares, products = np.zeros((len(factors), count, count)), np.zeros((len(factors), count))
    np.add.at(squares, places, weights[:, None, None] * parts[:, :, None] * parts[:, None, :])
    np.add.at(products, places, (weights * left)[:, None] * parts)
    solved: np.ndarray = np.linalg.solve(squares + ITEM_RIDGE * np.eye(count), products[:, :, None])[:, :, 0]
    return solved


def path() -> Path:
    return Path(settings.ARTIFACT_DIR) / "recommending" / "tastes.npz"


def _write(file: Path, tastes: Tastes) -> None:
    keys = np.array(tastes.keys, dtype=np.int64)
    with file.open("wb") as stream:
        np.savez(stream, keys=keys, factors=tastes.factors.astype(np.float32), players=np.array(tastes.players))


@dataclass(frozen=True, eq=False)
class _Kept:
    looked_at: float
    stamp: tuple[str, int]
    tastes: Tastes | None


_kept: _Kept | None = None


def kept() -> Tastes | None:
    """What was learned last, in memory; whether there is something newer is looked at every few seconds."""
    global _kept
    now = time.monotonic()
    if _kept is not None and now - _kept.looked_at < LOOK_AGAIN_SECONDS:
        return _kept.tastes
    stamp = _stamp(path())
    tastes = _kept.tastes if _kept is not None and _kept.stamp == stamp else _read(path())
    _kept = _Kept(now, stamp, tastes)
    return tastes


def forget() -> None:
    """Look at the file again when tastes are needed next."""
    global _kept
    _kept = None


def _stamp(file: Path) -> tuple[str, int]:
    return str(file), file.stat().st_mtime_ns if file.exists() else 0


def _read(file: Path) -> Tastes | None:
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as stored:
        keys = tuple(Key(is_drill=bool(is_drill), pk=int(pk)) for is_drill, pk in stored["keys"])
        return Tastes(keys=keys, factors=stored["factors"].astype(float), players=int(stored["players"]))

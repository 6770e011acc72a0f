"""Players of known taste, for measuring what can be learned from opinions.

A player's liking of an item, before it is rounded to a rating of 1 to 5, has standard deviation 1 over items and is

    sqrt(need) N + sqrt(latent) F + sqrt(common) Q + sqrt(noise) E,    need + latent + common + noise = 1

with N how much the player needs the item's category (drawn for each player and category: what content can know), F the
product of the player's and the item's latent factors (what content can't know: a pack's rhythm, its author's humour),
Q how good the item is for everybody, E noise. To favour no method, the latent factors are neither of the number that is
learned nor normal: four of them, Laplace distributed, with unequal parts, a third of an item's being its sub-skill's.
Players are harsh or mild raters, and rate more of what they need and of what is popular, as people do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.recommending.catalogue import CATEGORIES, Catalogue, Key
from training.recommending.opinions import Opinion, from_rating

FACTOR_SHARES = np.array([0.4, 0.3, 0.2, 0.1])
OF_SUB_SKILL = 1 / 3
CUTS = (-1.2, -0.4, 0.4, 1.2)
"""Likings between the ratings 1 to 5, for a rater neither harsh nor mild."""
HARSHNESS_SD = 0.4


@dataclass(frozen=True)
class Shares:
    """Of the variance of likings; `latent` is what only others' opinions can tell."""

    need: float = 0.3
    latent: float = 0.3
    common: float = 0.1

    @property
    def noise(self) -> float:
        return 1 - self.need - self.latent - self.common


@dataclass(frozen=True)
class TastedWorld:
    """Ratings 1..5 (players, items) that each player would give, and how likely each is to be given."""

    ratings: np.ndarray
    attention: np.ndarray


def simulate(items: Catalogue, *, players: int, shares: Shares, seed: int) -> TastedWorld:
    """Everybody's rating of everything, of which only a part is ever told."""
    rng = np.random.default_rng(seed)
    needs = rng.normal(size=(players, len(CATEGORIES)))[:, items.category_codes]
    factors = _item_factors(items, rng) * np.sqrt(FACTOR_SHARES)
    fits = _standard(rng.laplace(size=(players, len(FACTOR_SHARES))) @ factors.T)
    good = rng.normal(size=len(items))
    noise = rng.normal(size=needs.shape)
    parts = ((shares.need, needs), (shares.latent, fits), (shares.common, good[None]), (shares.noise, noise))
    liking = sum(np.sqrt(share) * part for share, part in parts)
    harshness = HARSHNESS_SD * rng.normal(size=(players, 1))
    popularity = 1 / (1 + rng.permutation(len(items))) ** 0.6
    attention = popularity[None] * np.exp(0.5 * needs)
    return TastedWorld(1 + np.searchsorted(CUTS, liking + harshness), attention)


def _item_factors(items: Catalogue, rng: np.random.Generator) -> np.ndarray:
    of_sub_skill = rng.laplace(size=(items.sub_skill_codes.max() + 1, len(FACTOR_SHARES)))[items.sub_skill_codes]
    own = rng.laplace(size=(len(items), len(FACTOR_SHARES)))
    both: np.ndarray = np.sqrt(OF_SUB_SKILL) * of_sub_skill + np.sqrt(1 - OF_SUB_SKILL) * own
    return both


def _standard(values: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = (values - values.mean()) / values.std()
    return scaled


@dataclass(frozen=True)
class Split:
    """What each player told, and the items (players, held) kept aside to be ranked."""

    told: dict[int, dict[int, int]]
    held: np.ndarray


def split(world: TastedWorld, *, told: int, held: int, seed: int) -> Split:
    """Draw what each player rates, by attention; `told` of these are known and `held` kept aside."""
    rng = np.random.default_rng(seed)
    chances = world.attention / world.attention.sum(axis=1, keepdims=True)
    # The largest of log(chance) + Gumbel noise are a draw without replacement.
    drawn = np.argsort(-(np.log(chances) + rng.gumbel(size=chances.shape)), axis=1)[:, : told + held]
    shuffled = rng.permuted(drawn, axis=1)
    known = {
        player: {int(item): int(world.ratings[player, item]) for item in row[:told]}
        for player, row in enumerate(shuffled)
    }
    return Split(known, shuffled[:, told:])


def opinions(items: Catalogue, ratings: dict[int, int]) -> dict[Key, Opinion]:
    return {items.keys[place]: from_rating(rating) for place, rating in ratings.items()}


def ndcg(scores: np.ndarray, ratings: np.ndarray, *, at: int = 5) -> np.ndarray:
    """NDCG (players,) of rankings by `scores` (players, held), gains 2^rating - 1 of `ratings` 1..5.

    Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4); gains as in
    Burges et al. (2005). 1 is the ideal order.
    """
    gains = 2.0**ratings - 1
    discount = 1 / np.log2(np.arange(2, at + 2))
    order = np.argsort(-scores, axis=1, kind="stable")[:, :at]
    found = (np.take_along_axis(gains, order, axis=1) * discount).sum(axis=1)
    best = (-np.sort(-gains, axis=1)[:, :at] * discount).sum(axis=1)
    share: np.ndarray = found / best
    return share

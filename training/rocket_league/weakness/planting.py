"""Weaknesses that are known because they were put there: matches of a rank, one category made worse by so much.

A model that learned the labels of a heuristic would only learn the heuristic. Here the truth is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.rocket_league.weakness.labels import CATEGORIES, EVEN_INDEX

if TYPE_CHECKING:
    import pandas as pd

    from training.rocket_league.benchmarks import Benchmark

Ints = NDArray[np.int_]
MOST_MATCHES = 20


@dataclass(frozen=True, kw_only=True)
class Mix:
    """What is planted, how strongly, and in how many matches.

    even_share: of the examples in which nothing is. weakest, strongest: a strength between these is drawn evenly, in
    standard deviations of the category's score over single matches. matches: numbers of matches to draw from.
    """

    even_share: float = 0.2
    weakest: float = 0.5
    strongest: float = 1.5
    matches: tuple[int, ...] = tuple(range(1, MOST_MATCHES + 1))


@dataclass(frozen=True, kw_only=True)
class Plants:
    """Examples drawn from the matches of one rank.

    rows: (r,) places in the table of matches. example: (r,) which example each belongs to, ascending from 0. labels:
    (m,) indices of `LABELS`. strengths: (m,) standard deviations, 0 where nothing was planted.
    """

    rows: Ints
    example: Ints
    labels: Ints
    strengths: NDArray[np.float64]

    @property
    def matches(self) -> Ints:
        """(m,) how many matches each example has."""
        return np.bincount(self.example, minlength=len(self.labels))


def draw(matches: Sequence[str], count: int, *, mix: Mix, random: np.random.Generator) -> Plants:
    """`count` examples from rows whose match is in `matches` (n,).

    The rows of an example are all different, and from as many matches as there are: players of one match have much in
    common. It has no more matches than there are rows.
    """
    sizes = np.minimum(random.choice(mix.matches, count), len(matches))
    is_even = random.uniform(size=count) < mix.even_share
    labels = np.where(is_even, EVEN_INDEX, random.integers(len(CATEGORIES), size=count))
    strengths = np.where(is_even, 0.0, random.uniform(mix.weakest, mix.strongest, count))
    _, match = np.unique(np.asarray(matches, dtype=str), return_inverse=True)
    rows = [_spread(match, size, random) for size in sizes.tolist()]
    return Plants(
        rows=np.concatenate(rows), example=np.repeat(np.arange(count), sizes), labels=labels, strengths=strengths
    )


def _spread(match: Ints, size: int, random: np.random.Generator) -> Ints:
    """`size` places among the rows: one of each match, then a second of each, and so on."""
    order = random.permutation(len(match))
    turn = np.empty(len(match), dtype=int)
    seen: dict[int, int] = {}
    for place in order.tolist():
        turn[place] = seen[match[place]] = seen.get(match[place], -1) + 1
    return order[np.argsort(turn[order], kind="stable")][:size]


def planted(
    table: pd.DataFrame,
    plants: Plants,
    benchmark: Benchmark,
    *,
    each_feature: bool = False,
    within_bounds: bool = False,
) -> pd.DataFrame:
    """The features (r, k) of the plants' rows, made worse as planted.

    table: features (n, k) of the rank's matches. Every scored feature of the category moves by the same number of its
    own standard deviations: by as many as let the category's score fall by the strength, or with `each_feature` by the
    strength itself, which lets the score fall further. within_bounds: features stay what they can be, as at no goals.
    """
    values = table.to_numpy()[plants.rows]
    label, strength = plants.labels[plants.example], plants.strengths[plants.example]
    for feature in benchmark.scored:
        rows = label == CATEGORIES.index(feature.category.value)
        fall = strength[rows] * (1.0 if each_feature else benchmark.deviations[feature.category])
        place = table.columns.get_loc(feature.name)
        worse = values[rows, place] - feature.direction * benchmark.norms[feature.name].sd * fall
        values[rows, place] = worse.clip(*feature.bounds) if within_bounds else worse
    return type(table)(values, columns=table.columns)

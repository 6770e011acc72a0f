"""Not five times the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.training.recommending.catalogues import catalogue_of
from training.recommending.diversity import diversified


def test_the_first_three_are_of_three_sub_skills_however_good_one_is() -> None:
    items = catalogue_of(6, sub_skills=("a", "a", "a", "b", "c", "d"))
    scores = np.array([1, 0.99, 0.98, 0.2, 0.1, 0.05])
    chosen = diversified(items, scores, np.arange(6), count=5)
    assert chosen[0] == 0
    assert len({items.sub_skills[place] for place in chosen[:3]}) == 3


def test_one_sub_skill_fills_up_where_there_is_no_other() -> None:
    items = catalogue_of(4, sub_skills=("a",) * 4)
    assert diversified(items, np.array([0.1, 0.4, 0.3, 0.2]), np.arange(4), count=3) == [1, 2, 3]


def test_of_equals_the_unlike_comes_next() -> None:
    items = catalogue_of(3, categories=("shooting", "shooting", "defending"), sub_skills=("a", "b", "c"))
    assert diversified(items, np.array([0.9, 0.5, 0.49]), np.arange(3), count=2) == [0, 2]


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), min_size=1, max_size=30), st.integers(1, 20))
def test_three_of_five_wherever_there_are_three(rows: list[tuple[int, float]], count: int) -> None:
    items = catalogue_of(len(rows), sub_skills=tuple(str(skill) for skill, _ in rows))
    chosen = diversified(items, np.array([value for _, value in rows]), np.arange(len(rows)), count=count)
    assert len(chosen) == len(set(chosen)) == min(count, len(rows))
    distinct = {items.sub_skills[place] for place in chosen[:5]}
    assert len(distinct) >= min(3, len(set(items.sub_skills)), len(chosen))

"""The score, worked by hand: forty, twenty-five, twenty and fifteen of a hundred."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.recommending.catalogues import catalogue_of
from training.models import Category
from training.recommending.catalogue import Key
from training.recommending.needs import Needs
from training.recommending.quality import liking, quality
from training.recommending.scoring import WEIGHTS, difficulty_fit, relevance, score, weighted

unit = st.floats(0, 1)


def test_the_score_of_a_pack_by_hand() -> None:
    """Shooting is needed 0.8 of the most; its feature is half of the way to two sd short; a diamond (5) sees a pack of
    difficulty 4 for gold (3) to diamond (5).

    weakness    0.8 * (0.75 + 0.25 * 0.5)    = 0.7
    difficulty  1 - 0.5 * |5 - 4| / (|5 - 4| + 1) = 0.75
    score       0.40 * 0.7 + 0.25 * 0.75 + 0.20 * 0.6 + 0.15 * 0.9 = 0.28 + 0.1875 + 0.12 + 0.135 = 0.7225
    """
    items = catalogue_of(
        1,
        sub_skills=("ground shots",),
        difficulty=np.array([4.0]),
        easiest=np.array([3.0]),
        hardest=np.array([5.0]),
        quality=np.array([0.6]),
    )
    needs = Needs({Category.SHOOTING: 0.8, Category.DEFENDING: 1.0}, {"shots": 0.5, "finishing": 0.2})
    scores = score(items, needs, level=5, preference=np.array([0.9]), is_duel=False)
    assert scores.weakness[0] == pytest.approx(0.7)
    assert scores.difficulty[0] == pytest.approx(0.75)
    assert scores.total[0] == pytest.approx(0.7225)
    assert scores.is_fit.all()


@given(unit, unit, unit, unit)
def test_parts_are_weighted_exactly(weakness: float, difficulty: float, good: float, liked: float) -> None:
    total = weighted(*(np.array([part]) for part in (weakness, difficulty, good, liked)))
    assert total[0] == pytest.approx(0.40 * weakness + 0.25 * difficulty + 0.20 * good + 0.15 * liked)
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize(("level", "fit"), [(2, 0), (3, 0.75), (4, 1), (5, 5 / 6), (6, 2 / 3), (7, 0)])
def test_difficulty_fits_best_at_the_players_level_and_never_outside_the_window(level: int, fit: float) -> None:
    items = catalogue_of(1, easiest=np.array([3.0]), hardest=np.array([6.0]))
    assert difficulty_fit(items, level)[0] == pytest.approx(fit)
    needs = Needs({Category.SHOOTING: 1.0}, {})
    scores = score(items, needs, level=level, preference=np.ones(1), is_duel=False)
    assert scores.is_fit[0] == (fit > 0)


def test_a_drill_is_as_relevant_as_the_feature_it_moves_is_weak() -> None:
    items = catalogue_of(3, moves=("shots", "goals", ""), keys=tuple(Key(n < 2, n) for n in range(3)))
    needs = Needs({Category.SHOOTING: 1.0}, {"shots": 1.0, "goals": 0.0})
    assert relevance(items, needs).tolist() == [1.0, 0.75, 0.75]


def test_what_fits_nobody_in_duels() -> None:
    items = catalogue_of(2, needs_team=np.array([True, False]))
    needs = Needs({Category.SHOOTING: 1.0}, {})
    scores = score(items, needs, level=4, preference=np.ones(2), is_duel=True)
    assert scores.is_fit.tolist() == [False, True]


def test_quality_by_hand() -> None:
    """No likes anywhere. Ratings 5, 5 of one pack are worth 2 in all; everybody: (2 + 20 * 0.5) / (2 + 20) = 6 / 11.

    Rated: (2 + 5 * 6 / 11) / (2 + 5) = 52 / 77; unrated: 6 / 11.
    """
    nobody = np.zeros(2)
    found = quality(ratings=np.array([2.0, 0]), rating_sums=np.array([10.0, 0]), likes=nobody, plays=nobody)
    assert found.tolist() == pytest.approx([52 / 77, 6 / 11])


def test_one_like_is_not_more_than_many() -> None:
    """Of all plays a fifth were liked. One of one is drawn to it; fifty of a hundred are believed."""
    likes, plays = np.array([1.0, 50, 0, 0]), np.array([1.0, 100, 154, 0])
    found = liking(likes, plays)
    assert found.tolist() == pytest.approx([(1 + 10) / 51 / 0.2, min((50 + 10) / 150 / 0.2, 2), 10 / 204 / 0.2, 1])
    assert found[1] > found[0] > found[3] > found[2]


@given(st.lists(st.tuples(st.integers(0, 50), unit, st.integers(0, 500), st.integers(0, 500)), min_size=1))
def test_quality_is_a_share(rows: list[tuple[int, float, int, int]]) -> None:
    counts, means, likes, plays = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = quality(ratings=counts, rating_sums=counts * (1 + 4 * means), likes=likes, plays=plays)
    assert ((found >= 0) & (found <= 1)).all()

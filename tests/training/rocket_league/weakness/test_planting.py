"""Planted weaknesses: where they should be, as strong as said, and in matches that nobody learns from twice."""

import numpy as np
import pandas as pd
import pytest

from mlmodels.splitting import split_by_groups
from tests.training.rocket_league.weakness.conftest import gold, gold_benchmark
from training.models import Category
from training.rocket_league.weakness.examples import POOLS, examples, examples_against
from training.rocket_league.weakness.labels import CATEGORIES, EVEN_INDEX, LABELS
from training.rocket_league.weakness.planting import Mix, Plants, draw, planted
from training.rocket_league.weakness.profiles import MATCHES, SCORES, SURPRISES, profiles

MATCH_OF = [f"match-{number // 6}" for number in range(60)]


def drawn(count: int = 300, **mix: object) -> Plants:
    return draw(MATCH_OF, count, mix=Mix(**mix), random=np.random.default_rng(1))  # type: ignore[arg-type]  # tests name fields


def one_of_each(strength: float, rows: int = 5) -> Plants:
    """Nine examples of the first matches: each category made worse, and nothing."""
    labels = np.arange(9)
    return Plants(
        rows=np.tile(np.arange(rows), 9),
        example=np.repeat(labels, rows),
        labels=labels,
        strengths=np.where(labels == EVEN_INDEX, 0.0, strength),
    )


def falls(plants: Plants, **how: bool) -> pd.DataFrame:
    """By how much each example's mean scores fell (9, 8)."""
    benchmark = gold_benchmark()
    before = benchmark.category_scores(gold().table.iloc[plants.rows].reset_index(drop=True))
    after = benchmark.category_scores(planted(gold().table, plants, benchmark, **how))
    found: pd.DataFrame = (before - after).groupby(plants.example).mean()
    return found


def test_an_example_has_different_rows_of_as_many_matches_as_there_are() -> None:
    plants = drawn(matches=(8, 10, 14))
    for example in range(300):
        rows = plants.rows[plants.example == example]
        assert len(set(rows)) == len(rows)
        assert len({MATCH_OF[row] for row in rows}) == min(len(rows), 10)


def test_labels_and_strengths_are_mixed_as_told() -> None:
    plants = drawn(5000, even_share=0.3, weakest=0.5, strongest=1.5)
    is_even = plants.labels == EVEN_INDEX
    assert is_even.mean() == pytest.approx(0.3, abs=0.03)
    assert (plants.strengths[is_even] == 0).all()
    assert (plants.strengths[~is_even].min(), plants.strengths[~is_even].max()) == pytest.approx((0.5, 1.5), abs=0.01)
    assert np.bincount(plants.labels)[:8].min() > 350


def test_no_example_has_more_matches_than_there_are_rows() -> None:
    plants = draw(["a", "b", "b"], 50, mix=Mix(), random=np.random.default_rng(1))
    assert plants.matches.max() == 3


def test_a_category_falls_by_the_strength_and_no_other_moves() -> None:
    found = falls(one_of_each(0.5, rows=40)).to_numpy()
    assert np.diag(found[:8]) == pytest.approx([0.5] * 8, abs=0.06), "single features stop at three deviations"
    assert np.abs(found - np.vstack([np.diag(np.diag(found[:8])), np.zeros(8)])).max() < 1e-9
    assert (found[EVEN_INDEX] == 0).all()


def test_each_feature_worse_by_as_much_lets_the_score_fall_further() -> None:
    by_score, by_feature = falls(one_of_each(0.5)), falls(one_of_each(0.5), each_feature=True)
    assert (np.diag(by_feature.to_numpy()[:8]) > np.diag(by_score.to_numpy()[:8])).all()


def test_within_bounds_no_feature_leaves_what_it_can_be() -> None:
    benchmark = gold_benchmark()
    made = planted(gold().table, one_of_each(3.0), benchmark, within_bounds=True)
    for feature in benchmark.scored:
        assert made[feature.name].between(*feature.bounds).all(), feature.name


def test_profiles_are_means_and_what_is_not_measured_stays_unknown() -> None:
    scores = np.arange(24, dtype=float).reshape(3, 8)
    scores[:, 2] = np.nan
    scores[1, 0] = np.nan
    found = profiles(scores, np.array([0, 0, 1]), 2)
    assert found[SCORES[0]].tolist() == [0.0, 16.0]
    assert found[SCORES[1]].tolist() == [5.0, 17.0]
    assert found[SURPRISES[1]].tolist() == pytest.approx([5 * 2**0.5, 17.0])
    assert found[SCORES[2]].isna().all()
    assert found[MATCHES].tolist() == [2.0, 1.0]


def test_more_than_twenty_matches_count_as_twenty() -> None:
    found = profiles(np.ones((35, 8)), np.zeros(35, dtype=int), 1)
    assert found[MATCHES].tolist() == [20.0]
    assert found[SURPRISES[0]].tolist() == pytest.approx([20**0.5])


def test_pools_share_no_match_and_splits_part_no_pool() -> None:
    ranked = gold()
    pools = ranked.pools()
    assert pd.Series(pools).groupby(ranked.matches).nunique().max() == 1
    assert np.bincount(pools).tolist() == [24] * POOLS
    frame = examples([ranked], a_rank=700)
    masks = split_by_groups(frame["pool"], frame["outcome"], minimum_rows=100).masks(frame["pool"])
    assert {part: mask.sum() for part, mask in masks.items()} == {"train": 500, "validation": 100, "test": 100}


def test_what_is_tested_on_moves_nothing_that_is_compared_with_it() -> None:
    """A pool's own matches are in no benchmark of theirs: other figures there change no other pool's rows of it."""
    ranked = gold()
    own = ranked.pools() == 0
    changed = ranked.table.copy()
    changed.loc[own] *= 2
    benchmark = ranked.part(~own).benchmark()
    again = type(ranked)(**{**ranked.__dict__, "table": changed}).part(~own).benchmark()
    assert again.norms == benchmark.norms


def test_the_same_matches_give_the_same_examples() -> None:
    pd.testing.assert_frame_equal(examples([gold()], a_rank=70), examples([gold()], a_rank=70))
    other = examples([gold()], a_rank=70, seed=6)
    assert not other[SCORES[0]].equals(examples([gold()], a_rank=70)[SCORES[0]])


def test_planted_rows_are_weakest_where_it_was_planted() -> None:
    made = examples_against(
        gold(),
        gold_benchmark(),
        count=400,
        mix=Mix(even_share=0.0, weakest=1.4, matches=(20,)),
        random=np.random.default_rng(2),
    )
    lowest = made[list(SCORES)].to_numpy().argmin(1)
    assert (lowest == made["outcome"]).mean() > 0.9


def test_labels_are_the_eight_categories_and_even() -> None:
    assert tuple(Category.values) == CATEGORIES
    assert LABELS[EVEN_INDEX] == "even"

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from matches.models import Playlist, RankGroup
from tests.training.rocket_league.ranked_rows import ranked_games, rows
from training.models import Category
from training.rocket_league.benchmarks import Benchmark, benchmark
from training.rocket_league.features import feature_table
from training.rocket_league.skill_analyzer import (
    FEWEST_FOR_TREND,
    PLAYER_SHARE,
    SkillAnalyzer,
    _half_width,
    percentile,
    trend,
)

SIMULTANEOUS = 1 - 0.05 / 8


@pytest.fixture
def gold(db: None) -> Benchmark:
    ranked_games(120)
    return benchmark(Playlist.RANKED_STANDARD, RankGroup.GOLD)


def weaker_in_the_air(count: int, *, seed: int = 5) -> pd.DataFrame:
    weak = [{**row, "movement_time_high_air": row["movement_time_high_air"] / 4} for row in rows(count, seed=seed)]
    return feature_table(weak)


def test_a_weakness_is_found_with_its_interval_and_percentile(gold: Benchmark) -> None:
    profile = SkillAnalyzer(gold).analyse(weaker_in_the_air(12))
    assert profile.weaknesses[0] == Category.AERIAL_ABILITY
    skill = profile.categories[Category.AERIAL_ABILITY]
    assert skill.low < skill.score < skill.high < 0
    assert skill.percentile < 10
    assert skill.matches == profile.matches == 12
    assert list(profile.categories) == list(Category)


def test_a_feature_tells_its_value_beside_that_of_the_rank(gold: Benchmark) -> None:
    table = weaker_in_the_air(12)
    features = SkillAnalyzer(gold).analyse(table).features
    high = features["high_air_share"]
    assert high.value == pytest.approx(table["high_air_share"].mean())
    assert high.benchmark_mean == gold.norms["high_air_share"].mean > high.value
    assert high.z < -0.5
    assert high.percentile < 15


def test_the_percentile_of_a_feature_is_turned_where_less_is_better(gold: Benchmark) -> None:
    idle = [{**row, "boost_time_zero_boost": row["boost_time_zero_boost"] + 30} for row in rows(10, seed=4)]
    empty = SkillAnalyzer(gold).analyse(feature_table(idle)).features["empty_share"]
    assert empty.z > 1
    assert empty.percentile < 10


def test_categories_without_anything_to_tell_are_left_out(gold: Benchmark) -> None:
    bare = [{k: v for k, v in row.items() if not k.startswith("boost_")} for row in rows(3)]
    profile = SkillAnalyzer(gold).analyse(feature_table(bare))
    assert Category.BOOST_MANAGEMENT not in profile.categories
    assert "average_boost" not in profile.features


def test_matches_are_taken_in_the_order_of_time(gold: Benchmark) -> None:
    rising = pd.concat([weaker_in_the_air(40), feature_table(rows(40, seed=8))], ignore_index=True)
    day = datetime(2026, 3, 1, tzinfo=UTC)
    times = [day + timedelta(days=n) for n in range(80)]
    analyzer = SkillAnalyzer(gold)
    assert analyzer.analyse(rising, times).categories[Category.AERIAL_ABILITY].trend.verdict == "improving"
    backwards = analyzer.analyse(rising, times[::-1]).categories[Category.AERIAL_ABILITY].trend
    assert backwards.verdict == "declining"
    assert analyzer.analyse(rising, [None, *times[1:]]).matches == 80


def test_nothing_to_analyse_is_refused(gold: Benchmark) -> None:
    with pytest.raises(ValueError, match="0 matches"):
        SkillAnalyzer(gold).analyse(feature_table([]))
    with pytest.raises(ValueError, match="3 matches and 1 times"):
        SkillAnalyzer(gold).analyse(feature_table(rows(3)), [None])


def test_players_drawn_from_the_benchmark_spread_evenly_over_the_percentiles() -> None:
    """Skill and luck drawn as assumed, the luck skewed: the percentiles are uniform, for one match and for ten."""
    rng = np.random.default_rng(3)
    for matches in (1, 10):
        skill = rng.normal(0, np.sqrt(0.3), 2000)
        luck = (rng.gamma(4, 0.5, (2000, matches)) - 2) * np.sqrt(0.7)
        means = skill + luck.mean(axis=1)
        found = [percentile(mean, matches=matches, share=0.3, skew=0.7**1.5) / 100 for mean in means]
        assert stats.kstest(found, "uniform").statistic < 0.035


def test_without_a_share_of_the_player_it_is_the_distribution_of_means_of_different_matches() -> None:
    assert percentile(-0.5, matches=16, share=0) == pytest.approx(100 * stats.norm.cdf(-2))
    assert percentile(0.7, matches=1, share=0, skew=0.8) == pytest.approx(100 * stats.pearson3.cdf(0.7, 0.8))
    assert percentile(0.7, matches=1, share=0, skew=-0.8) == pytest.approx(100 * stats.pearson3.cdf(0.7, -0.8))
    assert percentile(-3, matches=1, share=0, skew=2) == 0


def test_more_matches_at_the_same_score_say_more() -> None:
    told = [percentile(-0.5, matches=n, share=PLAYER_SHARE[Category.SHOOTING]) for n in (1, 3, 10, 40)]
    assert told == sorted(told, reverse=True)


@pytest.mark.parametrize("matches", [1, 3, 10, 30])
def test_intervals_hold_the_truth_as_often_as_they_say(matches: int) -> None:
    scores = np.random.default_rng(matches).normal(0.4, 1, (2000, matches))
    held = np.mean([abs(each.mean() - 0.4) < _half_width(each) for each in scores])
    assert 0.94 <= held <= 0.99


@pytest.mark.parametrize("kind", ["normal", "skewed", "heavy"])
@pytest.mark.parametrize("matches", [8, 20, 60])
def test_noise_is_not_called_progress(matches: int, kind: str) -> None:
    """At most one player in twenty who doesn't change has any of eight categories called improving or declining."""
    rng = np.random.default_rng(matches)
    noise = {
        "normal": rng.normal(size=(500, 8, matches)),
        "skewed": rng.gamma(4, 0.5, (500, 8, matches)) - 2,
        "heavy": rng.standard_t(3, (500, 8, matches)) / np.sqrt(3),
    }[kind]
    told = [any(trend(each, level=SIMULTANEOUS).verdict != "steady" for each in player) for player in noise]
    assert np.mean(told) <= 0.05


def test_evenings_that_resemble_themselves_are_hardly_ever_called_progress() -> None:
    noise = np.random.default_rng(2).normal(size=(600, 40))
    for place in range(1, 40):
        noise[:, place] = 0.3 * noise[:, place - 1] + np.sqrt(1 - 0.09) * noise[:, place]
    told = np.mean([trend(each, level=SIMULTANEOUS).verdict != "steady" for each in noise])
    assert told <= 0.02
    plain = np.mean([abs(stats.linregress(np.arange(40), each).pvalue) < 0.05 / 8 for each in noise])
    assert told < plain


def test_a_plain_rise_is_improving_by_so_much_in_ten_matches() -> None:
    rng = np.random.default_rng(1)
    found = trend(np.linspace(-1, 1, 81) + rng.normal(0, 0.3, 81))
    assert found.verdict == "improving"
    assert found.slope is not None
    assert found.slope == pytest.approx(0.25, abs=0.05)
    assert found.low is not None
    assert found.low > 0.15


def test_few_matches_have_no_trend() -> None:
    found = trend(np.linspace(-1, 1, FEWEST_FOR_TREND - 1))
    assert (found.verdict, found.slope, found.low, found.high) == ("too few", None, None, None)
    assert trend(np.zeros(FEWEST_FOR_TREND)).verdict == "steady"

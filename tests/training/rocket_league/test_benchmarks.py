from pathlib import Path

import numpy as np
import pytest

from matches.models import Playlist, RankedGame, RankGroup
from matches.rocket_league.ranked_games import import_ranked_games
from tests.training.rocket_league.ranked_rows import ranked_games, rows
from training.errors import NoBenchmark
from training.models import Category
from training.rocket_league import benchmarks
from training.rocket_league.benchmarks import benchmark
from training.rocket_league.features import feature_table

pytestmark = pytest.mark.django_db
STANDARD = Playlist.RANKED_STANDARD


def test_scores_have_mean_nought_and_deviation_one_over_the_benchmarks_own_matches() -> None:
    ranked_games(80)
    found = benchmark(STANDARD, RankGroup.GOLD)
    scores = found.category_scores(found.table)
    assert list(scores) == Category.values
    np.testing.assert_allclose(scores.mean(), 0, atol=1e-9)
    np.testing.assert_allclose(scores.std(), 1, atol=1e-9)
    assert (found.rows, found.is_simulated, found.is_interpolated) == (80, False, False)
    assert found.source == "80 matches of Gold players"


def test_better_play_scores_higher_in_its_category_alone() -> None:
    ranked_games(80)
    found = benchmark(STANDARD, RankGroup.GOLD)
    before = rows(5, seed=2)
    after = [{**row, "movement_time_high_air": row["movement_time_high_air"] * 1.5} for row in before]
    change = found.category_scores(feature_table(after)) - found.category_scores(feature_table(before))
    assert (change["aerial_ability"] > 0.3).all()
    assert change.drop(columns="aerial_ability").abs().max().max() < 1e-9


def test_one_odd_match_counts_as_three_deviations_and_no_more() -> None:
    ranked_games(80)
    found = benchmark(STANDARD, RankGroup.GOLD)
    odd = feature_table([{**rows(1)[0], "demo_inflicted": 30.0}])
    assert found.standardised(odd)["demolitions"].iloc[0] == 3


def test_a_match_that_tells_too_little_of_a_category_has_no_score_in_it() -> None:
    ranked_games(80)
    row = {name: value for name, value in rows(1)[0].items() if not name.startswith("boost_")}
    scores = benchmark(STANDARD, RankGroup.GOLD).category_scores(feature_table([row]))
    assert np.isnan(scores["boost_management"]).all()
    assert not np.isnan(scores["shooting"]).any()


def test_fewer_than_thirty_matches_are_no_benchmark() -> None:
    ranked_games(29)
    with pytest.raises(NoBenchmark, match="too few matches of Gold in Ranked Standard"):
        benchmark(STANDARD, RankGroup.GOLD)


def test_another_playlists_matches_are_no_benchmark() -> None:
    ranked_games(60)
    with pytest.raises(NoBenchmark):
        benchmark(Playlist.RANKED_DOUBLES, RankGroup.GOLD)


def test_real_matches_come_before_simulated_ones_and_are_never_mixed() -> None:
    ranked_games(40, is_simulated=True)
    ranked_games(29)
    made_up = benchmark(STANDARD, RankGroup.GOLD)
    assert (made_up.is_simulated, made_up.rows, made_up.source) == (True, 40, "40 simulated matches of Gold players")
    ranked_games(1)
    benchmarks.forget()
    real = benchmark(STANDARD, RankGroup.GOLD)
    assert (real.is_simulated, real.rows) == (False, 30)


def test_silver_lies_between_bronze_and_gold_and_says_so() -> None:
    ranked_games(40, rank_group=RankGroup.BRONZE, speed=1200)
    ranked_games(90, rank_group=RankGroup.GOLD, speed=1400, seed=2)
    silver = benchmark(STANDARD, RankGroup.SILVER)
    assert silver.is_interpolated
    assert silver.source == "between Bronze and Gold, 130 matches"
    bronze, gold = (benchmark(STANDARD, rank) for rank in (RankGroup.BRONZE, RankGroup.GOLD))
    middle = (bronze.norms["average_speed"].mean + gold.norms["average_speed"].mean) / 2
    assert silver.norms["average_speed"].mean == pytest.approx(middle, abs=3)
    np.testing.assert_allclose(silver.category_scores(silver.table).std(), 1, atol=1e-9)


def test_above_the_highest_known_rank_there_is_no_benchmark() -> None:
    ranked_games(40, rank_group=RankGroup.GRAND_CHAMPION)
    with pytest.raises(NoBenchmark):
        benchmark(STANDARD, RankGroup.SUPERSONIC_LEGEND)


def test_duels_have_no_rotation_and_nothing_of_team_mates() -> None:
    ranked_games(40, playlist=Playlist.RANKED_DUELS)
    found = benchmark(Playlist.RANKED_DUELS, RankGroup.GOLD)
    assert Category.ROTATION not in found.categories
    assert len(found.categories) == 7
    assert not any(feature.needs_team for feature in found.features)
    assert np.isnan(found.category_scores(found.table)["rotation"]).all()


def test_it_is_kept_and_made_anew_when_rows_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmarks, "CHECKED_EVERY", 0)
    ranked_games(40)
    first = benchmark(STANDARD, RankGroup.GOLD)
    assert benchmark(STANDARD, RankGroup.GOLD) is first
    ranked_games(1)
    assert benchmark(STANDARD, RankGroup.GOLD).rows == 41
    RankedGame.objects.latest("pk").delete()
    assert benchmark(STANDARD, RankGroup.GOLD).rows == 40


def test_real_benchmarks_are_there_from_bronze_to_grand_champion(real_ranked_games: Path) -> None:
    import_ranked_games(real_ranked_games)
    for rank in RankGroup.values[:-1]:
        found = benchmark(STANDARD, rank)
        assert found.is_interpolated == (rank == RankGroup.SILVER)
        assert len(found.categories) == 8
        np.testing.assert_allclose(found.category_scores(found.table).std(), 1, atol=1e-9)
    with pytest.raises(NoBenchmark):
        benchmark(STANDARD, RankGroup.SUPERSONIC_LEGEND)

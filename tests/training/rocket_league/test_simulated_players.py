"""What the simulator draws and what the analysis finds: a weakness that is there, and practice that helped."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from matches.models import Playlist, RankGroup
from matches.rocket_league import own_rows
from matches.simulating_replays import simulate_player, simulate_ranked_games
from matches.simulation.rocket_league.players import SKILLS
from tests.factories import UserFactory
from training.models import Category
from training.rocket_league.benchmarks import benchmark
from training.rocket_league.features import FEATURES, feature_table
from training.rocket_league.skill_analyzer import SkillAnalyzer, SkillProfile

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def analysed(user: User, playlist: Playlist) -> SkillProfile:
    rows = list(own_rows.rows_of(user, playlist=playlist))
    times = [row.replay.played_at for row in rows]
    return SkillAnalyzer(benchmark(playlist, RankGroup.GOLD)).analyse(
        feature_table([row.statistics for row in rows]), times
    )


def test_skills_are_called_as_categories_are() -> None:
    assert set(SKILLS) == set(Category.values)


@pytest.mark.parametrize("playlist", [Playlist.RANKED_DUELS, Playlist.RANKED_DOUBLES, Playlist.RANKED_STANDARD])
def test_every_feature_can_be_told_of_simulated_matches(playlist: Playlist) -> None:
    simulate_ranked_games(rows=60, playlists=[playlist], rank_groups=[RankGroup.GOLD])
    found = benchmark(playlist, RankGroup.GOLD)
    assert found.is_simulated
    team = playlist != Playlist.RANKED_DUELS
    assert {f.name for f in found.features} == {f.name for f in FEATURES if team or not f.needs_team}
    assert len(found.categories) == (8 if team else 7)


def somebody(number: int) -> User:
    """Somebody whose matches are the same in every database: they are drawn from the row's number."""
    return UserFactory.create(pk=1_000_000 + number)


def lowest(profile: SkillProfile) -> Category:
    return min(profile.categories.values(), key=lambda skill: skill.score).category


def test_a_simulated_weakness_is_mostly_the_lowest_score() -> None:
    simulate_ranked_games(playlists=[Playlist.RANKED_STANDARD], rank_groups=[RankGroup.GOLD])
    found = 0
    for number, weakness in enumerate(SKILLS * 3):
        player = somebody(number)
        simulate_player(
            player,
            matches=30,
            weakness=weakness,
            rank_group="gold",
            playlist=Playlist.RANKED_STANDARD,
            now=NOW,
            practised_from=None,
        )
        found += lowest(analysed(player, Playlist.RANKED_STANDARD)) == weakness
    assert found >= 20, f"{found} of 24"


def test_practice_shows_as_improving() -> None:
    simulate_ranked_games(playlists=[Playlist.RANKED_STANDARD], rank_groups=[RankGroup.GOLD])
    player = somebody(1)
    simulate_player(
        player,
        matches=100,
        weakness="aerial_ability",
        rank_group="gold",
        playlist=Playlist.RANKED_STANDARD,
        now=NOW,
        practised_from=0.2,
    )
    found = analysed(player, Playlist.RANKED_STANDARD)
    assert found.categories[Category.AERIAL_ABILITY].trend.verdict == "improving"

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from accounts.models import User
from matches.errors import InvalidSimulation
from matches.models import Playlist, RankedGame, RankGroup, Replay
from matches.rocket_league import own_rows, scenes
from matches.simulating_replays import TEAM_SIZES, simulate_player, simulate_ranked_games
from matches.simulation.rocket_league.games import game
from matches.simulation.rocket_league.players import SKILLS, player

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_both_sides_of_a_match_agree(size: int) -> None:
    rng = np.random.default_rng(size)
    for _ in range(20):
        sides = [[player(f"p{n}", "gold", rng) for n in range(size)] for _ in range(2)]
        drawn = game(sides[0], sides[1], rng)
        blue, orange = drawn.goals
        assert blue != orange
        for mine, against in ((drawn.blue, orange), (drawn.orange, blue)):
            assert {each["core_goals_against"] for each in mine} == {against}
            assert sum(each["core_assists"] for each in mine) <= sum(each["core_goals"] for each in mine)
            assert all(each["core_goals"] <= each["core_shots"] for each in mine)
        demolished = sum(each["demo_taken"] for each in (*drawn.blue, *drawn.orange))
        assert demolished == sum(each["demo_inflicted"] for each in (*drawn.blue, *drawn.orange))
        has_mates = "positioning_time_most_back" in drawn.blue[0]
        assert has_mates == (size > 1)


def test_skills_of_a_player_go_together_and_show_in_every_match() -> None:
    rng = np.random.default_rng(1)
    people = [player("p", "gold", rng) for _ in range(600)]
    skills = np.array([[each.skills[skill] for skill in SKILLS] for each in people])
    assert 0.15 < np.corrcoef(skills, rowvar=False)[0, 1] < 0.35
    forms = np.array([[each.form(rng)["shooting"] for _ in range(2)] for each in people])
    assert np.std(forms) == pytest.approx(1, abs=0.08)
    assert 0.25 < np.corrcoef(forms, rowvar=False)[0, 1] < 0.45


@pytest.mark.django_db
def test_games_of_every_rank_and_playlist_are_made_once_and_marked() -> None:
    made = simulate_ranked_games(rows=6)
    assert made == RankedGame.objects.count() == 8 * (6 + 8 + 6)
    assert not RankedGame.objects.filter(is_simulated=False).exists()
    assert simulate_ranked_games(rows=6) == 0
    assert simulate_ranked_games(rows=12, playlists=[Playlist.RANKED_DUELS], rank_groups=[RankGroup.GOLD]) == 6


@pytest.mark.django_db
def test_a_better_rank_plays_better() -> None:
    simulate_ranked_games(rows=60, playlists=[Playlist.RANKED_STANDARD])
    speed = {
        rank: np.mean([g.statistics["movement_avg_speed"] for g in RankedGame.objects.filter(rank_group=rank)])
        for rank in RankGroup.values
    }
    assert speed["bronze"] < speed["gold"] < speed["champion"] < speed["supersonic-legend"]


@pytest.mark.django_db
@pytest.mark.parametrize("playlist", TEAM_SIZES)
def test_a_players_matches_are_their_own_and_read(alice: User, playlist: Playlist) -> None:
    made = simulate_player(alice, matches=4, weakness="shooting", rank_group="gold", playlist=playlist, now=NOW)
    rows = list(own_rows.rows_of(alice, playlist=playlist))
    assert [row.replay for row in rows] == made
    assert own_rows.rank_of(alice, playlist) == (RankGroup.GOLD, "stated")
    for replay in made:
        assert replay.is_simulated
        assert replay.source == Replay.Source.SIMULATOR
        assert replay.players.count() == 2 * TEAM_SIZES[playlist] == 2 * replay.team_size
        assert replay.played_at is not None
        assert replay.played_at < NOW
    again = simulate_player(alice, matches=5, weakness="shooting", rank_group="gold", playlist=playlist, now=NOW)
    assert len(again) == 1


@pytest.mark.django_db
def test_the_newest_matches_can_be_watched(alice: User, storage: Path, settings: Settings) -> None:
    settings.SIMULATED_SCENES = 2
    made = simulate_player(alice, matches=4, weakness="", rank_group="gold", playlist="ranked-duels", now=NOW)
    assert [bool(replay.scenes) for replay in made] == [False, False, True, True]
    for replay in made[2:]:
        stored = Replay.objects.get(pk=replay.pk)
        seen = scenes.decode(stored.scenes.read())
        players = list(stored.players.order_by("pk"))
        assert [(each.name, each.side) for each in seen.players] == [(each.name, each.side) for each in players]
        goals = [sum(goal.side == side for goal in seen.goals) for side in ("blue", "orange")]
        assert goals == [stored.blue_goals, stored.orange_goals]
        assert len(seen.state) / scenes.RATE == pytest.approx(stored.duration, abs=0.2)


@pytest.mark.django_db
def test_figures_do_not_depend_on_whether_there_are_pictures(alice: User, storage: Path, settings: Settings) -> None:
    figures = []
    for filmed in (0, 3):
        settings.SIMULATED_SCENES = filmed
        made = simulate_player(alice, matches=3, weakness="", rank_group="gold", playlist="ranked-duels", now=NOW)
        figures.append([player.statistics for replay in made for player in replay.players.order_by("pk")])
        Replay.objects.all().delete()
    assert figures[0] == figures[1]


@pytest.mark.django_db
def test_what_cant_be_simulated_is_refused(alice: User) -> None:
    with pytest.raises(InvalidSimulation, match="'hockey' can't be simulated"):
        simulate_ranked_games(playlists=["hockey"])
    with pytest.raises(InvalidSimulation, match="'wood' is not a rank"):
        simulate_ranked_games(rank_groups=["wood"])
    with pytest.raises(InvalidSimulation, match="at least one"):
        simulate_ranked_games(rows=0)
    wanted = {"rank_group": "gold", "playlist": "ranked-duels", "now": NOW}
    with pytest.raises(InvalidSimulation, match="'luck' is not one of"):
        simulate_player(alice, matches=1, weakness="luck", **wanted)  # type: ignore[arg-type]
    with pytest.raises(InvalidSimulation, match="at least one"):
        simulate_player(alice, matches=0, weakness="", **wanted)  # type: ignore[arg-type]

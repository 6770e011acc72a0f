"""Ratings of teams and figures of players, of what was before a day."""

from __future__ import annotations

from datetime import date

import pytest

from matches.basketball.advanced import true_shooting
from matches.basketball.sums import Sums
from matches.basketball.team_ratings import player_figures, team_ratings
from matches.importing import import_file
from matches.models import Player, PlayerGame, Team
from tests.matches.basketball.logs import HEADER, game
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def games(write: WriteFile) -> None:
    """Denver beats the Lakers at home, 105 to 100, on two days; Boston beats Denver."""
    lines = [
        *game("0022300061", day="2023-10-24"),
        *game("0022300062", day="2023-10-26"),
        *game("0022300063", home="BOS", away="DEN", day="2023-10-28"),
    ]
    import_file(write("log.csv", HEADER + "".join(lines)), source="nba-logs")


def rating(code: str, before: date) -> tuple[int, float, int]:
    found = team_ratings(before)[Team.objects.get(abbreviation=code).pk]
    return found.games, round(found.net_rating, 1), found.net_rank


def test_only_games_before_the_day_count() -> None:
    assert team_ratings(date(2023, 10, 24)) == {}
    one = rating("DEN", date(2023, 10, 25))
    assert one == rating("DEN", date(2023, 10, 26))
    assert one[0] == 1
    assert rating("DEN", date(2023, 10, 27))[0] == 2


def test_what_comes_after_the_day_changes_nothing() -> None:
    before = team_ratings(date(2023, 10, 26))
    PlayerGame.objects.filter(match__date__gte=date(2023, 10, 26)).update(
        points=99, turnovers=50, team=Team.objects.first()
    )
    assert team_ratings(date(2023, 10, 26)) == before


def test_teams_are_ranked_and_equal_ones_share_a_rank() -> None:
    found = {team: rating(team, date(2023, 11, 1)) for team in ("BOS", "DEN", "LAL")}
    assert [found[team][2] for team in ("BOS", "DEN", "LAL")] == [1, 2, 3]
    first = rating("DEN", date(2023, 10, 25))
    assert (first[1] > 0, first[2], rating("LAL", date(2023, 10, 25))[2]) == (True, 1, 2)


def test_before_a_seasons_first_game_the_last_season_stands() -> None:
    found = team_ratings(date(2024, 10, 1))
    assert {told.season for told in found.values()} == {"2023-24"}


def test_another_league_has_none() -> None:
    assert team_ratings(date(2024, 1, 1), competition="SIM-NBA") == {}


def test_the_figures_of_a_player_are_of_his_games_together() -> None:
    player = Player.objects.get(name="Den Able")
    assert player_figures(player, before=date(2023, 10, 24)) == {}
    told = player_figures(player, before=date(2023, 10, 29))
    own = Sums.total(Sums.of_line(line) for line in player.games.all())
    assert told["games"] == 3
    assert told["true_shooting"] == pytest.approx(true_shooting(own))
    assert told["usage"] == pytest.approx(0.2, abs=0.01)
    assert player_figures(player, before=date(2023, 10, 29), games=1)["games"] == 1


def test_reading_takes_few_queries(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        team_ratings(date(2023, 11, 1))
    player = Player.objects.get(name="Den Able")
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        player_figures(player, before=date(2023, 11, 1))

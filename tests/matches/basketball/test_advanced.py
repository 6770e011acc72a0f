"""Advanced figures, by hand and beside NBA Stats' own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matches.basketball import advanced, individual_ratings
from matches.basketball.sums import Sums, possessions

PLAYER = Sums(
    minutes=36, points=30, field_goals_made=10, field_goals_attempted=20, threes_made=2, threes_attempted=6,
    free_throws_made=8, free_throws_attempted=10, offensive_rebounds=2, defensive_rebounds=6, assists=5, steals=1,
    blocks=2, turnovers=3, fouls=4,
)  # fmt: skip
TEAM = Sums(
    minutes=240, points=110, field_goals_made=40, field_goals_attempted=88, threes_made=12, threes_attempted=32,
    free_throws_made=18, free_throws_attempted=22, offensive_rebounds=10, defensive_rebounds=34, assists=25, steals=8,
    blocks=5, turnovers=13, fouls=20,
)  # fmt: skip
OPPONENT = Sums(
    minutes=240, points=104, field_goals_made=38, field_goals_attempted=86, threes_made=10, threes_attempted=30,
    free_throws_made=18, free_throws_attempted=24, offensive_rebounds=9, defensive_rebounds=33, assists=22, steals=7,
    blocks=4, turnovers=14, fouls=21,
)  # fmt: skip


def test_shooting_by_hand() -> None:
    assert advanced.true_shooting(PLAYER) == pytest.approx(30 / (2 * (20 + 4.4)))
    assert advanced.effective_field_goals(PLAYER) == pytest.approx(11 / 20)


def test_usage_and_shares_by_hand() -> None:
    assert advanced.usage(PLAYER, TEAM) == pytest.approx((20 + 4.4 + 3) * 48 / (36 * (88 + 9.68 + 13)))
    assert advanced.assist_share(PLAYER, TEAM) == pytest.approx(5 / (0.75 * 40 - 10))
    assert advanced.rebound_share(PLAYER, TEAM, OPPONENT) == pytest.approx(8 * 48 / (36 * (44 + 42)))
    assert advanced.assist_ratio(PLAYER) == pytest.approx(500 / (20 + 4.4 + 5 + 3))
    assert advanced.turnover_ratio(PLAYER) == pytest.approx(300 / (20 + 4.4 + 5 + 3))


def test_game_score_by_hand() -> None:
    assert advanced.game_score(PLAYER) == pytest.approx(30 + 4 - 14 - 0.8 + 1.4 + 1.8 + 1 + 3.5 + 1.4 - 1.6 - 3)


def test_possessions_by_hand_are_one_number_for_both_sides() -> None:
    own = 88 + 8.8 - 1.07 * 10 / 43 * 48 + 13
    other = 86 + 9.6 - 1.07 * 9 / 43 * 48 + 14
    assert possessions(TEAM, OPPONENT) == pytest.approx((own + other) / 2)
    assert possessions(OPPONENT, TEAM) == possessions(TEAM, OPPONENT)


def test_box_pie_of_both_teams_is_one() -> None:
    both = advanced.box_pie(TEAM, TEAM, OPPONENT), advanced.box_pie(OPPONENT, OPPONENT, TEAM)
    assert sum(share or 0 for share in both) == pytest.approx(1)


def test_who_did_nothing_has_no_ratios() -> None:
    told = advanced.figures(Sums(), Sums(), Sums())
    assert {name for name, value in told.items() if value is not None} == {"game_score"}
    idle = advanced.figures(Sums(minutes=2), TEAM, OPPONENT)
    assert idle["offensive_rating"] is None
    assert idle["true_shooting"] is None
    assert idle["usage"] == 0


def test_a_scorer_without_misses_outrates_one_who_missed_as_often_as_he_scored() -> None:
    sure = Sums(minutes=20, points=10, field_goals_made=5, field_goals_attempted=5)
    wild = Sums(minutes=20, points=10, field_goals_made=5, field_goals_attempted=15)
    better, worse = (individual_ratings.offensive_rating(player, TEAM, OPPONENT) for player in (sure, wild))
    assert better is not None
    assert worse is not None
    assert better > 170 > 90 > worse


def test_stealing_lowers_ones_defensive_rating() -> None:
    thief = Sums(minutes=36, steals=5, defensive_rebounds=6, fouls=4)
    idler = Sums(minutes=36, fouls=4)
    assert individual_ratings.defensive_rating(thief, TEAM, OPPONENT) < individual_ratings.defensive_rating(  # type: ignore[operator]
        idler, TEAM, OPPONENT
    )


def sums(statistics: dict[str, Any]) -> Sums:
    from matches.basketball.sources.game_logs import COUNTS
    from matches.basketball.sources.nba_stats_files import BOX_SCORE_COLUMNS

    told = {COUNTS[column]: statistics[name] for name, column in BOX_SCORE_COLUMNS.items() if column in COUNTS}
    minutes, seconds = statistics["minutes"].split(":")
    return Sums.of({**told, "minutes": int(minutes) + int(seconds) / 60})


@pytest.fixture(scope="module")
def sample(real_basketball: Path) -> list[tuple[Sums, Sums, Sums, dict[str, Any]]]:
    """Player, team and opponent of a real game, with what NBA Stats works out; the team itself stands with itself."""
    folder = real_basketball / "nba_api_samples"
    plain = json.loads((folder / "BoxScoreTraditionalV3.json").read_text())["body"]["boxScoreTraditional"]
    told = json.loads((folder / "BoxScoreAdvancedV3.json").read_text())["body"]["boxScoreAdvanced"]
    rows = []
    for side, other in (("homeTeam", "awayTeam"), ("awayTeam", "homeTeam")):
        team, opponent = sums(plain[side]["statistics"]), sums(plain[other]["statistics"])
        rows.append((team, team, opponent, told[side]["statistics"]))
        for player, figures in zip(plain[side]["players"], told[side]["players"], strict=True):
            if player["statistics"]["minutes"]:
                rows.append((sums(player["statistics"]), team, opponent, figures["statistics"]))
    return rows


@pytest.mark.real_data
def test_figures_agree_with_nba_stats_where_the_inputs_allow(
    sample: list[tuple[Sums, Sums, Sums, dict[str, Any]]],
) -> None:
    for player, team, opponent, told in sample:
        ours = advanced.figures(player, team, opponent)
        assert (ours["true_shooting"] or 0.0) == pytest.approx(told["trueShootingPercentage"], abs=0.0006)
        assert (ours["effective_field_goals"] or 0.0) == pytest.approx(told["effectiveFieldGoalPercentage"], abs=0.0006)
        if player is not team:
            assert ours["usage"] == pytest.approx(told["usagePercentage"], abs=0.02)
            continue
        assert ours["box_pie"] == pytest.approx(told["PIE"], abs=0.0006)
        assert possessions(team, opponent) == pytest.approx(told["possessions"], abs=1.5)
        assert 100 * team.points / possessions(team, opponent) == pytest.approx(told["offensiveRating"], abs=2)


@pytest.mark.real_data
def test_what_players_produce_adds_up_to_what_the_team_scored(
    sample: list[tuple[Sums, Sums, Sums, dict[str, Any]]],
) -> None:
    for team in {id(row[1]): row[1] for row in sample}.values():
        shares = [
            individual_ratings._Offence.of(player, team, opponent).points_produced(player, team)
            for player, own, opponent, _ in sample
            if own is team and player is not team
        ]
        assert sum(shares) == pytest.approx(team.points, rel=0.03)

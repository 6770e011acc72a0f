"""Tables, averages and newcomers of a league of four."""

from math import isnan, log

import pytest

from predictions.football.leagues import CUSTOM, MEMORY, PROMOTED_POINTS, ROUNDS, Leagues
from predictions.football.rows import Played
from tests.predictions.football.played import result


def leagues_after(*played: Played) -> Leagues:
    leagues = Leagues()
    for one in played:
        leagues.add(one)
    return leagues


def of(leagues: Leagues, home: str = "a", away: str = "b", season: str = "2324") -> dict[str, float]:
    return leagues.features("E0", season, home, away)


def test_before_any_result_a_competition_is_as_they_usually_are() -> None:
    found = of(Leagues())
    assert (found["base_home"], found["base_draw"], found["base_away"]) == tuple(CUSTOM.values())
    assert found["base_supremacy"] == pytest.approx(log(0.455 / 0.28))
    assert (found["home_newcomer"], found["away_newcomer"], found["season_progress"]) == (0, 0, 0)
    assert found["table_points_difference"] == found["last_points_difference"] == 0


def test_frequencies_move_a_little_with_each_result_and_still_sum_to_one() -> None:
    found = of(leagues_after(result("a", "1-1", "b")))
    assert found["base_draw"] == pytest.approx(0.265 + (1 - 0.265) / MEMORY)
    assert found["base_home"] == pytest.approx(0.455 - 0.455 / MEMORY)
    assert found["base_home"] + found["base_draw"] + found["base_away"] == pytest.approx(1)


def test_the_table_counts_points_and_goals_with_last_season_worth_six_matches() -> None:
    leagues = leagues_after(result("a", "2-0", "b"), result("c", "1-1", "a", day=7))
    assert leagues.of("E0").table == {"a": [2, 4, 2], "b": [1, 0, -2], "c": [1, 1, 0]}
    usual = 1.35
    found = of(leagues)
    assert found["table_points_difference"] == pytest.approx((4 + 6 * usual) / 8 - (0 + 6 * usual) / 7)
    assert found["table_goals_difference"] == pytest.approx(2 / 8 - -2 / 7)
    assert found["season_progress"] == pytest.approx(2 / ROUNDS)


def test_a_new_season_begins_with_an_empty_table_and_the_last_ones_points() -> None:
    leagues = leagues_after(result("a", "2-0", "b"), result("a", "1-0", "c", day=7))
    before_its_first_match = of(leagues, season="2425")
    assert before_its_first_match["last_points_difference"] == 3 - 0
    assert before_its_first_match["season_progress"] == 0
    leagues.add(result("c", "0-0", "d", day=300, season="2425"))
    after_it = of(leagues, season="2425")
    assert after_it["last_points_difference"] == 3 - 0
    assert leagues.of("E0").table == {"c": [1, 1, 0], "d": [1, 1, 0]}


def test_a_newcomer_is_who_the_season_before_was_without() -> None:
    leagues = leagues_after(result("a", "2-0", "b"))
    assert not leagues.is_newcomer("E0", "2324", "promoted"), "nobody is new to a competition's first season"
    assert leagues.is_newcomer("E0", "2425", "promoted")
    assert not leagues.is_newcomer("E0", "2425", "a")
    found = of(leagues, home="promoted", away="a", season="2425")
    assert (found["home_newcomer"], found["away_newcomer"]) == (1, 0)
    assert found["last_points_difference"] == PROMOTED_POINTS - 3


def test_a_newcomer_stays_one_through_its_first_season() -> None:
    leagues = leagues_after(result("a", "2-0", "b"), result("promoted", "1-0", "a", day=300, season="2425"))
    assert of(leagues, home="promoted", season="2425")["home_newcomer"] == 1
    leagues.add(result("promoted", "1-0", "b", day=700, season="2526"))
    assert of(leagues, home="promoted", season="2526")["home_newcomer"] == 0


def test_shots_are_worth_the_goals_they_usually_bring_there() -> None:
    shots = result("a", "2-0", "b", host={"on_target": 10}, guest={"on_target": 1})
    assert Leagues().shot_goals(shots) == pytest.approx((10 * 2.7 / 9, 1 * 2.7 / 9))
    assert all(isnan(goals) for goals in Leagues().shot_goals(result("a", "2-0", "b")))


def test_averages_do_not_learn_from_what_is_not_told() -> None:
    leagues = leagues_after(result("a", "4-0", "b"))
    assert leagues.of("E0").averages["shots"] == [13.5, 11.0]
    assert leagues.of("E0").averages["goals"] == pytest.approx([1.5 + 2.5 / MEMORY, 1.2 - 1.2 / MEMORY])


def test_one_competition_knows_nothing_of_another() -> None:
    leagues = leagues_after(result("a", "2-0", "b"))
    assert leagues.features("SP1", "2324", "a", "b") == Leagues().features("SP1", "2324", "a", "b")

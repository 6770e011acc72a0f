"""What teams usually make and allow, moved by hand."""

import pytest

from predictions.football.leagues import Leagues
from predictions.football.ratings import NEWCOMER, Performance, PerformanceRatings, rating_features
from predictions.football.rows import Played
from tests.predictions.football.played import result

GOALS = Performance(statistic="goals", rate=0.1, here=0.6, keeps=0.9)
USUAL_HOME, USUAL_AWAY = 1.5, 1.2


@pytest.fixture
def leagues() -> Leagues:
    return Leagues()


@pytest.fixture
def ratings(leagues: Leagues) -> PerformanceRatings:
    """After one match: `a` made twice what is usual, `b` none."""
    rated = PerformanceRatings(GOALS)
    play(rated, leagues, result("a", "3-0", "b"))
    return rated


def play(ratings: PerformanceRatings, leagues: Leagues, played: Played) -> None:
    ratings.add(leagues, played)
    leagues.add(played)


def test_a_surprise_moves_both_sides_more_on_the_ground_it_happened_on(ratings: PerformanceRatings) -> None:
    """Hosts made 100 % more than usual, guests 100 % less; a tenth is learned, six parts of ten for that ground."""
    here, there = 0.06, 0.04
    assert ratings.teams["a"] == pytest.approx([here, -here, there, -there])
    assert ratings.teams["b"] == pytest.approx([-there, there, -here, here])


def test_what_is_expected_is_between_what_one_makes_and_the_other_allows(
    ratings: PerformanceRatings, leagues: Leagues
) -> None:
    home, away = ratings.expected(leagues, "E0", "2324", "a", "b")
    assert (home, away) == pytest.approx(((0.06 + 0.06) / 2, (-0.06 - 0.06) / 2))
    found = rating_features({"goals": ratings}, leagues, "E0", "2324", ("a", "b"))
    assert found == pytest.approx({"goals_difference": 0.12, "goals_sum": 0.0})


def test_a_result_as_expected_moves_nothing(leagues: Leagues) -> None:
    rated = PerformanceRatings(GOALS)
    as_usual = result("a", "1-1", "b")
    rated.add(
        leagues, as_usual._replace(host=as_usual.host._replace(goals=1.5), guest=as_usual.guest._replace(goals=1.2))
    )
    assert rated.teams["a"] == rated.teams["b"] == [0, 0, 0, 0]


def test_what_a_source_does_not_tell_moves_nothing(leagues: Leagues) -> None:
    corners = PerformanceRatings(Performance(statistic="corners", rate=0.1, here=0.6, keeps=0.9))
    corners.add(leagues, result("a", "3-0", "b", host={"corners": 7}))
    assert corners.teams == {}


def test_over_a_summer_ratings_move_to_the_average(ratings: PerformanceRatings, leagues: Leagues) -> None:
    home, _ = ratings.expected(leagues, "E0", "2425", "a", "b")
    assert home == pytest.approx(0.9 * 0.06)


def test_a_newcomer_is_rated_below_the_average_and_a_club_of_a_first_season_at_it(
    ratings: PerformanceRatings, leagues: Leagues
) -> None:
    attack, defence = NEWCOMER
    assert ratings.expected(leagues, "E0", "2425", "promoted", "risen") == ((attack + defence) / 2,) * 2
    assert ratings.expected(leagues, "E0", "2425", "promoted", "a")[0] == pytest.approx((attack - 0.9 * 0.04) / 2)
    assert PerformanceRatings(GOALS).expected(Leagues(), "E0", "2324", "x", "y") == (0, 0)


def test_a_club_that_comes_from_another_competition_is_half_itself_and_half_a_newcomer(
    ratings: PerformanceRatings, leagues: Leagues
) -> None:
    leagues.add(result("x", "0-0", "y")._replace(competition="E1"))
    home, _ = ratings.expected(leagues, "E1", "2425", "a", "x")
    keeps = 0.9 / 2
    assert home == pytest.approx((keeps * 0.06 + (1 - keeps) * NEWCOMER[0]) / 2)


def test_asking_changes_nothing(ratings: PerformanceRatings, leagues: Leagues) -> None:
    before = ratings.to_json()
    ratings.expected(leagues, "E0", "2425", "a", "promoted")
    assert ratings.to_json() == before

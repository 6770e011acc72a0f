"""A stored state goes on as if it had never been stored."""

import json
from itertools import groupby
from random import Random

import pytest

from predictions.football.rows import Played
from predictions.football.state import FootballState
from tests.predictions.football.played import FIRST, fixture, result

TEAMS = ("a", "b", "c", "d")
NEXT = [fixture("a", "b", day=500, season="2425"), fixture("new", "c", day=500, season="2425")]


def season(code: str, *, first_day: int, teams: tuple[str, ...] = TEAMS, rounds: int = 6) -> list[Played]:
    """A match day a week; some of what sources tell is missing here and there."""
    random = Random(code)
    played = []
    for week in range(rounds):
        order = random.sample(teams, len(teams))
        for home, away in (order[:2], order[2:]):
            score = f"{random.randint(0, 4)}-{random.randint(0, 3)}"
            told = {"on_target": float(random.randint(0, 9)), "shots": 11.0} if random.random() < 0.7 else {}
            day = first_day + 7 * week
            played.append(result(home, score, away, day=day, season=code, host=told, guest=told))
    return played


HISTORY = season("2223", first_day=0) + season("2324", first_day=300, teams=("a", "b", "c", "e"))


def advanced(state: FootballState, results: list[Played]) -> FootballState:
    for _, group in groupby(results, key=lambda played: played.day):
        state.advance(list(group))
    return state


def reloaded(state: FootballState) -> FootballState:
    return FootballState.from_json(json.loads(json.dumps(state.to_json(), allow_nan=False)))


def told(state: FootballState) -> list[dict[str, float | None]]:
    """Features of fixtures to come, with None for NaN so that they compare."""
    return [{name: None if v != v else v for name, v in row.items()} for row in state.features(NEXT)]


@pytest.mark.parametrize("stored_after", [0, 2, 12, 14, len(HISTORY)])
def test_a_state_stored_on_the_way_tells_the_same_of_the_next_matches(stored_after: int) -> None:
    straight = advanced(FootballState(), HISTORY)
    through_json = advanced(reloaded(advanced(FootballState(), HISTORY[:stored_after])), HISTORY[stored_after:])
    assert told(through_json) == told(straight)
    assert through_json.to_json() == straight.to_json()


def test_the_features_of_the_test_say_something() -> None:
    """The comparison above would be worth little if nothing was known."""
    of_known, of_newcomer = told(advanced(FootballState(), HISTORY))
    assert of_known["elo_difference"] != told(FootballState())[0]["elo_difference"]
    assert of_newcomer["home_newcomer"] == 1
    assert of_newcomer["home_points_5"] is None


def test_results_come_a_day_at_a_time_and_forwards() -> None:
    state = advanced(FootballState(), HISTORY[:2])
    with pytest.raises(ValueError, match="a day at a time"):
        state.advance(HISTORY[2:6])
    with pytest.raises(ValueError, match="later than the one before"):
        state.advance(HISTORY[:2])
    with pytest.raises(ValueError, match="a day at a time"):
        state.advance([])


def test_features_are_of_one_day_that_is_not_known_yet() -> None:
    state = advanced(FootballState(), HISTORY)
    assert state.features([]) == []
    with pytest.raises(ValueError, match="one day at a time"):
        state.features([NEXT[0], fixture("c", "d", day=501)])
    today = fixture("a", "b", day=state.day - FIRST.toordinal())
    with pytest.raises(ValueError, match="earlier days only"):
        state.features([today])
    assert state.features([today], strict=False)


def test_a_state_of_another_format_asks_to_be_trained_again() -> None:
    stored = {**FootballState().to_json(), "format": 1}
    with pytest.raises(ValueError, match=r"format 1.*train again"):
        FootballState.from_json(stored)

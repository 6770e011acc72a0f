"""What is known now: the stored state with the results since, made again only when there is news."""

from typing import Any

import pytest

from matches.models import Match, Odds
from mlmodels.selection import Selection
from predictions.football import loading, serving_state
from predictions.football.naming import of_match
from predictions.football.state import FootballState

KEY = "the artifact's hash"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    serving_state._kept.clear()


@pytest.fixture
def stored(league: list[Match]) -> dict[str, Any]:
    """The state a month before the last results."""
    last = [match for match in league if match.is_finished][-1]
    before = Selection(date_to=last.date.replace(day=1))
    return dict(loading.snapshot(before).state)


def served(match: Match, stored: dict[str, Any], key: str = KEY) -> dict[str, Any]:
    frame = serving_state.featurise([of_match(match)], state=stored, state_key=key)
    return {str(name): frame[name].iloc[0] for name in frame}


def test_results_since_it_was_stored_are_taken_in(league: list[Match], stored: dict[str, Any]) -> None:
    current = serving_state.current_state(stored, KEY)
    assert current.day == max(match.date for match in league if match.is_finished).toordinal() > stored["day"]


def test_it_is_made_once_while_nothing_changes(
    league: list[Match], stored: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serving_state.current_state(stored, KEY)
    monkeypatch.setattr(FootballState, "from_json", None)
    assert serving_state.current_state(stored, KEY) is first


def test_a_corrected_result_moves_the_features_of_the_next_fixture(league: list[Match], stored: dict[str, Any]) -> None:
    to_come = league[-1]
    before = served(to_come, stored)
    last = Match.objects.finished().of_team(to_come.home).latest("date")
    for side in ("home", "away"):
        setattr(last, f"{side}_goals", 9 if getattr(last, side) == to_come.home else 0)
    last.save()
    after = served(to_come, stored)
    assert after["home_goals_5"] > before["home_goals_5"]


def test_a_result_that_arrives_moves_them_too(league: list[Match], stored: dict[str, Any]) -> None:
    *_, other, to_come = league
    before = served(to_come, stored)
    other.status, other.home_goals, other.away_goals = Match.Status.FINISHED, 9, 0
    other.save()
    assert served(to_come, stored)["base_home"] > before["base_home"]


def test_a_competition_that_the_model_never_saw_brings_no_results_to_it(
    league: list[Match], stored: dict[str, Any]
) -> None:
    ignorant = {**stored, "leagues": {}}
    assert serving_state.current_state(ignorant, KEY).day == stored["day"]


def test_no_more_states_are_kept_than_versions_are_served(league: list[Match], stored: dict[str, Any]) -> None:
    for number in range(serving_state.KEPT + 2):
        serving_state.current_state(stored, f"version {number}")
    assert list(serving_state._kept) == [f"version {number}" for number in range(2, serving_state.KEPT + 2)]


def test_fixtures_of_several_days_keep_the_order_they_came_in(league: list[Match], stored: dict[str, Any]) -> None:
    asked = [league[-1], league[-8], league[-2]]
    frame = serving_state.featurise([of_match(match) for match in asked], state=stored, state_key=KEY)
    assert frame["subject"].tolist() == [match.pk for match in asked]
    assert frame["home"].tolist() == [match.home.slug for match in asked]
    together = frame.drop(columns="event_at").to_dict("records")
    alone = {name: value for name, value in served(asked[1], stored).items() if name != "event_at"}
    assert {k: v for k, v in together[1].items() if v == v} == {k: v for k, v in alone.items() if v == v}


def test_opening_prices_are_served_and_closing_ones_never(league: list[Match], stored: dict[str, Any]) -> None:
    row = served(league[-1], stored)
    assert Odds.objects.closing().for_matches([league[-1].pk]).exists()
    assert row["market_open_home"] + row["market_open_draw"] + row["market_open_away"] == pytest.approx(1)
    assert row["market_close_home"] != row["market_close_home"]


def test_one_fixture_is_featurised_in_two_queries(
    league: list[Match], stored: dict[str, Any], django_assert_num_queries: Any
) -> None:
    served(league[-1], stored)
    subject = of_match(league[-1])
    with django_assert_num_queries(2):
        serving_state.featurise([subject], state=stored, state_key=KEY)

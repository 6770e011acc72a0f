"""`POST /api/batch_predict`: up to twenty questions, of which each is answered or refused by itself."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Match, Player
from predictions.basketball import asking
from predictions.models import Prediction
from tests.predictions.props_api.conftest import api, question


def ask(user: User | None, asked: Any) -> Any:
    return api(user).post("/api/batch_predict", asked)


def of_everybody(match: Match, count: int) -> list[dict[str, Any]]:
    players = Player.objects.filter(team__in=(match.home, match.away)).order_by("pk")[:count]
    return [question(match, player=str(player.pk)) for player in players]


def test_a_stranger_gets_nothing(game: Match) -> None:
    assert ask(None, [question(game)]).status_code == 401
    assert not Prediction.objects.exists()


def test_one_bad_entry_hinders_no_other(game: Match, adult: User) -> None:
    asked = [
        question(game, odds={"over": 30.0}),
        question(game, player="Nikola Jokik"),
        question(game, player="Jalen Williams"),
        question(game, line=-3),
        question(game, stat="pointz"),
        question(game, stat="steals"),
        {"player": "Nikola Jokić"},
        "nonsense",
        question(game, player="nikola jokic"),
    ]
    answer = ask(adult, {"items": asked})
    assert answer.status_code == 200
    told = answer.json()
    codes = [result.get("error", {}).get("code") for result in told["results"]]
    assert codes == [
        None,
        "unknown_player",
        "ambiguous_player",
        "invalid_line",
        "unknown_statistic",
        "model_not_trained",
        "invalid",
        "invalid",
        None,
    ]
    assert (told["succeeded"], told["failed"]) == (2, 7)
    assert told["results"][0]["recommendation"] == "OVER"
    assert told["results"][1]["player"] == "Nikola Jokik"
    assert told["results"][1]["error"]["detail"]["near"]
    assert Prediction.objects.count() == 2


def test_the_same_twice_is_predicted_once(game: Match, adult: User) -> None:
    first, second = ask(adult, [question(game), question(game)]).json()["results"]
    assert first["prediction_id"] == second["prediction_id"]
    assert Prediction.objects.count() == 1


def test_twenty_take_no_more_queries_than_two(
    game: Match, adult: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(adult, [question(game, line=1.5)])
    with CaptureQueriesContext(
        connection,
    ) as few:
        ask(adult, of_everybody(game, 2))
    players = of_everybody(game, 16)
    with django_assert_max_num_queries(len(few)):
        told = ask(adult, [*players, *({**one, "line": 9.5} for one in players[:4])]).json()
    assert told["succeeded"] == 20


@pytest.mark.parametrize(("count", "status"), [(0, 400), (20, 200), (21, 422)])
def test_at_most_twenty(count: int, status: int, game: Match, adult: User) -> None:
    answer = ask(adult, [question(game)] * count)
    assert answer.status_code == status, answer.json()


def test_what_is_not_come_to_in_time_is_given_up(game: Match, adult: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", -1.0)
    told = ask(adult, [question(game)]).json()
    assert told["results"][0]["error"]["code"] == "timed_out"

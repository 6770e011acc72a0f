"""`POST /api/predict`: one question about a player."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from matches.models import Availability, Match, Player, PlayerGame, PropLine
from mlmodels.models import ModelVersion
from predictions.models import Prediction
from tests.predictions.props_api.conftest import api, question, somebody

KEYS = [
    "player",
    "predicted_value",
    "over_probability",
    "under_probability",
    "push_probability",
    "recommendation",
    "confidence",
    "expected_value",
    "model_version",
    "prediction_id",
]


LATER = datetime(2040, 1, 1, tzinfo=UTC)


def ask(user: User | None, asked: Any) -> Any:
    return api(user).post("/api/predict", asked)


def test_a_stranger_gets_nothing(game: Match) -> None:
    assert ask(None, question(game)).status_code == 401
    assert not Prediction.objects.exists()


def test_the_documented_keys_come_first(game: Match, adult: User) -> None:
    answer = ask(adult, question(game, odds={"over": 2.4, "under": 1.5}))
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert list(told)[: len(KEYS)] == KEYS
    assert told["over_probability"] + told["under_probability"] + told["push_probability"] == pytest.approx(1, abs=1e-5)
    assert told["game"]["match"] == game.pk
    assert told["game"]["opponent"] == game.away.name
    said = Prediction.objects.get(pk=told["prediction_id"])
    assert said.subject == {"match": game.pk, "player": told["player_id"], "line": 12.5}
    assert told["model_version"] == ModelVersion.objects.get().version


def test_the_better_side_is_recommended_at_its_odds(game: Match, adult: User) -> None:
    american = ask(adult, question(game, odds={"over": "+900", "under": 1.2})).json()
    assert american["recommendation"] == "OVER"
    decimal = ask(adult, question(game, odds={"over": 10, "under": "-500"})).json()
    assert american["expected_value"] == pytest.approx(decimal["expected_value"])
    told = ask(adult, question(game, odds={"over": 1.01, "under": 1.01})).json()
    assert told["recommendation"] == "PASS"
    assert told["expected_value"] < 0


def test_without_odds_there_is_nothing_to_weigh(game: Match, adult: User) -> None:
    told = ask(adult, question(game)).json()
    assert (told["recommendation"], told["expected_value"]) == ("PASS", None)
    assert "No price was given" in told["recommendation_reason"]


def test_the_same_question_gets_the_same_prediction(game: Match, adult: User) -> None:
    first = ask(adult, question(game)).json()
    again = ask(adult, question(game, odds={"over": 30.0})).json()
    assert again["prediction_id"] == first["prediction_id"]
    assert (first["recommendation"], again["recommendation"]) == ("PASS", "OVER")
    assert Prediction.objects.count() == 1


def test_what_came_in_makes_it_anew(game: Match, adult: User) -> None:
    first = ask(adult, question(game)).json()
    PropLine.objects.create(
        match=game,
        player=somebody(game),
        statistic="points",
        bookmaker="A",
        line="12.5",
        over_price="2.00",
        under_price="2.00",
        quoted_at=game.kickoff - timedelta(hours=6),
    )
    again = ask(adult, question(game)).json()
    assert again["prediction_id"] != first["prediction_id"]
    assert again["market"] == {"line": 12.5, "over_probability": 0.5, "under_probability": 0.5, "books": 1}
    assert again["expected_value"] is not None, "the bookmaker's odds stand in for those not sent"


def test_recommendations_are_for_adults(game: Match, charlie: User) -> None:
    told = ask(charlie, question(game, odds={"over": 30.0, "under": 1.01})).json()
    hidden = ("recommendation", "expected_value", "recommendation_reason")
    assert [told[name] for name in hidden] == [None] * 3
    assert "18 or older" in told["odds_hidden_reason"]
    assert 0 < told["over_probability"] < 1


def test_who_is_out_is_passed_on_with_the_reason(game: Match, adult: User) -> None:
    Availability.objects.create(
        player=somebody(game),
        date=game.date,
        status="out",
        reason="knee",
        reported_at=game.kickoff - timedelta(hours=9),
    )
    told = ask(adult, question(game, odds={"over": 30.0})).json()
    assert told["recommendation"] == "PASS"
    assert told["availability"] == {"status": "out", "reason": "knee", "reported_by": ""}
    assert told["recommendation_reason"].startswith("He is reported out.")


@pytest.mark.parametrize("player_data", [{"out": True}, {"availability": "doubtful"}])
def test_a_client_may_know_better_who_is_out(player_data: Any, game: Match, adult: User) -> None:
    told = ask(adult, question(game, odds={"over": 30.0}, player_data=player_data)).json()
    assert told["recommendation"] == "PASS"
    assert told["availability"]["reported_by"] == "client"


def test_a_supposed_game_says_so(game: Match, adult: User) -> None:
    day = (game.date + timedelta(days=9)).isoformat()
    other = {"opponent": "UTA", "home": False, "date": day}
    told = ask(adult, question(game, opponent_data=other)).json()
    assert told["game"] == {
        "match": None,
        "date": day,
        "tip_off": None,
        "home": False,
        "opponent": "Team UTA",
        "supposed": told["game"]["supposed"],
    }
    assert "supposed" in told["game"]["supposed"]
    assert all(note.endswith(".") for note in told["notes"]), "notes are sentences"


def test_a_game_of_the_schedule_is_known_by_its_opponent(game: Match, adult: User) -> None:
    told = ask(adult, question(game, opponent_data={"opponent": game.away.abbreviation.lower()})).json()
    assert told["game"]["match"] == game.pk


def test_a_day_that_is_over_is_refused(game: Match, adult: User) -> None:
    day = (game.date - timedelta(days=9)).isoformat()
    answer = ask(adult, question(game, opponent_data={"date": day}))
    assert (answer.status_code, answer.json()["code"]) == (409, "event_is_over")


@pytest.mark.parametrize("name", ["nikola jokic", "NIKOLA JOKIĆ", "1100"])
def test_a_name_needs_no_accents(name: str, game: Match, adult: User) -> None:
    assert ask(adult, question(game, player=name)).json()["player"] == "Nikola Jokić"


def test_an_unknown_player_comes_with_near_names(game: Match, adult: User) -> None:
    answer = ask(adult, question(game, player="Nikola Jokik"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_player")
    assert "Nikola Jokić" in answer.json()["detail"]["near"]
    assert ask(adult, question(game, player="999999")).status_code == 404


def test_an_ambiguous_name_lists_who_could_be_meant(game: Match, adult: User) -> None:
    answer = ask(adult, question(game, player="Jalen Williams"))
    assert (answer.status_code, answer.json()["code"]) == (409, "ambiguous_player")
    assert {one["id"] for one in answer.json()["detail"]["candidates"]} == {1302, 1401}
    told = ask(adult, question(game, player="Jalen Williams", player_data={"team": "MIA"})).json()
    assert told["player_id"] == 1401


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"line": -3}, 422, "invalid_line"),
        ({"line": 24.3}, 422, "invalid_line"),
        ({"line": "NaN"}, 422, "invalid_line"),
        ({"line": None}, 400, "invalid"),
        ({"line": 1e9}, 422, "invalid_line"),
        ({"line": True}, 422, "invalid_line"),
        ({"stat": "pointz"}, 422, "unknown_statistic"),
        ({"odds": {"over": 0.5}}, 422, "invalid_odds"),
        ({"odds": {"over": "evens"}}, 422, "invalid_odds"),
        ({"odds": {"ovr": 2}}, 400, "invalid"),
        ({"player": ""}, 400, "invalid"),
        ({"opponent_data": {"opponent": "XYZ", "date": "2022-03-01"}}, 404, "unknown_subject"),
        ({"opponent_data": {"date": "2999-01-01"}}, 422, "invalid_day"),
        ({"stat": "rebounds"}, 503, "model_not_trained"),
    ],
)
def test_what_can_not_be_asked_is_refused_in_words(
    wrong: Any, status: int, code: str, game: Match, adult: User
) -> None:
    answer = ask(adult, question(game, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert not Prediction.objects.exists()


def test_known_statistics_are_told() -> None:
    from predictions.errors import UnknownStatistic

    assert UnknownStatistic("pointz", ["points", "pra"]).detail == {"known": ["points", "pra"]}


def test_a_player_with_two_games_works_and_says_so(game: Match, adult: User) -> None:
    player = somebody(game)
    few = list(PlayerGame.objects.filter(player=player).order_by("match__date")[:2])
    PlayerGame.objects.filter(player=player).exclude(pk__in=[line.pk for line in few]).delete()
    Match.objects.filter(pk=few[0].match_id).update(updated_at=LATER)
    told = ask(adult, question(game, odds={"over": 30.0})).json()
    assert told["recommendation"] == "PASS"
    assert any("2 games" in note for note in told["notes"])


def test_who_plays_no_game_of_a_schedule_is_answered_too(game: Match, adult: User) -> None:
    player = Player.objects.exclude(team__in=(game.home, game.away)).earliest("pk")
    told = ask(adult, question(game, player=str(player.pk))).json()
    assert told["game"]["match"] is None
    assert told["game"]["supposed"]

"""Predictions, matches with what was said of them, and the ledger over HTTP."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import consents
from accounts.models import Consent, User
from matches.models import Match
from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import ledger
from predictions.models import Prediction, Settlement
from tests.factories import CompetitionFactory, MatchFactory, OddsFactory, PredictionFactory, SeasonFactory
from tests.predictions.football.conftest import league  # noqa: F401 - a fixture

NOWHERE = "00000000-0000-4000-8000-000000000000"
BEFORE_THE_LAST_ROUND = datetime(2023, 12, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def adult(alice: User) -> User:
    consents.grant(alice, Consent.Kind.ADULT)
    return alice


def settled(prediction: Prediction, **scores: Any) -> Settlement:
    figures = {"outcome": "home", "correct": True, "log_loss": 0.69, "brier": 0.38, "rps": 0.15}
    priced = {"closing_line_value": 0.021, "flat_profit": Decimal("1.100")}
    return Settlement.objects.create(prediction=prediction, **{**figures, **priced, **scores})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/api/predictions/"),
        ("post", "/api/predictions/"),
        ("get", f"/api/predictions/{NOWHERE}/"),
        ("get", "/api/ledger/"),
        ("get", "/api/matches/1/"),
    ],
)
def test_a_stranger_is_asked_to_sign_in(method: str, path: str) -> None:
    answer = getattr(api(), method)(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_prediction_is_listed_with_its_settlement(charlie: User) -> None:
    prediction = PredictionFactory.create()
    settled(prediction)
    [shown] = api(charlie).get("/api/predictions/").json()["results"]
    assert (shown["id"], shown["match"]) == (str(prediction.pk), prediction.match_id)
    assert shown["model"] == prediction.model_version.version
    assert shown["probabilities"] == {"home": 0.5, "draw": 0.27, "away": 0.23}
    assert shown["settlement"]["log_loss"] == 0.69


def test_a_prediction_shows_all_that_its_hash_covers(charlie: User) -> None:
    prediction = PredictionFactory.create(features={"elo_difference": 42.0})
    shown = api(charlie).get(f"/api/predictions/{prediction.pk}/").json()
    assert (shown["hash"], shown["previous_hash"]) == (prediction.hash, "0" * 64)
    assert shown["features"] == {"elo_difference": 42.0}
    assert shown["settlement"] is None
    markets = shown["markets"]
    assert markets["match_result"] == pytest.approx(shown["probabilities"])
    assert sum(markets["both_to_score"].values()) == pytest.approx(1)
    assert {total["line"] for total in markets["total_goals"]} >= {1.5, 2.5, 3.5}
    assert markets["expected_goals"]["home"] > markets["expected_goals"]["away"]
    assert len(markets["correct_score"]) == 10


def test_prices_are_hidden_until_the_person_is_known_to_be_adult(charlie: User, adult: User) -> None:
    prediction = PredictionFactory.create()
    settled(prediction)
    path = f"/api/predictions/{prediction.pk}/"
    hidden, shown = (api(user).get(path).json() for user in (charlie, adult))
    assert hidden["fair_odds"] is None
    assert "18 or older" in hidden["odds_hidden_reason"]
    assert (hidden["settlement"]["closing_line_value"], hidden["settlement"]["flat_profit"]) == (None, None)
    assert shown["fair_odds"] == {"home": "2.000", "draw": "3.704", "away": "4.348"}
    assert shown["odds_hidden_reason"] is None
    assert (shown["settlement"]["closing_line_value"], shown["settlement"]["flat_profit"]) == (0.021, "1.100")


def test_a_list_hides_profits_too(charlie: User, adult: User) -> None:
    settled(PredictionFactory.create())
    for user, profit in ((charlie, None), (adult, "1.100")):
        [shown] = api(user).get("/api/predictions/").json()["results"]
        assert shown["settlement"]["flat_profit"] == profit


def test_challengers_shadows_are_for_staff(charlie: User, staff: User) -> None:
    shadow = PredictionFactory.create(is_shadow=True)
    assert api(charlie).get("/api/predictions/").json()["results"] == []
    assert api(charlie).get("/api/predictions/?is_shadow=true").json()["results"] == []
    assert api(charlie).get(f"/api/predictions/{shadow.pk}/").status_code == 404
    assert len(api(staff).get("/api/predictions/?is_shadow=true").json()["results"]) == 1
    assert api(staff).get(f"/api/predictions/{shadow.pk}/").json()["is_shadow"] is True


@pytest.fixture
def three() -> list[Prediction]:
    """Settled, unsettled, and one of another competition and version; an event a day."""
    elsewhere = SeasonFactory.create(competition=CompetitionFactory.create(code="D1"))
    days = [datetime(2023, 9, day, 15, tzinfo=UTC) for day in (1, 2, 3)]
    matches = [
        MatchFactory.create(kickoff=days[0]),
        MatchFactory.create(kickoff=days[1]),
        MatchFactory.create(kickoff=days[2], season=elsewhere),
    ]
    first = PredictionFactory.create(match=matches[0])
    rows = [first, *(PredictionFactory.create(match=m, model_version=first.model_version) for m in matches[1:2])]
    rows.append(PredictionFactory.create(match=matches[2]))
    settled(first)
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("competition=E0", [1, 0]),
        ("settled=true", [0]),
        ("settled=false", [2, 1]),
        ("date_from=2023-09-02", [2, 1]),
        ("date_to=2023-09-01", [0]),
        ("date_to=9999-12-31", [2, 1, 0]),
        ("problem=football-outcome", [2, 1, 0]),
        ("problem=weather", []),
    ],
)
def test_predictions_are_narrowed(charlie: User, three: list[Prediction], query: str, expected: list[int]) -> None:
    found = api(charlie).get(f"/api/predictions/?{query}").json()["results"]
    assert [row["id"] for row in found] == [str(three[place].pk) for place in expected]


def test_predictions_are_narrowed_to_a_match_or_a_model(charlie: User, three: list[Prediction]) -> None:
    first, second, third = three
    for query, expected in (
        (f"match={second.match_id}", {str(second.pk)}),
        (f"model={third.model_version}", {str(third.pk)}),
        (f"model={first.model_version}", {str(first.pk), str(second.pk)}),
    ):
        found = api(charlie).get(f"/api/predictions/?{query}").json()["results"]
        assert {row["id"] for row in found} == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("match=abc", "match"),
        (f"match={10**30}", "match"),
        ("competition=XX", "competition"),
        ("model=nothing", "model"),
        ("settled=maybe", "settled"),
        ("is_shadow=2", "is_shadow"),
        ("date_from=soon", "date_from"),
        ("date_from=2024-01-02&date_to=2024-01-01", "date_from"),
    ],
)
def test_it_refuses_a_filter_it_can_not_use_and_names_it(charlie: User, query: str, field: str) -> None:
    answer = api(charlie).get(f"/api/predictions/?{query}")
    assert answer.status_code == 400
    assert set(answer.json()["detail"]) == {field}


def test_predictions_come_in_pages(charlie: User, three: list[Prediction]) -> None:
    first = api(charlie).get("/api/predictions/?page_size=2").json()
    second = api(charlie).get(first["next"]).json()
    assert [len(first["results"]), len(second["results"]), second["next"]] == [2, 1, None]
    made_up = b64encode(b"p=made+up").decode()
    assert api(charlie).get("/api/predictions/", {"cursor": made_up}).status_code == 404


def queries(client: APIClient, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_however_long(adult: User) -> None:
    settled(PredictionFactory.create())
    short = queries(api(adult), "/api/predictions/")
    for prediction in PredictionFactory.create_batch(12):
        settled(prediction)
    PredictionFactory.create()
    assert queries(api(adult), "/api/predictions/") <= short <= 3


def test_the_head_of_the_ledger_is_told(charlie: User, champion: ModelVersion, next_round: list[Match]) -> None:
    assert api(charlie).get("/api/ledger/").json() == {"sequence": 0, "hash": "0" * 64}
    made = ask(charlie, match=next_round[0].pk).json()
    assert api(charlie).get("/api/ledger/").json() == {"sequence": 1, "hash": made["hash"]}


def test_a_match_shows_its_figures_and_the_last_thing_said_of_it(charlie: User) -> None:
    match = MatchFactory.create(finished=True, home_shots=14)
    PredictionFactory.create(match=match)
    latest = PredictionFactory.create(match=match)
    PredictionFactory.create(match=match, is_shadow=True)
    shown = api(charlie).get(f"/api/matches/{match.pk}/").json()
    assert (shown["home_shots"], shown["away_shots"]) == (14, None)
    assert shown["prediction"]["id"] == str(latest.pk)


def test_odds_of_a_match_are_for_adults(charlie: User, adult: User) -> None:
    price = OddsFactory.create()
    path = f"/api/matches/{price.match_id}/"
    hidden, shown = (api(user).get(path).json() for user in (charlie, adult))
    assert hidden["odds"] is None
    assert "/age" in hidden["odds_hidden_reason"]
    assert shown["odds"] == [
        {"bookmaker": "B365", "market": "1x2", "outcome": "H", "phase": "close", "line": "0.00", "price": "2.100"}
    ]
    assert (shown["odds_hidden_reason"], shown["prediction"]) == (None, None)


def test_a_match_costs_the_same_however_many_prices(adult: User, django_assert_max_num_queries: Any) -> None:
    match = MatchFactory.create()
    for n in range(12):
        OddsFactory.create(match=match, bookmaker=f"B{n}")
    PredictionFactory.create(match=match)
    with django_assert_max_num_queries(5):
        assert len(api(adult).get(f"/api/matches/{match.pk}/").json()["odds"]) == 12


@pytest.mark.parametrize("pk", ["0", str(10**30)])
def test_a_match_that_is_not_there_is_not_found(charlie: User, pk: str) -> None:
    assert api(charlie).get(f"/api/matches/{pk}/").status_code == 404


def test_leagues_to_train_on_have_their_seasons(
    charlie: User,
    league: list[Match],  # noqa: F811 - the fixture
    django_assert_max_num_queries: Any,
) -> None:
    MatchFactory.create(finished=True, season=SeasonFactory.create(competition=CompetitionFactory.create(code="D1")))
    with django_assert_max_num_queries(3):
        told = api(charlie).get("/api/model/leagues?problem=football-outcome").json()
    assert {row["code"]: row["seasons"] for row in told} == {"E0": ["2324", "2223", "2122"], "D1": ["2324"]}
    assert {row["code"]: row["matches"] for row in told} == {"E0": len(league) - 3, "D1": 1}


def test_a_league_without_a_result_in_the_seasons_is_not_left_out_of_a_training_in_silence(
    staff: User,
    league: list[Match],  # noqa: F811 - the fixture
) -> None:
    MatchFactory.create(finished=True, season=SeasonFactory.create(competition=CompetitionFactory.create(code="D1")))
    wanted = {"problem": "football-outcome", "leagues": ["E0", "D1"], "seasons": ["2122", "2223"]}
    answer = api(staff).post("/api/model/train", wanted)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_selection")
    assert "'D1' in the seasons 2122, 2223" in answer.json()["message"]
    assert "E0" not in answer.json()["message"]


def test_one_match_is_too_little_to_train_on(staff: User) -> None:
    MatchFactory.create(finished=True)
    answer = api(staff).post("/api/model/train", {"problem": "football-outcome", "leagues": ["E0"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_little_data")
    assert "1 finished" in answer.json()["message"]


# ---- Asking for predictions ----


@pytest.fixture
def champion(storage: Any, league: list[Match]) -> Any:  # noqa: F811 - the fixture
    """Trained on a small league, in service two days before its last round."""
    with time_machine.travel(BEFORE_THE_LAST_ROUND):
        run, _ = runs.request_run(
            problem="football-outcome", algorithm="base-rate", selection=Selection(), dispatch=False
        )
        done = runs.execute(str(run.pk), worker="w1")
        assert done is not None, run
        assert done.error_message == ""
        promotion.promote(done.model_version, by=None)
        yield done.model_version


@pytest.fixture
def next_round(league: list[Match]) -> list[Match]:  # noqa: F811 - the fixture
    return league[-3:]


def ask(user: User | None, **subject: Any) -> Any:
    return api(user).post("/api/predictions/", subject)


def test_a_match_is_predicted_and_in_the_ledger(charlie: User, champion: ModelVersion, next_round: list[Match]) -> None:
    answer = ask(charlie, match=next_round[0].pk)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    written = Prediction.objects.get(pk=told["id"])
    assert (told["hash"], told["match"], told["model"]) == (written.hash, next_round[0].pk, champion.version)
    assert sum(told["probabilities"].values()) == pytest.approx(1)
    assert told["markets"]["match_result"] == pytest.approx(told["probabilities"])
    assert told["fair_odds"] is None
    assert ledger.verify().ok


def test_a_supposed_pairing_is_predicted_and_says_what_it_rests_on(adult: User, champion: ModelVersion) -> None:
    told = ask(adult, home="Team 1", away="Nobody Rovers", competition="E0", date="2023-12-20").json()
    assert told["subject"] == {
        "home": "england-1",
        "away": "nobody-rovers",
        "competition": "E0",
        "date": "2023-12-20",
    }
    assert told["match"] is None
    assert "prior" in told["notes"]
    assert Decimal(told["fair_odds"]["home"]) == pytest.approx(Decimal(1 / told["probabilities"]["home"]), abs=1)


def test_several_are_predicted_in_the_order_asked(
    charlie: User, champion: ModelVersion, next_round: list[Match]
) -> None:
    asked = [{"match": match.pk} for match in reversed(next_round)]
    answer = api(charlie).post("/api/predictions/", asked)
    assert answer.status_code == 201
    assert [told["match"] for told in answer.json()] == [subject["match"] for subject in asked]


def test_of_several_all_are_predicted_or_none(charlie: User, champion: ModelVersion, next_round: list[Match]) -> None:
    answer = api(charlie).post("/api/predictions/", [{"match": next_round[0].pk}, {"match": 10**9}])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_subject")
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    ("subject", "status", "code"),
    [
        ({"match": 10**9}, 404, "unknown_subject"),
        ({"match": 10**30}, 404, "unknown_subject"),
        ({"home": "Team 1", "away": "Nobody Rovers", "date": "2023-12-20"}, 404, "unknown_subject"),
        ({"home": "Team 1", "away": "Team 2", "competition": "XX", "date": "2023-12-20"}, 404, "unknown_subject"),
        ({"home": "Team 1", "away": "Team 1", "date": "2023-12-20"}, 404, "unknown_subject"),
        ({"home": "Team 1", "away": "Team 2", "date": "2023-12-01"}, 409, "event_is_over"),
    ],
)
def test_it_refuses_a_subject_it_can_not_predict(
    charlie: User,
    league: list[Match],  # noqa: F811 - the fixture
    subject: dict[str, Any],
    status: int,
    code: str,
) -> None:
    with time_machine.travel(BEFORE_THE_LAST_ROUND):
        answer = ask(charlie, **subject)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"home", "away", "date"}),
        ({"home": "Team 1", "away": "Team 2"}, {"date"}),
        ({"match": "first"}, {"match"}),
        ({"match": 1, "model": "elo"}, {"model"}),
        ([{"match": 1}, {"home": "Team 1", "away": "Team 2"}, {"match": 0}], {"1", "2"}),
        ({"home": "x" * 121, "away": "Team 2", "date": "2030-01-01"}, {"home"}),
        ({"home": "Team 1", "away": "Team 2", "date": "soon"}, {"date"}),
        ([], {"non_field_errors"}),
        ([{"match": 1}] * 21, {"non_field_errors"}),
        ("nonsense", {"non_field_errors"}),
    ],
)
def test_it_refuses_a_body_it_can_not_read_and_names_the_field(charlie: User, body: Any, fields: set[str]) -> None:
    answer = api(charlie).post("/api/predictions/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["detail"]) == fields


def test_without_a_model_it_says_so(charlie: User, storage: Any) -> None:
    with time_machine.travel(BEFORE_THE_LAST_ROUND):
        match = MatchFactory.create(kickoff=BEFORE_THE_LAST_ROUND + timedelta(days=1))
        answer = ask(charlie, match=match.pk)
    assert (answer.status_code, answer.json()["code"]) == (503, "model_not_trained")


def test_an_unknown_problem_is_not_found(charlie: User) -> None:
    answer = api(charlie).post("/api/predictions/?problem=weather", {"match": 1})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_problem")


def test_people_may_not_fill_the_ledger(charlie: User) -> None:
    answers = [ask(charlie, match=10**9).status_code for _ in range(61)]
    assert answers[-2:] == [404, 429]
    assert api(charlie).get("/api/predictions/").status_code == 200

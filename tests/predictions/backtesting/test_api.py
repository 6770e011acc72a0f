from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.consents import grant
from accounts.models import Consent, User
from predictions.backtesting import asking
from predictions.models import Backtest
from tests.factories import ModelVersionFactory
from tests.predictions.backtesting.conftest import PricedToss, plan

CarryOut = Callable[..., Backtest]
LIST = "/api/backtests/"
ASKED = {"problem": "priced-toss", "strategies": ["value", "kelly:fraction=0.3"], "refit_days": 30}


@pytest.fixture
def api(staff: User, priced_toss: PricedToss) -> APIClient:
    """A program of a member of staff who confirmed to be an adult."""
    grant(staff, Consent.Kind.ADULT)
    client = APIClient()
    client.force_authenticate(staff)
    return client


def test_a_backtest_is_asked_for_followed_and_cancelled(api: APIClient, staff: User) -> None:
    answer = api.post(LIST, ASKED, format="json")
    assert answer.status_code == 202
    told = answer.json()
    assert (told["status"], told["result"], told["algorithm"], told["bankroll"]) == ("queued", None, "logit", "1000.00")
    assert told["strategies"] == ["value", "value:stake=kelly,fraction=0.3"]
    assert Backtest.objects.get().requested_by == staff
    assert api.post(LIST, ASKED, format="json").status_code == 200, "it is in flight"
    assert api.get(f"{LIST}{told['id']}/").json()["status"] == "queued"
    assert api.post(f"{LIST}{told['id']}/cancel/").json()["status"] == "cancelled"
    refused = api.post(f"{LIST}{told['id']}/cancel/")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_state")


def test_the_result_has_figures_and_words(api: APIClient, carried_out: CarryOut) -> None:
    done = carried_out("value")
    told = api.get(f"{LIST}{done.pk}/").json()
    (value,) = told["result"]["strategies"]
    assert value["yield"] == done.figures["strategies"][0]["yield"]
    assert value["verdict"]
    assert value["warnings"] == []
    assert told["bets_count"] == value["bets"]


def test_the_bets_come_as_csv(api: APIClient, carried_out: CarryOut) -> None:
    done = carried_out("value")
    answer = api.get(f"{LIST}{done.pk}/bets/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert len(b"".join(answer.streaming_content).splitlines()) == done.bets_count + 1  # type: ignore[attr-defined]
    done.bets_file.unlink()
    assert api.get(f"{LIST}{done.pk}/bets/").json()["code"] == "artifact_error"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"strategies": ["martingale"]}, 422, "no strategy 'martingale'"),
        ({"strategies": ["kelly:fraction=7"]}, 422, "at most 1, not 7"),
        ({"strategies": []}, 422, "at least one strategy"),
        ({"bankroll": "-1"}, 422, "The bankroll is an amount"),
        ({"bankroll": "NaN"}, 422, "not NaN"),
        ({"refit_days": 0}, 422, "from 1 to 366, not 0"),
        ({"seed": -1}, 422, "The seed is a whole number"),
        ({"book": "NOBODY"}, 422, "no bookmaker 'NOBODY'"),
        ({"date_from": "2999-01-01"}, 422, "still to come"),
        ({"date_from": "2020-05-01", "date_to": "2020-04-01"}, 400, "swap the two dates"),
        ({"seasons": ["1920"]}, 400, "Nothing finished is known of the season '1920'"),
        ({"algorithm": "magic"}, 400, "no algorithm"),
        ({"version": "v0"}, 409, "no version 'v0'"),
        ({"hyper_parameters": {"luck": 1}}, 422, "luck"),
        ({"luck": 1}, 400, "luck"),
        ({"problem": "weather"}, 400, "problem"),
    ],
)
def test_nonsense_is_refused_in_words(api: APIClient, changes: dict[str, Any], status: int, words: str) -> None:
    answer = api.post(LIST, {**ASKED, **changes}, format="json")
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert not Backtest.objects.exists()


def test_a_problem_without_prices_is_refused(api: APIClient, coin_toss: Any) -> None:
    answer = api.post(LIST, {**ASKED, "problem": "coin-toss"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_backtest")
    assert answer.json()["message"] == "Coin toss has no prices: there is nothing to bet at."


def test_a_versions_recipe_is_taken(api: APIClient) -> None:
    ModelVersionFactory.create(problem="priced-toss", algorithm="logit", version="logit-1", hyper_parameters={"C": 0.1})
    told = api.post(LIST, {**ASKED, "version": "logit-1"}, format="json").json()
    assert (told["version"], told["algorithm"], told["hyper_parameters"]) == ("logit-1", "logit", {"C": 0.1})


@pytest.mark.parametrize("who", ["nobody", "charlie", "staff of unknown age"])
def test_a_stranger_gets_nothing(charlie: User, staff: User, priced_toss: PricedToss, who: str) -> None:
    client = APIClient()
    grant(charlie, Consent.Kind.ADULT)
    if who != "nobody":
        client.force_authenticate(charlie if who == "charlie" else staff)
    backtest, _ = asking.request_backtest(plan(), dispatch=False)
    paths = [LIST, *(f"{LIST}{backtest.pk}/{rest}" for rest in ("", "cancel/", "bets/"))]
    for path in paths:
        for answer in (client.get(path), client.post(path, ASKED, format="json")):
            assert answer.status_code in {401, 403, 405}, path
    if who == "staff of unknown age":
        assert reverse("accounts:age-gate") in client.get(LIST).json()["message"]
    assert Backtest.objects.get().status == Backtest.Status.QUEUED


def test_the_list_asks_few_questions(api: APIClient, carried_out: CarryOut, django_assert_max_num_queries: Any) -> None:
    for bankroll in (100, 200, 300):
        carried_out("value", bankroll=bankroll)
    with django_assert_max_num_queries(6):
        assert len(api.get(LIST).json()["results"]) == 3
    assert api.get(LIST, {"status": "failed"}).json()["results"] == []

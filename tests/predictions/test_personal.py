"""What is said of a person: for that person, their coaches and staff; the chain of hashes holds it all the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import CoachGrant, User
from predictions import ledger
from predictions.models import Prediction, Settlement
from tests.factories import ModelVersionFactory, PredictionFactory
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
SECRET = "0.4321"


@pytest.fixture(autouse=True)
def personal(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> CoinToss:
    """The coin is one that a person throws."""
    cache.clear()
    monkeypatch.setattr(CoinToss, "is_personal", True)
    return coin_toss


@pytest.fixture
def of_alice(alice: User) -> Prediction:
    now = timezone.now()
    [prediction] = ledger.append(
        [
            ledger.Draft(
                version=ModelVersionFactory.create(problem="coin-toss", algorithm="logit"),
                match_id=None,
                subject={"player": alice.pk, "toss": 1},
                made_at=now,
                event_at=now + timedelta(days=28),
                probabilities={"heads": 0.4321, "tails": 0.5679},
                distribution={"bias": 0.4321},
                confidence=0.5679,
                features={"bias": 0.4321},
                latency_ms=1.0,
                notes=["Few tosses."],
                drivers=[("The coin is bent", 0.3, "coin", {"bias": 0.3}, {"heads": 0.5, "tails": 0.5})],
            )
        ]
    )
    return prediction


@pytest.fixture
def coached(alice: User, bob: User) -> CoachGrant:
    now = timezone.now()
    return CoachGrant.objects.create(player=alice, coach_email=bob.email, coach=bob, accepted_at=now)


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


Reader = Callable[[User, Prediction], bool]


def on_its_page(user: User, prediction: Prediction) -> bool:
    client = Client()
    client.force_login(user)
    answer = client.get(prediction.get_absolute_url())
    assert answer.status_code in {200, 404}
    return answer.status_code == 200


def over_the_api(user: User, prediction: Prediction) -> bool:
    answer = api(user).get(f"/api/predictions/{prediction.pk}/")
    assert answer.status_code in {200, 404}
    return answer.status_code == 200


def in_the_list(user: User, prediction: Prediction) -> bool:
    listed = api(user).get("/api/predictions/").json()["results"]
    asked = api(user).get("/api/predictions/", {"problem": prediction.problem}).json()["results"]
    assert listed == asked
    return str(prediction.pk) in {row["id"] for row in listed}


@pytest.mark.parametrize("reads", [on_its_page, over_the_api, in_the_list])
def test_the_player_their_coach_and_staff_read_it_and_nobody_else(
    reads: Reader, of_alice: Prediction, coached: CoachGrant, alice: User, bob: User, charlie: User, staff: User
) -> None:
    assert [reads(user, of_alice) for user in (alice, bob, staff)] == [True, True, True]
    assert not reads(charlie, of_alice)
    CoachGrant.objects.update(withdrawn_at=timezone.now())
    assert not reads(bob, of_alice)


def test_who_has_not_signed_in_reads_nothing(of_alice: Prediction, client: Client) -> None:
    assert client.get(of_alice.get_absolute_url()).status_code == 404
    assert SECRET not in client.get("/track-record/").content.decode()
    assert APIClient().get(f"/api/predictions/{of_alice.pk}/").status_code == 401


def test_a_stranger_is_shown_what_is_about_no_person(of_alice: Prediction, charlie: User) -> None:
    of_a_match = PredictionFactory.create(sequence=2)
    assert on_its_page(charlie, of_a_match)
    assert in_the_list(charlie, of_a_match)


def test_a_player_of_another_sport_with_the_same_number_is_no_person(alice: User, charlie: User) -> None:
    """Player props name players too, in a table of their own."""
    prop = PredictionFactory.create(problem="player-props-pra", subject={"match": 1, "player": alice.pk})
    assert Prediction.objects.visible_to(charlie).filter(pk=prop.pk).exists()


def test_a_problem_that_nobody_knows_any_more_is_for_staff(charlie: User, staff: User) -> None:
    PredictionFactory.create(problem="palmistry")
    assert not Prediction.objects.visible_to(charlie).exists()
    assert Prediction.objects.visible_to(staff).exists()


def test_nobody_has_a_stranger_predicted(alice: User, charlie: User) -> None:
    asked: dict[str, Any] = {"match": 1}
    answer = api(charlie).post("/api/predictions/?problem=coin-toss", asked, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_subject")
    assert not Prediction.objects.exists()


def test_the_page_says_who_sees_it_and_speaks_of_no_bets(of_alice: Prediction, alice: User, client: Client) -> None:
    Settlement.objects.create(prediction=of_alice, outcome="heads", correct=False, log_loss=0.84, brier=0.65)
    client.force_login(alice)
    page = client.get(of_alice.get_absolute_url()).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "Seen by the player, their coaches and staff only" in main
    assert "The coin is bent" in main
    assert "Few tosses." in main
    assert "heads win" not in main.lower()
    assert "odds" not in main.replace("log-odds", "").lower()


def test_a_person_has_no_odds(of_alice: Prediction, alice: User) -> None:
    shown = api(alice).get(f"/api/predictions/{of_alice.pk}/").json()
    assert (shown["fair_odds"], shown["odds_hidden_reason"]) == (None, "A person has no odds.")


def test_the_chain_stays_whole_and_its_end_is_public(of_alice: Prediction, charlie: User) -> None:
    assert ledger.verify().ok
    assert api(charlie).get("/api/ledger/").json()["hash"] == of_alice.hash


@pytest.mark.parametrize("path", ["/", "/track-record/", "/props/record/", "/leagues/", "/health/ready/"])
def test_no_public_page_holds_it(path: str, of_alice: Prediction, charlie: User, client: Client) -> None:
    client.force_login(charlie)
    answer = client.get(path)
    assert str(of_alice.pk) not in answer.content.decode()
    assert SECRET not in answer.content.decode()

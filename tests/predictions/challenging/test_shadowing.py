"""Challengers predict what the champion predicts; nobody sees it, and one that fails hinders no other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from mlmodels import promotion, registry
from mlmodels.models import ModelVersion
from predictions import tasks
from predictions.challenging import shadowing
from predictions.challenging.shadowing import challengers_of, shadow, shadow_later
from predictions.models import Alert, Prediction
from predictions.serving import predict
from predictions.upcoming import predict_upcoming
from tests.factories import MatchFactory, ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss, Toss
from tests.predictions.challenging.duel import trained
from tests.predictions.saying import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def champion(coin_toss: CoinToss) -> ModelVersion:
    version = trained()
    promotion.promote(version, by=None)
    return version


@pytest.fixture
def challenger(champion: ModelVersion) -> ModelVersion:
    version = trained()
    promotion.make_challenger(version, by=None)
    return version


@pytest.fixture
def tosses(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> list[Toss]:
    listed = [Toss(number, 0.3, timezone.now() + timedelta(days=number)) for number in (1, 2, 3)]

    def between(since: datetime, until: datetime) -> Sequence[Toss]:
        return [toss for toss in listed if since <= toss.at < until]

    def named(reference: dict[str, Any]) -> Toss:
        return next(toss for toss in listed if toss.number == reference["number"])

    monkeypatch.setattr(coin_toss, "upcoming", between)
    monkeypatch.setattr(coin_toss, "subject", named)
    return listed


def broken(version: ModelVersion) -> None:
    ModelVersion.objects.filter(pk=version.pk).update(artifact_path="gone.model")
    registry._loaded.clear()


def shadows(version: ModelVersion) -> list[int]:
    rows = Prediction.objects.filter(model_version=version, is_shadow=True).in_chain_order()
    return [row.subject["number"] for row in rows]


def test_every_challenger_predicts_the_same_subjects_as_a_shadow(challenger: ModelVersion, tosses: list[Toss]) -> None:
    other = trained()
    promotion.make_challenger(other, by=None)
    assert predict_upcoming() == 3
    assert shadows(challenger) == shadows(other) == [1, 2, 3]
    assert Prediction.objects.shown().count() == 3


def test_what_was_said_from_the_same_features_is_not_said_again(challenger: ModelVersion, tosses: list[Toss]) -> None:
    predict_upcoming()
    assert predict_upcoming() == 0
    assert shadows(challenger) == [1, 2, 3]


def test_only_challengers_shadow_and_only_those_of_the_problem(champion: ModelVersion, tosses: list[Toss]) -> None:
    trained()
    ModelVersionFactory.create(problem="football-outcome", role=ModelVersion.Role.CHALLENGER)
    ModelVersionFactory.create(problem="coin-toss", scope="player-7", role=ModelVersion.Role.CHALLENGER)
    predict_upcoming()
    assert not Prediction.objects.filter(is_shadow=True).exists()


def test_a_former_challenger_says_as_champion_what_nobody_was_shown(
    challenger: ModelVersion, tosses: list[Toss]
) -> None:
    predict_upcoming()
    promotion.promote(challenger, by=None)
    registry.forget_champion("coin-toss")
    assert predict_upcoming() == 3
    assert Prediction.objects.shown().filter(model_version=challenger).count() == 3


def test_one_whose_file_is_gone_hinders_neither_champion_nor_others(
    challenger: ModelVersion, tosses: list[Toss]
) -> None:
    other = trained()
    promotion.make_challenger(other, by=None)
    broken(challenger)
    assert predict_upcoming() == 3
    assert (shadows(challenger), shadows(other)) == ([], [1, 2, 3])
    alert = Alert.objects.unresolved().get()
    assert (alert.kind, alert.problem) == (Alert.Kind.CHALLENGER, "coin-toss")
    assert "gone.model" in alert.message


def test_one_whose_own_code_fails_is_told_of_once_and_forgotten_when_it_is_mended(
    challenger: ModelVersion, tosses: list[Toss], monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = registry.serving(challenger).estimator

    def fail(X: Any) -> Any:
        raise ValueError("singular matrix")

    with monkeypatch.context() as patched:
        patched.setattr(estimator, "predict_proba", fail)
        predict_upcoming()
        predict_upcoming()
    alert = Alert.objects.unresolved().get()
    assert (alert.count, "singular matrix" in alert.message) == (2, True)
    predict_upcoming()
    assert shadows(challenger) == [1, 2, 3]
    assert not Alert.objects.unresolved().exists()


@pytest.mark.parametrize("trouble", [OperationalError("database is locked"), DataError("no such number")])
def test_trouble_with_the_database_in_the_shadow_stops_no_champion(
    challenger: ModelVersion, tosses: list[Toss], monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise trouble

    monkeypatch.setattr(shadowing, "predict", fail)
    assert predict_upcoming() == len(tosses)
    assert not shadows(challenger)
    assert Alert.objects.exists() == isinstance(trouble, DataError)


def test_what_began_meanwhile_is_left_out(challenger: ModelVersion, tosses: list[Toss]) -> None:
    begun = Toss(9, 0.3, timezone.now() - timedelta(minutes=1))
    assert shadow("coin-toss", [begun, tosses[0]], [challenger]) == 1
    assert shadow("coin-toss", [begun], [challenger]) == 0
    assert not Alert.objects.exists()


def test_a_hundred_subjects_are_shadowed_in_few_queries(
    challenger: ModelVersion, coin_toss: CoinToss, django_assert_max_num_queries: Any
) -> None:
    many = [Toss(number, 0.3, timezone.now() + timedelta(days=1)) for number in range(100)]
    registry.serving(challenger)
    challengers = challengers_of("coin-toss")
    with django_assert_max_num_queries(16):
        assert shadow("coin-toss", many, challengers) == 100


# ---- On demand ----


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Tasks that are sent are done at once, by keys as they travel."""
    sent: list[list[str]] = []

    def delay(keys: list[str]) -> None:
        sent.append(keys)
        tasks.shadow_predictions(keys)

    monkeypatch.setattr(tasks.shadow_predictions, "delay", delay)
    return sent


def test_what_is_asked_for_is_shadowed_after_it_is_answered(
    challenger: ModelVersion, tosses: list[Toss], at_once: list[list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = predict("coin-toss", tosses[:2])
        shadow_later(made)
        assert shadows(challenger) == []
    assert shadows(challenger) == [1, 2]
    tasks.shadow_predictions(at_once[0])
    assert shadows(challenger) == [1, 2]


def test_without_a_challenger_no_task_is_sent(
    champion: ModelVersion, tosses: list[Toss], at_once: list[list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        shadow_later(predict("coin-toss", tosses))
        shadow_later([])
    assert at_once == []


def test_a_broker_that_does_not_answer_does_not_spoil_the_answer(
    challenger: ModelVersion,
    tosses: list[Toss],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def unreachable(keys: list[str]) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.shadow_predictions, "delay", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        shadow_later(predict("coin-toss", tosses))
    assert Prediction.objects.shown().count() == 3


def test_predictions_that_are_gone_begun_or_shadows_are_passed_over(
    challenger: ModelVersion, tosses: list[Toss]
) -> None:
    [own] = predict("coin-toss", tosses[:1], version=challenger, shadow=True)
    assert tasks.shadow_predictions([str(uuid4()), str(own.pk)]) == 0


def test_the_api_has_its_answers_shadowed(
    challenger: ModelVersion,
    tosses: list[Toss],
    alice: User,
    at_once: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from predictions.api.asking import answered

    with django_capture_on_commit_callbacks(execute=True):
        [made] = answered("coin-toss", [{"number": 2}], user=alice)
    assert made.model_version != challenger
    assert at_once == [[str(made.pk)]]
    assert shadows(challenger) == [2]


# ---- Never shown ----


def test_users_never_see_a_shadow(client: Client, alice: User) -> None:
    match = MatchFactory.create(date=timezone.now().date() + timedelta(days=3))
    shown = say(match, {"home": 0.512, "draw": 0.253, "away": 0.235}, made_at=timezone.now())
    hidden = say(match, {"home": 0.111, "draw": 0.222, "away": 0.667}, made_at=timezone.now(), is_shadow=True)
    for name, args in (("fixtures", []), ("match", [match.pk]), ("track-record", [])):
        content = client.get(reverse(f"predictions:{name}", args=args)).content.decode()
        assert "66.7" not in content
        assert "67\N{NO-BREAK SPACE}%" not in content
        assert str(hidden.pk) not in content
    assert client.get(reverse("predictions:prediction", args=[hidden.pk])).status_code == 404
    api = APIClient()
    api.force_authenticate(alice)
    assert [row["id"] for row in api.get("/api/predictions/").json()["results"]] == [str(shown.pk)]
    assert api.get(f"/api/predictions/{hidden.pk}/").status_code == 404
    assert str(hidden.pk) not in api.get(f"/api/matches/{match.pk}/").content.decode()

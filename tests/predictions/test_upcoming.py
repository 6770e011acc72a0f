"""Predicting what comes next: of each champion's problem, and only where there is something new to say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import tasks, upcoming
from predictions.models import Prediction
from predictions.upcoming import predict_upcoming
from tests.factories import ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss, Toss

pytestmark = pytest.mark.django_db


def trained() -> ModelVersion:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, force=True)
    runs.execute(str(run.pk), worker="test")
    return ModelVersion.objects.get(run=run)


@pytest.fixture
def champion(coin_toss: CoinToss) -> ModelVersion:
    version = trained()
    promotion.promote(version, by=None)
    return version


@pytest.fixture
def tosses(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> list[Toss]:
    """Tosses to come in one, five and thirty days; `upcoming` gives those between its two times."""
    listed = [Toss(days, 0.3, timezone.now() + timedelta(days=days)) for days in (1, 5, 30)]

    def between(since: datetime, until: datetime) -> Sequence[Toss]:
        return [toss for toss in listed if since <= toss.at < until]

    monkeypatch.setattr(coin_toss, "upcoming", between)
    return listed


def said() -> list[int]:
    return [prediction.subject["number"] for prediction in Prediction.objects.in_chain_order()]


def test_what_is_due_within_the_horizon_is_predicted(champion: ModelVersion, tosses: list[Toss]) -> None:
    assert predict_upcoming() == 2
    assert said() == [1, 5]
    assert predict_upcoming(horizon=timedelta(days=60)) >= 1
    assert 30 in said()


def test_without_a_champion_nothing_is_said(coin_toss: CoinToss, tosses: list[Toss]) -> None:
    promotion.make_challenger(trained(), by=None)
    assert predict_upcoming() == 0
    assert not Prediction.objects.exists()


def test_an_event_that_began_just_now_is_left_out_and_hinders_no_other(
    champion: ModelVersion, tosses: list[Toss]
) -> None:
    tosses[0] = Toss(1, 0.3, timezone.now())
    assert predict_upcoming() == 1
    assert said() == [5]


def test_many_are_predicted_in_batches_with_progress(
    champion: ModelVersion, tosses: list[Toss], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upcoming, "BATCH", 1)
    seen: list[tuple[float, str]] = []
    assert predict_upcoming(progress=lambda fraction, words: seen.append((fraction, words))) == 2
    assert seen == [(0.0, "Predicting 2 coin-toss events"), (0.5, "Predicting 2 coin-toss events")]


def test_the_task_tells_how_many_it_wrote(champion: ModelVersion, tosses: list[Toss]) -> None:
    assert tasks.predict_upcoming() == 2


def test_a_player_of_his_own_scope_asks_for_no_second_round(champion: ModelVersion, tosses: list[Toss]) -> None:
    """Champions of several scopes of one problem are one problem to predict."""
    ModelVersionFactory.create(problem="coin-toss", scope="player-7", role=ModelVersion.Role.CHAMPION)
    assert predict_upcoming() == 2


def test_a_champion_that_can_not_be_read_stops_it_in_words(champion: ModelVersion, tosses: list[Toss]) -> None:
    from mlmodels import registry
    from mlmodels.errors import ArtifactError

    ModelVersion.objects.filter(pk=champion.pk).update(artifact_path="gone.model")
    registry._loaded.clear()
    registry._champions.clear()
    with pytest.raises(ArtifactError, match=r"can't be read \(gone.model"):
        predict_upcoming()


def test_nothing_upcoming_writes_nothing(champion: ModelVersion, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        assert predict_upcoming() == 0


def test_a_problem_that_can_not_be_predicted_hinders_no_other(champion: ModelVersion, tosses: list[Toss]) -> None:
    from mlmodels.errors import UnknownProblem

    ModelVersionFactory.create(problem="astrology", role=ModelVersion.Role.CHAMPION)
    with pytest.raises(UnknownProblem):
        predict_upcoming()
    assert said() == [1, 5]

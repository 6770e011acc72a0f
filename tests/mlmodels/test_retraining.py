"""Keeping champions fresh."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine

from mlmodels import promotion, runs
from mlmodels.models import Dataset, ModelVersion, TrainingRun
from mlmodels.retraining import retrain_champions
from mlmodels.selection import Selection
from tests.factories import DatasetFactory, ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss

Trained = Callable[[], ModelVersion]


@pytest.fixture
def champion(trained: Trained) -> ModelVersion:
    version = trained()
    promotion.promote(version, by=None)
    return version


def test_a_champion_is_asked_for_again_with_its_own_selection_and_parameters(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    Dataset.objects.update(selection=Selection(competitions=("penny",)).to_json())
    ModelVersion.objects.update(hyper_parameters={"C": 0.5})
    [run] = retrain_champions()
    assert (run.problem, run.algorithm, run.status) == ("coin-toss", "logit", TrainingRun.Status.QUEUED)
    assert Selection.from_json(run.selection) == Selection(competitions=("penny",))
    assert run.hyper_parameters == {"C": 0.5}
    assert (run.trigger, run.force, run.requested_by) == (TrainingRun.Trigger.SCHEDULE, False, None)


def test_what_came_after_the_champions_last_day_is_taken_in(coin_toss: CoinToss, champion: ModelVersion) -> None:
    """Until the last day that is over: a day in play changes by the hour."""
    asked = Selection(date_from=date(2020, 1, 1), date_to=date(2020, 6, 30))
    Dataset.objects.update(selection=asked.to_json())
    with time_machine.travel(datetime(2024, 3, 2, 12, tzinfo=UTC)):
        [run] = retrain_champions()
    assert Selection.from_json(run.selection) == Selection(date_from=date(2020, 1, 1), date_to=date(2024, 3, 1))


def test_a_last_day_to_come_stays(coin_toss: CoinToss, champion: ModelVersion) -> None:
    Dataset.objects.update(selection=Selection(date_to=date(2024, 6, 30)).to_json())
    with time_machine.travel(datetime(2024, 3, 2, 12, tzinfo=UTC)):
        [run] = retrain_champions()
    assert Selection.from_json(run.selection).date_to == date(2024, 6, 30)


def test_a_longer_period_without_news_is_nothing_new(coin_toss: CoinToss, champion: ModelVersion) -> None:
    Dataset.objects.update(selection=Selection(date_to=date(2021, 6, 30)).to_json())
    [run] = retrain_champions()
    done = runs.execute(str(run.pk), worker="test")
    assert done is not None
    assert f"Nothing changed since {champion} was trained" in done.message


def test_where_nothing_changed_it_ends_at_once_without_a_version(coin_toss: CoinToss, champion: ModelVersion) -> None:
    [run] = retrain_champions()
    done = runs.execute(str(run.pk), worker="test")
    assert done is not None
    assert done.status == TrainingRun.Status.COMPLETED
    assert f"Nothing changed since {champion} was trained" in done.message
    assert done.dataset == champion.dataset
    assert ModelVersion.objects.get() == champion


def test_new_rows_make_a_new_version_that_waits_for_a_person(coin_toss: CoinToss, champion: ModelVersion) -> None:
    coin_toss.tosses = 420
    [run] = retrain_champions()
    runs.execute(str(run.pk), worker="test")
    newer = ModelVersion.objects.get(run=run)
    assert (newer.role, newer.training_matches) == (ModelVersion.Role.EXPERIMENTAL, 420)
    champion.refresh_from_db()
    assert champion.role == ModelVersion.Role.CHAMPION


def test_a_forced_run_trains_on_unchanged_rows(coin_toss: CoinToss, champion: ModelVersion, trained: Trained) -> None:
    assert trained() != champion


def test_a_run_in_flight_is_not_asked_for_twice(coin_toss: CoinToss, champion: ModelVersion) -> None:
    assert retrain_champions() == retrain_champions()
    assert TrainingRun.objects.in_flight().count() == 1


def test_only_champions_that_know_their_data_are_trained_again(coin_toss: CoinToss, trained: Trained) -> None:
    trained()
    promotion.make_challenger(trained(), by=None)
    ModelVersionFactory.create(problem="coin-toss", algorithm="logit", role=ModelVersion.Role.CHAMPION)
    assert retrain_champions() == []


def test_a_champion_that_can_not_be_trained_again_hinders_no_other(coin_toss: CoinToss, champion: ModelVersion) -> None:
    for problem, algorithm in (("tarot", "cards"), ("football-outcome", "magic"), ("astrology", "stars")):
        ModelVersionFactory.create(
            problem=problem, algorithm=algorithm, role=ModelVersion.Role.CHAMPION, dataset=DatasetFactory.create()
        )
    [run] = retrain_champions()
    assert run.problem == "coin-toss"

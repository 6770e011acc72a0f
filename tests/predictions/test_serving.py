from datetime import timedelta

import pytest
from django.utils import timezone

from mlmodels import promotion, runs
from mlmodels.errors import ModelNotTrained
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions import ledger, settling
from predictions.errors import EventIsOver
from predictions.models import Prediction, Settlement
from predictions.serving import predict
from tests.mlmodels.coin_toss import CoinToss, Toss

pytestmark = pytest.mark.django_db


def _toss(number: int = 1, bias: float = 0.9) -> Toss:
    return Toss(number, bias, timezone.now() + timedelta(days=1))


@pytest.fixture
def champion(coin_toss: CoinToss) -> ModelVersion:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False)
    runs.execute(str(run.pk), worker="w1")
    version = ModelVersion.objects.get()
    promotion.promote(version, by=None)
    return version


def test_an_answer_is_in_the_ledger_before_it_is_given(champion: ModelVersion) -> None:
    [prediction] = predict("coin-toss", [_toss()])
    written = Prediction.objects.get(pk=prediction.pk)
    assert written.model_version == champion
    assert written.probabilities["heads"] > 0.6
    assert written.features == {"bias": 0.9}
    assert ledger.verify().ok


def test_the_past_is_not_predicted(champion: ModelVersion) -> None:
    with pytest.raises(EventIsOver, match="before the event"):
        predict("coin-toss", [_toss(), Toss(2, 0.5, timezone.now() - timedelta(seconds=1))])
    assert not Prediction.objects.exists()


def test_without_a_champion_nothing_is_said(coin_toss: CoinToss) -> None:
    with pytest.raises(ModelNotTrained):
        predict("coin-toss", [_toss()])
    assert predict("coin-toss", []) == []


def test_a_shadow_is_not_shown(champion: ModelVersion) -> None:
    predict("coin-toss", [_toss()], version=champion, shadow=True)
    assert Prediction.objects.count() == 1
    assert not Prediction.objects.shown().exists()


def test_settling_scores_by_hand_computed_values(champion: ModelVersion, coin_toss: CoinToss) -> None:
    score = settling.score(
        coin_toss,
        {"heads": 0.8, "tails": 0.2},
        coin_toss_result(coin_toss, "heads"),
    )
    assert score["correct"]
    assert score["log_loss"] == pytest.approx(0.22314, abs=1e-5)
    assert score["brier"] == pytest.approx(0.08)
    assert score["rps"] == pytest.approx(0.04)
    assert score["market_log_loss"] == pytest.approx(0.51083, abs=1e-5)
    assert score["baseline_log_loss"] is None
    assert score["closing_line_value"] == pytest.approx(1.5 * 0.6 - 1)
    assert str(score["flat_profit"]) == "0.5"


def coin_toss_result(problem: CoinToss, outcome: str):  # type: ignore[no-untyped-def]  # a Result
    problem.outcomes[1] = outcome
    [result] = problem.results([{"number": 1}])
    assert result is not None
    return result


def test_no_bet_is_settled_where_no_price_promised_profit(coin_toss: CoinToss) -> None:
    score = settling.score(coin_toss, {"heads": 0.66, "tails": 0.34}, coin_toss_result(coin_toss, "tails"))
    assert score["flat_profit"] is not None
    fair = settling.score(coin_toss, {"heads": 0.667, "tails": 0.333}, coin_toss_result(coin_toss, "tails"))
    assert (fair["closing_line_value"] is None, fair["flat_profit"] is None) == (False, False)
    assert settling._best_value(coin_toss, {"heads": 0.6, "tails": 0.4}, {"heads": 1.5, "tails": 2.4}) is None


def test_settling_twice_changes_nothing_and_a_correction_settles_again(
    champion: ModelVersion, coin_toss: CoinToss
) -> None:
    [prediction] = predict("coin-toss", [_toss()])
    later = prediction.event_at + timedelta(hours=1)
    assert settling.settle_due(later) == 0
    coin_toss.outcomes[1] = "heads"
    assert settling.settle_due(later) == 1
    first = Settlement.objects.get()
    assert (first.outcome, first.correct, first.revision) == ("heads", True, 1)
    everything = Prediction.objects.all()
    assert settling._settle(everything) == 0
    coin_toss.outcomes[1] = "tails"
    assert settling._settle(everything) == 1
    corrected = Settlement.objects.get()
    assert (corrected.outcome, corrected.correct, corrected.revision) == ("tails", False, 2)

"""What an experiment found: figures of each arm on what was settled, and no winner before there is one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mlmodels.models import ModelVersion
from predictions import ledger, settling
from predictions.experimenting.report import Comparison, Verdict, bounded_loss, report, winner_of
from predictions.models import Experiment, Prediction
from predictions.problems.football_outcome import FootballOutcome
from predictions.serving import predict
from predictions.upcoming import predict_upcoming
from tests.mlmodels.coin_toss import CoinToss, Toss
from tests.predictions.experimenting.conftest import Make

pytestmark = pytest.mark.django_db


def settle(coin_toss: CoinToss, numbers: range, came: str) -> None:
    coin_toss.outcomes |= dict.fromkeys(numbers, came)
    settling._settle(Prediction.objects.all())


def write(
    experiment: Experiment,
    arm: str,
    number: int,
    heads: float,
    *,
    version: ModelVersion | None = None,
    hours: int = 0,
) -> None:
    """A prediction of one arm on one event of its own."""
    at = timezone.now() + timedelta(hours=1 + hours, minutes=number)
    of = experiment.arms.get(name=arm)
    ledger.append(
        [
            ledger.Draft(
                version=version or of.version,
                match_id=None,
                subject={"number": number},
                made_at=timezone.now(),
                event_at=at,
                probabilities={"heads": heads, "tails": 1 - heads},
                distribution={},
                confidence=heads,
                features={"bias": heads},
                latency_ms=1.0,
                experiment_arm=of.reference,
                is_shadow=experiment.unit == "user" and not of.is_control,
            )
        ]
    )


def test_before_anything_is_settled_nothing_is_said(make: Make) -> None:
    found = report(make())
    assert (found.events, found.winner, found.loss) == (0, "", "brier")
    assert found.words == "No winner yet. Nothing is settled yet that would tell rival from the control."
    assert [each.figures.n for each in found.arms] == [0, 0]
    assert found.comparisons[0].mean is None


def test_figures_of_an_arm_are_those_of_its_own_events(make: Make, coin_toss: CoinToss) -> None:
    experiment = make(started=True)
    for number in range(6):
        write(experiment, "control" if number % 2 else "rival", number, 0.8 if number % 2 else 0.6)
    settle(coin_toss, range(5), "heads")
    settle(coin_toss, range(5, 6), "tails")
    control, rival = report(experiment).arms
    assert (control.figures.n, rival.figures.n) == (3, 3)
    assert control.figures.brier is not None
    assert control.figures.brier.value == pytest.approx((0.08 + 0.08 + 1.28) / 3)
    assert control.figures.accuracy is not None
    assert control.figures.accuracy.value == pytest.approx(2 / 3)
    assert control.figures.accuracy.low < 2 / 3 < control.figures.accuracy.high
    # At 1.5 for heads and .8, one unit is staked on heads: won twice, lost once. At .6 heads promise nothing.
    assert control.figures.roi is not None
    assert control.figures.roi.value == pytest.approx((0.5 + 0.5 - 1) / 3)
    assert rival.figures.calibration_error is not None
    assert rival.figures.calibration_error.value == pytest.approx(0.4)
    assert rival.comparison is not None
    assert rival.comparison.n == 6


def test_only_the_last_word_before_the_event_counts(make: Make, coin_toss: CoinToss) -> None:
    experiment = make(started=True)
    for heads in (0.3, 0.9):
        write(experiment, "control", 1, heads)
    settle(coin_toss, range(1, 2), "heads")
    control, _ = report(experiment).arms
    assert control.figures.n == 1
    assert control.figures.brier is not None
    assert control.figures.brier.value == pytest.approx(0.02)


def test_what_was_postponed_between_two_forecasts_is_compared_with_itself(make: Make, coin_toss: CoinToss) -> None:
    """The rival spoke after event 0 was put off behind event 1, the control before."""
    experiment = make(unit="user", started=True)
    for number, hours, heads in ((0, 0, 0.9), (1, 1, 0.1)):
        write(experiment, "control", number, heads, hours=hours)
        write(experiment, "rival", number, heads, hours=2 - hours)
    settle(coin_toss, range(1), "heads")
    settle(coin_toss, range(1, 2), "tails")
    [compared] = report(experiment).comparisons
    assert (compared.n, compared.mean) == (2, 0.0)
    assert {point.mean for point in compared.course} == {0.0}


def test_an_experiment_by_user_compares_events_that_every_arm_forecast(
    make: Make, coin_toss: CoinToss, tosses: list[Toss]
) -> None:
    experiment = make(unit="user", started=True)
    predict_upcoming()
    predict("coin-toss", [Toss(99, 0.5, timezone.now() + timedelta(hours=1))])
    settle(coin_toss, range(1, 100), "heads")
    found = report(experiment)
    assert (found.events, found.comparisons[0].n) == (20, 20)
    assert [each.figures.n for each in found.arms] == [20, 20]
    by_hand = [
        sum(row.settlement.brier for row in Prediction.objects.filter(experiment_arm=f"{experiment.pk}:{name}")) / n
        for name, n in (("control", 21), ("rival", 20))
    ]
    rival = found.arms[1].figures.brier
    assert rival is not None
    assert rival.value == pytest.approx(by_hand[1])


def test_a_better_arm_wins_only_when_the_interval_leaves_zero_behind(make: Make, coin_toss: CoinToss) -> None:
    experiment = make(unit="user", started=True)
    for number in range(60):
        write(experiment, "control", number, 0.5)
        write(experiment, "rival", number, 0.75)
    settle(coin_toss, range(3), "heads")
    early = report(experiment)
    assert early.winner == ""
    assert early.words.startswith("No winner yet. After 3 events the Brier score of rival is 0.3750 lower than that")
    assert "is possible" in early.words
    settle(coin_toss, range(3, 60), "heads")
    late = report(experiment)
    assert late.winner == "rival"
    assert late.comparisons[0].verdict == Verdict.BETTER
    assert late.words.startswith("rival wins. After 60 events the Brier score of rival is 0.3750 lower")
    settle(coin_toss, range(60), "tails")
    turned = report(experiment)
    assert turned.winner == "control"
    assert "higher than that of control" in turned.words


def test_answers_of_the_champion_for_a_broken_arm_are_counted(
    make: Make, coin_toss: CoinToss, champion: ModelVersion
) -> None:
    experiment = make(started=True)
    write(experiment, "rival", 1, 0.6, version=champion)
    write(experiment, "rival", 2, 0.6)
    settle(coin_toss, range(3), "heads")
    assert report(experiment).arms[1].figures.by_champion == 1


def test_another_experiments_events_do_not_count(make: Make, coin_toss: CoinToss) -> None:
    first, second = make(), make()
    write(first, "control", 1, 0.6)
    settle(coin_toss, range(3), "heads")
    assert report(first).events == 1
    assert report(second).events == 0


def test_a_report_asks_the_database_little(
    make: Make, coin_toss: CoinToss, tosses: list[Toss], django_assert_max_num_queries: Any
) -> None:
    experiment = make(unit="user", started=True)
    predict_upcoming()
    settle(coin_toss, range(1, 21), "heads")
    again = Experiment.objects.all().with_arms().get(pk=experiment.pk)
    with django_assert_max_num_queries(1):
        report(again)


def test_football_is_compared_by_its_ranked_probability_score() -> None:
    assert bounded_loss(FootballOutcome()) == "rps"


def of(arm: str, verdict: Verdict) -> Comparison:
    return Comparison(arm=arm, n=9, mean=0.0, low=0.0, high=0.0, e_value=1.0, verdict=verdict, words="", course=())


def test_of_several_arms_one_wins_when_all_is_settled() -> None:
    better, worse, still_open = of("b", Verdict.BETTER), of("c", Verdict.WORSE), of("d", Verdict.OPEN)
    assert winner_of("a", [better, worse]) == "b"
    assert winner_of("a", [worse, of("d", Verdict.WORSE)]) == "a"
    assert winner_of("a", [better, still_open]) == ""
    assert winner_of("a", [better, of("c", Verdict.BETTER)]) == ""

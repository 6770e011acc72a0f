"""The daily round, on a champion without a sport."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command

from mlmodels.models import Dataset, ModelVersion
from predictions.errors import InvalidWindow
from predictions.models import Alert, DriftEvent, MonitorReport, Prediction, Settlement
from predictions.monitoring import watching
from predictions.monitoring.watching import watch
from predictions.tasks import monitor
from tests.factories import ModelVersionFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.monitoring.coins import FIRST, honest_biases, toss

pytestmark = pytest.mark.django_db


def evening(day: int) -> datetime:
    return FIRST + timedelta(days=day, hours=8)


def test_a_report_a_day_has_the_days_figures_and_those_of_the_window(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    toss(coin_toss, champion, honest_biases(160))
    watch(evening(39), window=10)
    reports = list(MonitorReport.objects.order_by("day"))
    assert [report.day for report in reports] == [FIRST.date() + timedelta(days=i) for i in range(40)]
    last = reports[-1]
    rows = Settlement.objects.filter(prediction__event_at__date=date(2024, 2, 9))
    assert (last.predicted, last.settled, last.window_settled) == (4, 4, 40)
    assert last.log_loss == pytest.approx(np.mean(list(rows.values_list("log_loss", flat=True))))
    window = Settlement.objects.filter(prediction__event_at__date__gte=date(2024, 1, 31))
    assert last.window_log_loss == pytest.approx(np.mean(list(window.values_list("log_loss", flat=True))))
    assert last.window_accuracy == np.mean(list(window.values_list("correct", flat=True)))
    profits = [float(p) for p in window.values_list("flat_profit", flat=True) if p is not None]
    assert last.window_bets == len(profits)
    assert last.window_roi == pytest.approx(np.mean(profits))
    assert last.window_from == date(2024, 1, 31)
    assert last.test["log_loss"] == 0.578


def test_the_calibration_error_is_that_of_the_metrics(coin_toss: CoinToss, champion: ModelVersion) -> None:
    from mlmodels.evaluation.metrics import ece

    toss(coin_toss, champion, honest_biases(100), a_day=100)
    watch(evening(0))
    rows = Prediction.objects.values_list("probabilities", "settlement__outcome")
    said = [[p["heads"], p["tails"]] for p, _ in rows]
    came = [["heads", "tails"].index(outcome) for _, outcome in rows]
    assert MonitorReport.objects.get().ece == pytest.approx(ece(said, came))


def test_only_the_last_word_before_an_event_counts(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, [0.9], first_number=7)
    toss(coin_toss, champion, [0.6], first_number=7)
    watch(evening(0))
    report = MonitorReport.objects.get()
    assert (report.predicted, report.settled) == (2, 1)
    assert report.log_loss in (pytest.approx(-np.log(0.6)), pytest.approx(-np.log(0.4)))


def test_a_corrected_result_rewrites_its_day_and_the_windows_it_is_in(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    toss(coin_toss, champion, honest_biases(40))
    watch(evening(9), window=3)
    before = {report.day: report for report in MonitorReport.objects.all()}
    wrong = Settlement.objects.filter(prediction__event_at__date=date(2024, 1, 3)).first()
    assert wrong is not None
    Settlement.objects.filter(pk=wrong.pk).update(log_loss=9.0)
    watch(evening(9), window=3)
    after = {report.day: report for report in MonitorReport.objects.all()}
    changed = {day.day for day in after if after[day].window_log_loss != before[day].window_log_loss}
    assert changed == {3, 4, 5}
    assert after[date(2024, 1, 3)].log_loss != before[date(2024, 1, 3)].log_loss


def test_watching_twice_writes_nothing_twice(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, honest_biases(40))
    watch(evening(9))
    stamps = dict(MonitorReport.objects.exclude(day=date(2024, 1, 10)).values_list("day", "computed_at"))
    watch(evening(9))
    assert MonitorReport.objects.count() == 10
    assert dict(MonitorReport.objects.exclude(day=date(2024, 1, 10)).values_list("day", "computed_at")) == stamps


def test_nothing_wrong_raises_nothing(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, honest_biases(800))
    [watched] = watch(evening(199)).champions
    assert watched.decay is not None
    assert watched.drift is not None
    assert "No sign that it has become worse" in watched.decay.sentence
    assert "look like those of training" in watched.drift.sentence
    assert not Alert.objects.exclude(kind="rule").exists()
    assert not DriftEvent.objects.exists()


def test_a_champion_that_became_worse_is_told_with_an_interval(coin_toss: CoinToss, champion: ModelVersion) -> None:
    biases = honest_biases(700)
    truth = [*biases[:400], *[0.5 + 0.3 * (bias - 0.5) for bias in biases[400:]]]
    toss(coin_toss, champion, biases, truth=truth)
    [watched] = watch(evening(174)).champions
    alert = Alert.objects.get(kind="decay")
    assert alert.key == champion.version
    assert "against 0.5780 on 2,000 test rows" in alert.message
    assert "95 % interval +" in alert.message
    assert watched.decay is not None
    assert watched.decay.since is not None
    assert abs((watched.decay.since - (FIRST + timedelta(days=100)).date()).days) < 25
    assert alert.evidence["decay"]["low"] > 0


def test_the_alert_is_counted_up_while_it_lasts_and_resolved_when_it_is_over(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    numbers = toss(coin_toss, champion, honest_biases(300), truth=[0.5] * 300)
    watch(evening(74))
    watch(evening(74))
    assert Alert.objects.get(kind="decay").count == 2
    Settlement.objects.filter(prediction__subject__number__in=numbers).update(log_loss=0.4)
    watch(evening(74))
    assert Alert.objects.get(kind="decay").status == Alert.Status.RESOLVED


def test_inputs_that_moved_are_named(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, [0.55 + 0.4 * bias for bias in honest_biases(400)], a_day=15)
    watch(evening(27))
    event = DriftEvent.objects.get()
    assert [each["name"] for each in event.features] == ["bias"]
    assert event.features[0]["q"] < 0.01
    assert "bias (mean 0.5" in event.sentence
    assert Alert.objects.get(kind="drift").message.startswith(event.sentence)


def test_a_champion_whose_data_set_is_gone_is_watched_without_drift(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    toss(coin_toss, champion, honest_biases(400), a_day=15)
    Dataset.objects.update(path="gone")
    [watched] = watch(evening(27)).champions
    assert watched.failure == ""
    assert watched.drift is not None
    assert "can't be read any more" in watched.drift.sentence
    assert MonitorReport.objects.latest("day").window_settled == 400


def test_one_bad_champion_hinders_no_other(coin_toss: CoinToss, champion: ModelVersion) -> None:
    ModelVersionFactory.create(problem="astrology", algorithm="stars", role=ModelVersion.Role.CHAMPION)
    toss(coin_toss, champion, honest_biases(8))
    bad, good = watch(evening(1)).champions
    assert "There is no problem 'astrology'" in bad.failure
    assert good.report is not None
    assert good.report.settled == 4


def test_whatever_breaks_in_one_champion_hinders_no_other(
    coin_toss: CoinToss, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("out of coins")

    monkeypatch.setattr(watching, "settled_events", broken)
    [watched] = watch(evening(1)).champions
    assert "RuntimeError: out of coins" in watched.failure


def test_what_is_to_come_is_expected_and_trusted_only_when_borne_out(
    coin_toss: CoinToss, champion: ModelVersion
) -> None:
    toss(coin_toss, champion, honest_biases(200))
    toss(coin_toss, champion, [0.8] * 50, start=evening(50), first_number=500_000, settle=False)
    [watched] = watch(evening(49)).champions
    assert watched.report is not None
    found = watched.report.expected
    assert found["n"] == 50
    assert found["accuracy"]["value"] == pytest.approx(0.8)
    assert found["log_loss"]["value"] == pytest.approx(-(0.8 * np.log(0.8) + 0.2 * np.log(0.2)))
    assert found["trust"]["trusted"]
    Settlement.objects.all().delete()
    assert not watch(evening(49)).champions[0].report.expected["trust"]["trusted"]  # type: ignore[union-attr]


@pytest.mark.parametrize("window", [0, -3, 366])
def test_a_window_of_no_days_or_of_years_is_refused(window: int) -> None:
    with pytest.raises(InvalidWindow, match="from 1 to 365 days"):
        watch(window=window)
    with pytest.raises(CommandError, match="from 1 to 365 days"):
        call_command("monitor", "--window", str(window))


def test_shadows_are_not_counted(
    coin_toss: CoinToss, champion: ModelVersion, train_coin: Callable[[], ModelVersion]
) -> None:
    toss(coin_toss, champion, honest_biases(4))
    other = train_coin()
    toss(coin_toss, other, honest_biases(4), first_number=900_000)
    watch(evening(0))
    assert MonitorReport.objects.get().settled == 4


def test_the_number_of_queries_does_not_grow_with_the_events(
    coin_toss: CoinToss, champion: ModelVersion, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    toss(coin_toss, champion, honest_biases(600), a_day=20)
    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]  # a context manager
        watch(evening(29))


def test_the_task_and_the_command_do_the_same(coin_toss: CoinToss, champion: ModelVersion) -> None:
    toss(coin_toss, champion, honest_biases(40))
    with time_machine.travel(evening(9), tick=False):
        assert monitor() == 1
        said, told = StringIO(), StringIO()
        call_command("monitor", stdout=said)
        call_command("monitor", "--json", stdout=told)
    assert f"{champion}: 4 predicted and 4 settled today, 40 settled since 2023-12-14" in said.getvalue()
    [one] = json.loads(told.getvalue())["champions"]
    assert one["window"]["settled"] == 40
    assert one["failure"] == ""


def test_where_nothing_serves_the_command_says_so(db: None) -> None:
    said = StringIO()
    call_command("monitor", stdout=said)
    assert "No model is in service" in said.getvalue()


def test_a_day_is_a_day_in_utc(coin_toss: CoinToss, champion: ModelVersion) -> None:
    late = datetime(2024, 1, 1, 23, 59, tzinfo=UTC)
    toss(coin_toss, champion, [0.5], start=late)
    watch(late + timedelta(minutes=2))
    assert list(MonitorReport.objects.order_by("day").values_list("day", "settled")) == [
        (date(2024, 1, 1), 1),
        (date(2024, 1, 2), 0),
    ]

"""Staff are told of an experiment that is decided, and of one that its own rule stopped: once each."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mlmodels import promotion
from predictions import alerting, tasks
from predictions.experimenting import changing, telling
from predictions.models import Alert, Experiment
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.experimenting.conftest import Make, trained
from tests.predictions.experimenting.test_report import settle, write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 11, 12, tzinfo=UTC)


@pytest.fixture
def decided(make: Make, coin_toss: CoinToss) -> Experiment:
    """Sixty events on which the rival was right and surer than the control."""
    experiment = make(unit="user", started=True)
    for number in range(60):
        write(experiment, "control", number, 0.5)
        write(experiment, "rival", number, 0.75)
    settle(coin_toss, range(60), "heads")
    return experiment


def alerts() -> list[Alert]:
    return list(Alert.objects.filter(kind=Alert.Kind.EXPERIMENT).order_by("pk"))


def test_a_winner_is_told_of_once_however_often_one_looks(decided: Experiment) -> None:
    assert telling.tell_of_decided() == telling.tell_of_decided() == 1
    [alert] = alerts()
    assert (alert.title, alert.count, alert.status) == ("A toss-up is decided: rival wins", 1, "open")
    assert "After 60 events the Brier score of rival is 0.3750 lower" in alert.message
    alerting.resolve(Alert.Kind.EXPERIMENT, alert.key)
    telling.tell_of_decided()
    assert [each.status for each in alerts()] == ["resolved"]


def test_before_there_is_a_winner_nobody_is_told(make: Make) -> None:
    make(started=True)
    assert telling.tell_of_decided() == 0
    assert alerts() == []


def test_a_corrected_result_takes_the_alert_back_and_names_the_other(decided: Experiment, coin_toss: CoinToss) -> None:
    telling.tell_of_decided()
    settle(coin_toss, range(60), "tails")
    telling.tell_of_decided()
    assert [(each.evidence["winner"], each.status) for each in alerts()] == [("rival", "resolved"), ("control", "open")]


def test_the_daily_look_tells(decided: Experiment) -> None:
    tasks.decide_challengers()
    assert len(alerts()) == 1


def test_whoever_stops_it_knows_and_the_alert_goes(decided: Experiment) -> None:
    telling.tell_of_decided()
    changing.stop(decided, reason="Seen enough")
    assert [each.status for each in alerts()] == ["resolved"]


def test_its_end_is_told_with_what_it_found(make: Make) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        make(ends_at=NOW + timedelta(days=1), started=True)
        clock.shift(timedelta(days=1))
        changing.stop_what_is_over()
        changing.stop_what_is_over()
    [alert] = alerts()
    assert (alert.title, alert.count) == ("A toss-up was stopped", 1)
    assert alert.message.startswith("Its end came: the champion answers everybody. No winner yet.")


def test_another_champion_is_told_as_the_reason(make: Make) -> None:
    make(started=True)
    promotion.promote(trained(), by=None)
    changing.stop_what_is_over()
    [alert] = alerts()
    assert alert.message.startswith("Its control is not the champion any more: the champion answers everybody.")

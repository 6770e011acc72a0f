"""Three seasons of simulated leagues through the real verbs: nothing wrong stays quiet, what was planted is named."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from predictions.models import Alert, DriftEvent, MonitorReport
from predictions.monitoring.policies import change_policy
from predictions.monitoring.watching import watch
from tests.predictions.monitoring.simulated_life import evenings, live, predict

pytestmark = pytest.mark.django_db


def test_three_untouched_seasons_raise_at_most_one_false_alert_a_season(storage: Path) -> None:
    life = live(seed=4)
    predict(life)
    for look in evenings(life, timedelta(days=90)):
        with time_machine.travel(look, tick=False):
            [watched] = watch(look).champions
            assert watched.failure == ""
            assert watched.drift is not None
            assert len(watched.drift.features) >= 17
    raised = Alert.objects.filter(kind__in=("decay", "drift")).values_list("first_at", flat=True)
    by_season = Counter((at - life.begins).days // 365 for at in raised)
    assert max(by_season.values(), default=0) <= 1, by_season
    assert MonitorReport.objects.latest("day").window_settled > 20


def test_two_inputs_moved_by_half_a_standard_deviation_are_the_ones_named(storage: Path) -> None:
    change_policy("football-outcome", enabled=False)
    life = live(seed=5)
    moved = {"home_form_1": 0.5, "away_form_2": 0.5}
    predict(life, shifted=moved)
    look = evenings(life, timedelta(days=45))[1]
    watch(look)
    event = DriftEvent.objects.get()
    assert {each["name"] for each in event.features} == set(moved)
    assert all(0.3 < each["shift"] < 0.8 for each in event.features)
    assert "Home form 1" in Alert.objects.get(kind="drift").message

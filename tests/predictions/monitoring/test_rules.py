"""Staff's alert rules on the daily reports."""

from datetime import date, timedelta
from typing import Any

import pytest

from mlmodels.models import ModelVersion
from predictions.models import Alert, AlertRule, MonitorReport
from predictions.monitoring.rules import apply_rules
from tests.factories import ModelVersionFactory

pytestmark = pytest.mark.django_db
LAST = date(2024, 5, 20)


@pytest.fixture
def champion(db: None) -> ModelVersion:
    AlertRule.objects.update(enabled=False)
    return ModelVersionFactory.create(role=ModelVersion.Role.CHAMPION)


def reports(version: ModelVersion, values: list[float | None], **fields: Any) -> None:
    """One a day, the last on `LAST`, of these returns on flat stakes."""
    for i, value in enumerate(reversed(values)):
        day = LAST - timedelta(days=i)
        MonitorReport.objects.create(
            version=version,
            problem=version.problem,
            day=day,
            window_from=day - timedelta(days=27),
            **{"roi": value, "bets": 0 if value is None else 3, "settled": 5, **fields},
        )


def rule(**fields: Any) -> AlertRule:
    usual = {"name": "Loses", "metric": "roi", "comparison": "below", "threshold": 0.0, "days": 3}
    return AlertRule.objects.create(**{**usual, **fields})


def test_the_shipped_rules_are_there_and_the_one_out_of_reach_is_switched_off() -> None:
    shipped = {each.metric: (each.enabled, each.days) for each in AlertRule.objects.all()}
    assert shipped == {"accuracy": (False, 1), "ece": (True, 1), "roi": (True, 7)}


def test_so_many_days_running_break_a_rule_and_the_alert_names_them(champion: ModelVersion) -> None:
    rule()
    reports(champion, [0.1, -0.1, -0.2, -0.3])
    assert apply_rules(champion) == 1
    alert = Alert.objects.get(kind="rule")
    assert "on 3 days running: -0.1000, -0.2000, -0.3000." in alert.message
    assert alert.evidence["version"] == champion.version


@pytest.mark.parametrize("values", [[-0.1, -0.2], [-0.1, 0.2, -0.3], [-0.1, -0.2, 0.0]])
def test_fewer_days_or_a_good_one_between_break_none(champion: ModelVersion, values: list[float | None]) -> None:
    rule()
    reports(champion, values)
    assert apply_rules(champion) == 0


def test_days_without_a_bet_are_passed_over(champion: ModelVersion) -> None:
    rule()
    reports(champion, [-0.1, None, -0.2, None, -0.3, None])
    assert apply_rules(champion) == 1


def test_days_with_too_few_events_are_passed_over(champion: ModelVersion) -> None:
    rule(minimum_events=4)
    reports(champion, [-0.1, -0.2, -0.3])
    assert apply_rules(champion) == 0


def test_a_rule_of_one_day_looks_at_the_window_that_ends_with_it(champion: ModelVersion) -> None:
    rule(metric="ece", comparison="above", threshold=0.2, days=1, minimum_events=100)
    reports(champion, [0.0], ece=0.9, window_ece=0.25, window_settled=150)
    assert apply_rules(champion) == 1
    assert "(150 events), above 0.2." in Alert.objects.get(kind="rule").message


def test_an_alert_is_resolved_when_the_rule_is_kept_again(champion: ModelVersion) -> None:
    rule(metric="ece", comparison="above", threshold=0.2, days=1)
    reports(champion, [0.0], window_ece=0.25, window_settled=150)
    apply_rules(champion)
    MonitorReport.objects.update(window_ece=0.1)
    assert apply_rules(champion) == 0
    assert Alert.objects.get(kind="rule").status == "resolved"


def test_rules_of_another_problem_and_those_switched_off_are_not_asked(champion: ModelVersion) -> None:
    rule(problem="coin-toss")
    rule(name="Off", enabled=False)
    reports(champion, [-0.1, -0.2, -0.3])
    assert apply_rules(champion) == 0

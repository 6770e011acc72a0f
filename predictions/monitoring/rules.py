"""Staff's alert rules, asked of the daily reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from mlmodels.models import ModelVersion
from predictions import alerting
from predictions.models import Alert, AlertRule, MonitorReport

LONGEST_LOOK_BACK = 200
"""Reports of days looked back at for those that had enough events."""


@dataclass(frozen=True, kw_only=True)
class Breach:
    rule: AlertRule
    values: tuple[float, ...]
    """One a day, oldest first."""
    report: MonitorReport

    @property
    def key(self) -> str:
        return f"{self.rule.pk}:{self.report.version_id}"

    @property
    def sentence(self) -> str:
        side = "below" if self.rule.comparison == AlertRule.Comparison.BELOW else "above"
        name = AlertRule.Metric(self.rule.metric).label
        if self.rule.days == 1:
            return (
                f"{name} is {self.values[-1]:.4f} over the days since {self.report.window_from:%-d %B %Y} "
                f"({self.report.window_settled:,} events), {side} {self.rule.threshold:g}."
            )
        told = ", ".join(f"{value:.4f}" for value in self.values)
        return f"{name} was {side} {self.rule.threshold:g} on {self.rule.days} days running: {told}."


def breaches(version: ModelVersion) -> tuple[list[Breach], list[AlertRule]]:
    """The enabled rules that a champion's reports break, and those that they keep."""
    rules = AlertRule.objects.filter(Q(problem="") | Q(problem=version.problem), enabled=True)
    reports = list(MonitorReport.objects.filter(version=version).order_by("-day")[:LONGEST_LOOK_BACK])
    broken, kept = [], []
    for rule in rules:
        breach = _breach(rule, reports)
        if breach is None:
            kept.append(rule)
        else:
            broken.append(breach)
    return broken, kept


def _breach(rule: AlertRule, reports: Sequence[MonitorReport]) -> Breach | None:
    """Of one day, the window that ends with it is looked at; of several days running, each day's own figure.

    Days with too few events, or without any bet, are passed over: they neither break a rule nor end a run of days.
    """
    prefix = "window_" if rule.days == 1 else ""
    count = f"{prefix}bets" if rule.metric == AlertRule.Metric.ROI else f"{prefix}settled"
    looked_at = reports[:1] if rule.days == 1 else reports
    told = [
        (report, value)
        for report in looked_at
        if getattr(report, count) >= rule.minimum_events
        and (value := getattr(report, f"{prefix}{rule.metric}")) is not None
    ][: rule.days]
    if len(told) < rule.days or not all(rule.breached_by(value) for _, value in told):
        return None
    return Breach(rule=rule, values=tuple(value for _, value in reversed(told)), report=told[0][0])


def apply_rules(version: ModelVersion) -> int:
    """Raise an alert for each rule broken, and resolve those of rules kept; returns how many are broken."""
    broken, kept = breaches(version)
    for breach in broken:
        alerting.raise_alert(
            Alert.Kind.RULE,
            key=breach.key,
            title=f"{breach.rule.name}: {version}",
            message=breach.sentence,
            severity=breach.rule.severity,
            problem=version.problem,
            evidence={"version": version.version, "rule": breach.rule.name, "values": list(breach.values)},
        )
    for rule in kept:
        alerting.resolve(Alert.Kind.RULE, f"{rule.pk}:{version.pk}")
    return len(broken)

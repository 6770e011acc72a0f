"""What pages tell of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mlmodels.errors import UnknownProblem
from mlmodels.problem import get_problem
from predictions.models import Alert, AlertRule

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened to an alert."""

    at: datetime
    what: str
    words: str = ""


def timeline(alert: Alert) -> list[Moment]:
    """Oldest first."""
    moments = [Moment(at=alert.first_at, what="Raised")]
    if alert.count > 1:
        moments.append(Moment(at=alert.last_at, what=f"Raised again, {alert.count:,} times in all"))
    if alert.acknowledged_at:
        by = _by(alert.acknowledged_by)
        moments.append(Moment(at=alert.acknowledged_at, what=f"Acknowledged{by}", words=alert.comment))
    if alert.resolved_at:
        by = _by(alert.resolved_by) or ": the condition went away"
        moments.append(Moment(at=alert.resolved_at, what=f"Resolved{by}"))
    return sorted(moments, key=lambda moment: moment.at)


def problem_title(slug: str) -> str:
    """As it was written where the problem is no longer installed; empty for none."""
    try:
        return get_problem(slug).title if slug else ""
    except UnknownProblem:
        return slug


def _by(user: User | None) -> str:
    return f" by {user.shown_name}" if user else ""


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule, and what it says in words."""

    rule: AlertRule
    words: str
    problem: str


def rule_line(rule: AlertRule) -> RuleLine:
    """Such as "Calibration error above 0.2 on 3 days running, with 100 settled predictions or more"."""
    name = rule.get_metric_display().partition(" (")[0]
    days = f" on {rule.days} days running" if rule.days > 1 else ""
    least = f", with {rule.minimum_events:,} settled predictions or more" if rule.minimum_events > 1 else ""
    words = f"{name} {rule.get_comparison_display().lower()} {rule.threshold:g}{days}{least}"
    return RuleLine(rule=rule, words=words, problem=problem_title(rule.problem) or "Every problem")

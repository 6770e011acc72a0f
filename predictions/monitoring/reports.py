"""A champion's daily reports: written while a day lasts, and again whenever its results are corrected."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from mlmodels.models import ModelVersion
from mlmodels.tables import figures_of, number
from predictions.models import MonitorReport, Prediction
from predictions.monitoring import tallies
from predictions.monitoring.events import Events

MOST_DAYS = 400
"""Days that are kept up to date, counted back from today."""

BATCH = 200
_FIGURES = ("settled", "accuracy", "log_loss", "brier", "rps", "ece", "bets", "roi")
_WRITTEN = ("window_from", "predicted", "test", *_FIGURES, *(f"window_{name}" for name in _FIGURES))
_TESTED = ("n", "accuracy", "log_loss", "brier", "rps", "ece")


def write_reports(
    version: ModelVersion,
    events: Events,
    now: datetime,
    *,
    window: int,
    expected: dict[str, Any],
    evidence: dict[str, Any],
) -> MonitorReport:
    """Bring the reports of the last days up to date and return today's, which alone has what is expected and why.

    Only what differs from what is stored is written, so that a second delivery writes nothing but today's row.
    """
    today = now.astimezone(UTC).date()
    days = _days(version, events, today)
    drafts = _drafts(version, events, days, window)
    drafts[-1].expected, drafts[-1].evidence = expected, evidence
    stored = {report.day: report for report in MonitorReport.objects.filter(version=version, day__gte=days[0])}
    changed = [draft for draft in drafts[:-1] if _differs(draft, stored.get(draft.day))]
    with transaction.atomic():
        _upsert(changed, _WRITTEN)
        _upsert(drafts[-1:], (*_WRITTEN, "expected", "evidence"))
    return MonitorReport.objects.get(version=version, day=today)


def _days(version: ModelVersion, events: Events, today: date) -> list[date]:
    """From the first day of which there is anything to say until today, without gaps."""
    made = (
        Prediction.objects.shown().filter(model_version=version).order_by("made_at").values_list("made_at", flat=True)
    )
    first_said = made.first()
    starts = [today]
    if first_said is not None:
        starts.append(first_said.astimezone(UTC).date())
    if len(events):
        starts.append(date.fromordinal(int(events.days[0])))
    first = max(min(starts), today - timedelta(days=MOST_DAYS - 1))
    return [first + timedelta(days=i) for i in range((today - first).days + 1)]


def _drafts(version: ModelVersion, events: Events, days: list[date], window: int) -> list[MonitorReport]:
    reach = days[0] - timedelta(days=window - 1)
    sums = tallies.daily_sums(events, reach.toordinal(), days[-1].toordinal())
    predicted = _predicted(version, days[0])
    tested = figures_of(version.metrics, "test")
    test = {name: tested[name] for name in _TESTED if number(tested.get(name)) is not None}
    computed_at = timezone.now()
    drafts = []
    for i, day in enumerate(days):
        end = i + window
        own, rolling = tallies.figures(sums[end - 1]), tallies.figures(sums[end - window : end].sum(0))
        drafts.append(
            MonitorReport(
                version=version,
                problem=version.problem,
                day=day,
                window_from=day - timedelta(days=window - 1),
                predicted=predicted.get(day, 0),
                test=test,
                computed_at=computed_at,
                **own,
                **{f"window_{name}": value for name, value in rolling.items()},
            )
        )
    return drafts


def _predicted(version: ModelVersion, since: date) -> dict[date, int]:
    shown = Prediction.objects.shown().filter(model_version=version, made_at__date__gte=since)
    counted = shown.annotate(made_on=TruncDate("made_at", tzinfo=UTC)).order_by().values("made_on")
    return dict(counted.annotate(n=Count("pk")).values_list("made_on", "n"))


def _differs(draft: MonitorReport, stored: MonitorReport | None) -> bool:
    return stored is None or any(getattr(draft, name) != getattr(stored, name) for name in _WRITTEN)


def _upsert(drafts: list[MonitorReport], fields: tuple[str, ...]) -> None:
    MonitorReport.objects.bulk_create(
        drafts,
        update_conflicts=True,
        unique_fields=["version", "day"],
        update_fields=[*fields, "computed_at"],
        batch_size=BATCH,
    )

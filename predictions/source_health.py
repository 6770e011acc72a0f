"""How results of a sport come in: what is overdue, which imports failed, what their checks said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, QuerySet, Sum

from matches.importing import SOURCES
from matches.models import ImportBatch, Match
from mlmodels.problem import SourceHealth, SourcePart

if TYPE_CHECKING:
    from matches.models.play import MatchQuerySet

OVER_AFTER = timedelta(hours=3)
"""A match is over so long after kick-off, extra time and delays included."""

GIVEN_UP_AFTER = timedelta(days=14)
"""A match still without a result then was called off and nobody said so: waiting for it says nothing of the source."""

LATELY = timedelta(days=7)
MOST_WARNINGS = 10


def source_health(sport: str, now: datetime) -> SourceHealth:
    """Overdue matches of a sport by competition, and the last seven days' imports but for those of other sports."""
    batches = _lately(sport, now)
    ended = batches.exclude(status=ImportBatch.Status.RUNNING)
    failed = ended.filter(status=ImportBatch.Status.FAILED)
    return SourceHealth(
        parts=_overdue(Match.objects.filter(season__competition__sport=sport), now),
        batches=ended.count(),
        failed_batches=failed.count(),
        warnings=tuple(_warnings(batches)),
    )


def _lately(sport: str, now: datetime) -> QuerySet[ImportBatch]:
    others = [name for name, source in SOURCES.items() if source.sport != sport]
    return ImportBatch.objects.filter(started_at__gt=now - LATELY, started_at__lte=now).exclude(source__in=others)


def _overdue(matches: MatchQuerySet, now: datetime) -> tuple[SourcePart, ...]:
    waiting = matches.filter(
        status=Match.Status.SCHEDULED, kickoff__gt=now - GIVEN_UP_AFTER, kickoff__lte=now - OVER_AFTER
    )
    by_league = waiting.values("season__competition__code", "season__competition__name").order_by()
    found = by_league.annotate(overdue=Count("pk"), first=Min("kickoff"))
    codes = [row["season__competition__code"] for row in found]
    news = matches.finished().in_competitions(codes).filter(updated_at__lte=now).order_by()
    last = dict(
        news.values("season__competition__code")
        .annotate(at=Max("updated_at"))
        .values_list("season__competition__code", "at")
    )
    return tuple(
        SourcePart(
            name=row["season__competition__name"],
            overdue=row["overdue"],
            since=row["first"] + OVER_AFTER,
            last_news_at=last.get(row["season__competition__code"]),
        )
        for row in found
    )


def _warnings(batches: QuerySet[ImportBatch]) -> list[str]:
    """What the checks of the last seven days' imports said, and how many of their rows were refused."""
    sums = batches.aggregate(rows=Sum("rows"), refused=Sum("quarantined"))
    told = []
    if sums["refused"]:
        told.append(f"{sums['refused']} of {sums['rows']} imported rows are in quarantine.")
    reports = batches.exclude(report={}).order_by("-started_at").values_list("report", flat=True)[:MOST_WARNINGS]
    said = [words for report in reports for words in report.get("warnings", ())]
    return [*told, *dict.fromkeys(said)][:MOST_WARNINGS]

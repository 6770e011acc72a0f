"""What the page of sessions shows: what is planned, week by week what was done, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator

from training import progress
from training.charts.bars import Bars, bars
from training.models import Category, TrainingSession
from training.sessions import today

if TYPE_CHECKING:
    from accounts.models import User
    from training.progress import Progress

PER_PAGE = 30
Status = TrainingSession.Status


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    day: date
    is_overdue: bool
    is_today: bool
    sessions: Sequence[TrainingSession]


@dataclass(frozen=True, kw_only=True)
class DoneWeek:
    starts_on: date
    minutes: int
    sessions: Sequence[TrainingSession]


@dataclass(frozen=True, kw_only=True)
class CategoryMinutes:
    """Minutes practised of a category, and their share of the most practised one, 0..100."""

    title: str
    minutes: int
    share: int


@dataclass(frozen=True, kw_only=True)
class PracticePage:
    planned: tuple[PlannedDay, ...]
    weeks: tuple[DoneWeek, ...]
    page: Page[Any]
    progress: Progress
    by_week: Bars
    by_category: tuple[CategoryMinutes, ...]


def practice_page(user: User, *, page: str, now: datetime) -> PracticePage:
    mine = TrainingSession.objects.of(user).select_related("pack", "drill")
    done = Paginator(mine.exclude(status=Status.PLANNED).order_by("-planned_for", "-pk"), PER_PAGE).get_page(page)
    so_far = progress.of(user, now=now)
    return PracticePage(
        planned=_planned(list(mine.filter(status=Status.PLANNED).order_by("planned_for", "pk")), today(user, now=now)),
        weeks=_weeks(list(done), ZoneInfo(user.timezone)),
        page=done,
        progress=so_far,
        by_week=bars([(f"{week.starts_on:%-d %b}", week.total_minutes) for week in so_far.weeks]),
        by_category=category_minutes(so_far),
    )


def category_minutes(so_far: Progress) -> tuple[CategoryMinutes, ...]:
    most = max(so_far.minutes.values(), default=0)
    return tuple(
        CategoryMinutes(title=str(Category(name).label), minutes=minutes, share=round(100 * minutes / most))
        for name, minutes in so_far.minutes.items()
    )


def _planned(sessions: Sequence[TrainingSession], day: date) -> tuple[PlannedDay, ...]:
    days = sorted({session.planned_for for session in sessions})
    return tuple(
        PlannedDay(
            day=on,
            is_overdue=on < day,
            is_today=on == day,
            sessions=[session for session in sessions if session.planned_for == on],
        )
        for on in days
    )


def _weeks(sessions: Sequence[TrainingSession], zone: ZoneInfo) -> tuple[DoneWeek, ...]:
    """Sessions by the week, Monday to Sunday, in which they were done or let go, the latest first."""
    by_week: dict[date, list[TrainingSession]] = {}
    for session in sessions:
        by_week.setdefault(_monday(session, zone), []).append(session)
    return tuple(
        DoneWeek(starts_on=start, minutes=sum(session.minutes for session in its), sessions=its)
        for start, its in sorted(by_week.items(), reverse=True)
    )


def _monday(session: TrainingSession, zone: ZoneInfo) -> date:
    day = session.done_at.astimezone(zone).date() if session.done_at else session.planned_for
    return day - timedelta(days=day.weekday())

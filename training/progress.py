"""How practice is going: streaks, minutes, sessions, and whether it helped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from training.measured_effects import Effect, effects_of
from training.models import TrainingSession
from training.sessions import today

if TYPE_CHECKING:
    from accounts.models import User

WEEKS_SHOWN = 8
Status = TrainingSession.Status


@dataclass(frozen=True)
class Week:
    """One week, Monday to Sunday where the person lives."""

    starts_on: date
    minutes: Mapping[str, int]
    """Minutes practised by category; those without any are left out."""
    done: int
    planned: int
    """Still to be done."""
    skipped: int

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True)
class Progress:
    """A person's practice so far."""

    streak: int
    """Days in a row with practice, up to today, or up to yesterday while today has none yet."""
    longest_streak: int
    done: int
    planned: int
    skipped: int
    minutes: Mapping[str, int]
    """Minutes practised by category, the most first."""
    weeks: tuple[Week, ...]
    """The last eight, the oldest first; the last is this week."""
    effects: tuple[Effect, ...]
    """Of each category practised, whether it helped."""

    @property
    def total_minutes(self) -> int:
        return sum(self.minutes.values())


class _Session(NamedTuple):
    category: str
    status: str
    day: date
    """Where the person lives: of the practice, or else what it was planned for."""
    minutes: int


def of(user: User, *, now: datetime) -> Progress:
    """Everything that the progress page tells of a person."""
    sessions, day = _sessions(user), today(user, now=now)
    done = [session for session in sessions if session.status == Status.DONE]
    days = {session.day for session in done}
    counts = Counter(session.status for session in sessions)
    return Progress(
        streak=streak(days, day),
        longest_streak=longest_streak(days),
        done=counts[Status.DONE],
        planned=counts[Status.PLANNED],
        skipped=counts[Status.SKIPPED],
        minutes=_minutes(done),
        weeks=tuple(_week(sessions, start) for start in _mondays(day)),
        effects=effects_of(user, now=now),
    )


def streak(days: Collection[date], day: date) -> int:
    """How many days in a row have practice up to a day; that day itself may still be without."""
    last = day if day in days else day - timedelta(days=1)
    return _run_up_to(last, days)


def longest_streak(days: Collection[date]) -> int:
    ends = [day for day in days if day + timedelta(days=1) not in days]
    return max((_run_up_to(day, days) for day in ends), default=0)


def _run_up_to(last: date, days: Collection[date]) -> int:
    length = 0
    while last - timedelta(days=length) in days:
        length += 1
    return length


def _sessions(user: User) -> list[_Session]:
    zone = ZoneInfo(user.timezone)
    rows = TrainingSession.objects.of(user).values_list("category", "status", "done_at", "planned_for", "minutes")
    return [
        _Session(category, status, done_at.astimezone(zone).date() if done_at else planned_for, minutes)
        for category, status, done_at, planned_for, minutes in rows
    ]


def _minutes(done: Sequence[_Session]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for session in done:
        total[session.category] += session.minutes
    return dict(total.most_common())


def _mondays(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]


def _week(sessions: Sequence[_Session], start: date) -> Week:
    here = [session for session in sessions if start <= session.day < start + timedelta(weeks=1)]
    counts = Counter(session.status for session in here)
    done = [session for session in here if session.status == Status.DONE]
    return Week(start, _minutes(done), counts[Status.DONE], counts[Status.PLANNED], counts[Status.SKIPPED])

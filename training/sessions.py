"""Sessions of practice: planned, done, skipped, or written down afterwards. Only the player writes their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from training.errors import InvalidSession
from training.models import Category, Drill, Recommendation, TrainingPack, TrainingSession

LONGEST_MINUTES = 600
LONGEST_NOTES = 2000
FARTHEST_AHEAD = timedelta(days=366)
FARTHEST_BACK = timedelta(days=366)
Status = TrainingSession.Status


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What is practised: a pack, a drill, what a recommendation names, or else a category in a way of one's own."""

    pack: TrainingPack | None = None
    drill: Drill | None = None
    recommendation: Recommendation | None = None
    category: str = ""


def today(user: User, *, now: datetime | None = None) -> date:
    """The day it is where the person lives."""
    return (now or timezone.now()).astimezone(ZoneInfo(user.timezone)).date()


def plan(user: User, practice: Practice, *, on: date, notes: str = "", now: datetime | None = None) -> TrainingSession:
    """Plan a session for a day, today or within a year; the same thing planned for that day already is that session.

    Raises InvalidSession.
    """
    first = today(user, now=now)
    if not first <= on <= first + FARTHEST_AHEAD:
        raise InvalidSession(f"A session is planned for today ({first:%d %B %Y}) or a day within a year.")
    session = _session(user, practice, notes=notes)
    session.planned_for = on
    with transaction.atomic():
        _one_at_a_time(user)
        same = TrainingSession.objects.of(user).filter(
            status=Status.PLANNED, planned_for=on, pack=session.pack, drill=session.drill, category=session.category
        )
        planned = same.select_related("pack", "drill").first()
        if planned is None:
            session.save()
    return planned or session


def log(
    user: User,
    practice: Practice,
    *,
    minutes: int,
    self_rating: int | None = None,
    notes: str = "",
    done_at: datetime | None = None,
    now: datetime | None = None,
) -> TrainingSession:
    """Write down a session that was not planned. Raises InvalidSession."""
    session = _session(user, practice, notes=notes)
    session.done_at = _moment(done_at, now=now)
    session.minutes, session.self_rating = _minutes(minutes), _self_rating(self_rating)
    session.planned_for = today(user, now=session.done_at)
    session.status = Status.DONE
    session.save()
    return session


def complete(
    session: TrainingSession,
    *,
    minutes: int,
    self_rating: int | None = None,
    notes: str | None = None,
    done_at: datetime | None = None,
    now: datetime | None = None,
) -> TrainingSession:
    """Mark a planned session as done, with how long it took and how it went (1 to 5). Raises InvalidSession."""
    changes = {
        "status": Status.DONE,
        "done_at": _moment(done_at, now=now),
        "minutes": _minutes(minutes),
        "self_rating": _self_rating(self_rating),
        "notes": session.notes if notes is None else _notes(notes),
    }
    return _end(session, changes)


def skip(session: TrainingSession) -> TrainingSession:
    """Let a planned session go. Raises InvalidSession."""
    return _end(session, {"status": Status.SKIPPED})


def remove(session: TrainingSession) -> None:
    """Delete a session that was written down by mistake."""
    session.delete()


def _end(session: TrainingSession, changes: dict[str, object]) -> TrainingSession:
    """Claim a planned session by one conditional UPDATE: of two clicks, the second is told that it is done."""
    claimed = TrainingSession.objects.filter(pk=session.pk, status=Status.PLANNED).update(**changes)
    session.refresh_from_db(fields=["status", "done_at", "minutes", "self_rating", "notes"])
    if not claimed:
        raise InvalidSession(f"This session is {session.get_status_display().lower()} already.")
    return session


def _session(user: User, practice: Practice, *, notes: str) -> TrainingSession:
    """A session of a person, not saved. Raises InvalidSession."""
    told = practice.recommendation
    if told is not None and told.report.user_id != user.pk:
        raise InvalidSession("That recommendation was made for somebody else.")
    pack, drill = practice.pack or (told.pack if told else None), practice.drill or (told.drill if told else None)
    if pack and drill:
        raise InvalidSession("A session is of one thing: choose a pack or a drill.")
    item = pack or drill
    if told is not None and item not in (told.pack, told.drill):
        raise InvalidSession("That recommendation is of something else.")
    if item is not None and not item.is_active:
        raise InvalidSession(f"{item.name} is not offered any more.")
    return TrainingSession(
        user=user,
        pack=pack,
        drill=drill,
        recommendation=told,
        category=_category(practice.category, item),
        notes=_notes(notes),
    )


def _category(asked: str, item: TrainingPack | Drill | None) -> str:
    if item is not None:
        if asked and asked != item.category:
            raise InvalidSession(f"{item.name} trains {Category(item.category).label.lower()}.")
        return item.category
    if asked not in Category.values:
        raise InvalidSession("Say what you practise: a pack, a drill, or a category.")
    return asked


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise InvalidSession(f"A session lasts 1 to {LONGEST_MINUTES} minutes, not {minutes}.")
    return minutes


def _self_rating(rating: int | None) -> int | None:
    if rating is not None and not 1 <= rating <= 5:
        raise InvalidSession(f"How it went is told by 1 (badly) to 5 (well), not {rating}.")
    return rating


def _notes(notes: str) -> str:
    if len(notes) > LONGEST_NOTES:
        raise InvalidSession(f"Notes have up to {LONGEST_NOTES} characters; these have {len(notes)}.")
    return notes


def _moment(done_at: datetime | None, *, now: datetime | None) -> datetime:
    """When it was done: now, unless it is said; not in the future."""
    present = now or timezone.now()
    moment = done_at or present
    if moment > present:
        raise InvalidSession("A session that was done lies in the past.")
    if moment < present - FARTHEST_BACK:
        raise InvalidSession("A session can be written down for up to a year.")
    return moment


def _one_at_a_time(user: User) -> None:
    """Let nobody plan the same thing twice by clicking twice: whoever comes second waits for the first."""
    User.objects.select_for_update().filter(pk=user.pk).values_list("pk").first()

"""Sessions: planned, done, skipped, written down; errors in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from tests.factories import DrillFactory, TrainingPackFactory
from tests.training.recommending.reporting import report_of
from training import sessions
from training.errors import InvalidSession
from training.models import Category, TrainingSession
from training.recommending import recommend
from training.recommending.rating import InvalidRating, rate
from training.sessions import Practice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FREE = Practice(category=Category.ROTATION)


def test_planning_the_same_twice_is_one_session(alice: User) -> None:
    practice = Practice(drill=DrillFactory.create())
    first = sessions.plan(alice, practice, on=TODAY, now=NOW)
    assert sessions.plan(alice, practice, on=TODAY, now=NOW) == first
    assert sessions.plan(alice, practice, on=TODAY + timedelta(days=1), now=NOW) != first


def test_today_is_where_one_lives(alice: User) -> None:
    alice.timezone = "Asia/Tokyo"
    assert sessions.today(alice, now=NOW) == date(2026, 3, 3)
    with pytest.raises(InvalidSession, match="03 March 2026"):
        sessions.plan(alice, FREE, on=TODAY, now=NOW)
    assert sessions.log(alice, FREE, minutes=5, now=NOW).planned_for == date(2026, 3, 3)


def test_a_planned_session_is_done_once(alice: User) -> None:
    session = sessions.plan(alice, FREE, on=TODAY, now=NOW)
    stale = TrainingSession.objects.get(pk=session.pk)
    done = sessions.complete(session, minutes=25, self_rating=4, now=NOW)
    assert (done.status, done.done_at, done.minutes, done.self_rating) == ("done", NOW, 25, 4)
    with pytest.raises(InvalidSession, match="This session is done already"):
        sessions.skip(stale)
    with pytest.raises(InvalidSession, match="This session is done already"):
        sessions.complete(stale, minutes=1, now=NOW)
    assert TrainingSession.objects.get().minutes == 25


def test_a_skipped_session_stays_skipped(alice: User) -> None:
    session = sessions.skip(sessions.plan(alice, FREE, on=TODAY, now=NOW))
    with pytest.raises(InvalidSession, match="skipped already"):
        sessions.complete(session, minutes=5, now=NOW)


def test_a_recommendation_is_followed(alice: User, charlie: User) -> None:
    recommended = recommend(report_of(alice)).recommendations[0]
    session = sessions.log(alice, Practice(recommendation=recommended), minutes=10, now=NOW)
    assert (session.practised, session.category) == (recommended.drill, recommended.category)
    with pytest.raises(InvalidSession, match="somebody else"):
        sessions.log(charlie, Practice(recommendation=recommended), minutes=10, now=NOW)
    with pytest.raises(InvalidSession, match=r"one thing"):
        sessions.log(alice, Practice(recommendation=recommended, pack=TrainingPackFactory.create()), minutes=1, now=NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": 0}, "1 to 600 minutes, not 0"),
        ({"minutes": 601}, "1 to 600 minutes"),
        ({"self_rating": 6}, "1 .badly. to 5"),
        ({"notes": "x" * 2001}, "up to 2000 characters"),
        ({"done_at": NOW + timedelta(minutes=1)}, "lies in the past"),
        ({"done_at": NOW - timedelta(days=400)}, "up to a year"),
    ],
)
def test_what_no_session_can_be_is_refused(alice: User, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidSession, match=words):
        sessions.log(alice, FREE, **{"minutes": 10, "now": NOW, **changes})
    assert not TrainingSession.objects.exists()


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_only_days_to_come_are_planned(alice: User, day: date) -> None:
    with pytest.raises(InvalidSession, match="within a year"):
        sessions.plan(alice, FREE, on=day, now=NOW)


def test_a_session_is_of_one_thing_on_offer(alice: User) -> None:
    pack, drill = TrainingPackFactory.create(), DrillFactory.create(is_active=False)
    with pytest.raises(InvalidSession, match="choose a pack or a drill"):
        sessions.log(alice, Practice(pack=pack, drill=drill), minutes=5, now=NOW)
    with pytest.raises(InvalidSession, match="not offered any more"):
        sessions.log(alice, Practice(drill=drill), minutes=5, now=NOW)
    with pytest.raises(InvalidSession, match="Say what you practise"):
        sessions.log(alice, Practice(), minutes=5, now=NOW)
    with pytest.raises(InvalidSession, match="trains shooting"):
        sessions.log(alice, Practice(pack=pack, category=Category.ROTATION), minutes=5, now=NOW)


def test_a_rating_is_from_one_to_five(alice: User) -> None:
    with pytest.raises(InvalidRating, match="not 6"):
        rate(alice, TrainingPackFactory.create(), 6)

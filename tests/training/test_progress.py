"""Streaks, minutes and weeks, where the person lives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from training import progress
from training.models import Category, TrainingSession

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""
DAY = NOW.date()


def days(*back: int) -> set[date]:
    return {DAY - timedelta(days=each) for each in back}


@pytest.mark.parametrize(
    ("practised", "streak", "longest"),
    [(days(), 0, 0), (days(0), 1, 1), (days(1, 2), 2, 2), (days(0, 1, 3, 4, 5), 2, 3), (days(2, 3), 0, 2)],
)
def test_a_streak_is_of_days_in_a_row(practised: set[date], streak: int, longest: int) -> None:
    assert progress.streak(practised, DAY) == streak
    assert progress.longest_streak(practised) == longest


@given(st.sets(st.integers(0, 40)))
def test_no_streak_is_longer_than_the_longest(back: set[int]) -> None:
    practised = days(*back)
    assert progress.streak(practised, DAY) <= progress.longest_streak(practised) <= len(practised)


def practise(user: User, at: datetime, minutes: int = 20, category: str = Category.ROTATION) -> None:
    TrainingSession.objects.create(
        user=user, category=category, status="done", planned_for=at.date(), done_at=at, minutes=minutes
    )


@pytest.mark.django_db
def test_practice_is_summed_up(
    alice: User, charlie: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    practise(alice, NOW - timedelta(hours=1), 20)
    practise(alice, NOW - timedelta(days=1), 30, Category.SHOOTING)
    practise(alice, NOW - timedelta(days=7), 25)
    practise(charlie, NOW, 90)
    TrainingSession.objects.create(user=alice, category="rotation", planned_for=DAY)
    TrainingSession.objects.create(user=alice, category="rotation", planned_for=DAY, status="skipped")
    with django_assert_max_num_queries(4):
        found = progress.of(alice, now=NOW)
    assert (found.streak, found.longest_streak) == (2, 2)
    assert (found.done, found.planned, found.skipped, found.total_minutes) == (3, 1, 1, 75)
    assert list(found.minutes.items()) == [("rotation", 45), ("shooting", 30)]
    assert len(found.weeks) == 8
    last = found.weeks[-1]
    assert (last.starts_on, last.done, last.planned, last.skipped, last.total_minutes) == (
        date(2026, 3, 2),
        2,
        1,
        1,
        50,
    )
    assert found.weeks[-2].minutes == {"rotation": 25}
    assert found.effects == ()


@pytest.mark.django_db
def test_a_day_begins_where_one_lives(alice: User) -> None:
    alice.timezone = "America/Los_Angeles"
    practise(alice, datetime(2026, 3, 4, 2, tzinfo=UTC))
    practise(alice, datetime(2026, 3, 3, 2, tzinfo=UTC))
    found = progress.of(alice, now=datetime(2026, 3, 5, 2, tzinfo=UTC))
    assert found.streak == 2, "it is still the 4th there, and the last two were on the 2nd and 3rd"

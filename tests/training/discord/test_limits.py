"""So often in a window, and then again in the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from training.discord.errors import TooOften
from training.discord.limits import count

WINDOW = timedelta(minutes=10)


def test_a_window_begins_with_the_first_time_and_ends() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        count("x", 1, at_most=2, within=WINDOW)
        clock.shift(timedelta(minutes=9))
        count("x", 1, at_most=2, within=WINDOW)
        with pytest.raises(TooOften, match="2 times in 10 minutes"):
            count("x", 1, at_most=2, within=WINDOW)
        clock.shift(timedelta(minutes=1, seconds=1))
        count("x", 1, at_most=2, within=WINDOW)


def test_everybody_and_everything_is_counted_apart() -> None:
    for kind, who in (("x", 1), ("x", 2), ("y", 1)):
        count(kind, who, at_most=1, within=WINDOW)
        with pytest.raises(TooOften):
            count(kind, who, at_most=1, within=WINDOW)


def test_without_a_cache_nothing_is_refused(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    for _ in range(3):
        count("x", 1, at_most=1, within=WINDOW)

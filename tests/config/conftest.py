"""Counters of rate limits live in the cache: each test starts with its own, empty one."""

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture
def own_cache(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"}}
    cache.clear()

"""Counters of rate limits live in the cache: each test starts with its own, empty one."""

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User


@pytest.fixture
def own_cache(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"}}
    cache.clear()


@pytest.fixture
def api(charlie: User, own_cache: None) -> APIClient:
    client = APIClient()
    client.force_authenticate(charlie)
    return client

"""System checks have an id, and a hint that says what to do."""

from collections import namedtuple

import pytest
from pytest_django import Settings

from config import checks

Usage = namedtuple("Usage", ["total", "used", "free"])


def test_a_short_signing_key_is_an_error_in_production(settings: Settings) -> None:
    settings.DEBUG = False
    settings.ARTIFACT_SIGNING_KEYS = ["x" * 50, "short"]
    (message,) = checks.signing_keys_are_long(None)
    assert (message.id, message.level) == ("touchline.E001", 40)
    assert "token_urlsafe" in str(message.hint)


def test_long_signing_keys_pass(settings: Settings) -> None:
    settings.DEBUG = False
    settings.ARTIFACT_SIGNING_KEYS = ["x" * 50]
    assert checks.signing_keys_are_long(None) == []


def test_a_cache_per_process_is_a_warning_in_production(settings: Settings) -> None:
    settings.DEBUG = False
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    (message,) = checks.cache_is_shared(None)
    assert message.id == "touchline.W001"
    assert "CACHE_URL" in str(message.hint)


def test_a_shared_cache_passes(settings: Settings) -> None:
    settings.DEBUG = False
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert checks.cache_is_shared(None) == []


@pytest.mark.parametrize(("free", "ids"), [(10, ["touchline.W002"]), (10**12, [])])
def test_a_full_disk_is_a_warning(monkeypatch: pytest.MonkeyPatch, free: int, ids: list[str]) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(2 * free, free, free))
    assert [message.id for message in checks.there_is_room(None)] == ids


@pytest.mark.parametrize(("token", "ids"), [("", ["touchline.W003"]), ("t", [])])
def test_metrics_without_a_token_are_a_warning_on_deployment(settings: Settings, token: str, ids: list[str]) -> None:
    settings.METRICS_TOKEN = token
    assert [message.id for message in checks.metrics_have_a_token(None)] == ids

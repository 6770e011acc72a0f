"""System checks of the installation: each with an id, and a hint that says what to do."""

import shutil
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name for it

FREE_BYTES_WANTED = 500 * 1024 * 1024
SHORTEST_KEY = 32


@register()
def signing_keys_are_long(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """touchline.E001: an artifact is unpickled once its signature is right, so the key must not be guessable."""
    if settings.DEBUG or all(len(key) >= SHORTEST_KEY for key in settings.ARTIFACT_SIGNING_KEYS):
        return []
    hint = "Make one with `python -c 'import secrets; print(secrets.token_urlsafe(50))'` and sign again with it first."
    message = f"A key in ARTIFACT_SIGNING_KEYS is shorter than {SHORTEST_KEY} characters."
    return [Error(message, hint=hint, id="touchline.E001")]


@register(Tags.caches)
def cache_is_shared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """touchline.W001: rate limits are counted in the cache; counted per process they limit less."""
    if settings.DEBUG or "locmem" not in settings.CACHES["default"]["BACKEND"]:
        return []
    hint = "Set CACHE_URL=redis://… when more than one web process runs."
    message = "The cache is each process's own, so rate limits hold per process only."
    return [Warning(message, hint=hint, id="touchline.W001")]


@register(Tags.files)
def there_is_room(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """touchline.W002: a full disk loses data sets and artifacts half-way."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free >= FREE_BYTES_WANTED:
        return []
    hint = "Make room, or point DATA_DIR at a larger disk."
    return [Warning(f"Only {free // 2**20} MB are free in {settings.DATA_DIR}.", hint=hint, id="touchline.W002")]


@register(Tags.security, deploy=True)
def metrics_have_a_token(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """touchline.W003: a scraper can't sign in."""
    if settings.METRICS_TOKEN:
        return []
    hint = "Set METRICS_TOKEN and give it to the scraper as `Authorization: Bearer …`."
    return [Warning("/metrics is open to signed-in staff only.", hint=hint, id="touchline.W003")]

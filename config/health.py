"""Whether this process lives, and whether what it needs answers. Says nothing else to strangers."""

import os
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = structlog.get_logger(__name__)


class NotReady(Exception):
    """A service that Touchline needs does not do its work."""


def database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def cache_keeps() -> None:
    token = secrets.token_hex(8)
    cache.set("health", token, timeout=10)
    if cache.get("health") is None:
        raise NotReady("the cache forgot what it was told")


def broker_takes_messages() -> None:
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        from config.celery import app

        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    elif not os.access(settings.BROKER_DIR / "messages", os.W_OK):
        raise NotReady("the folder of messages can't be written to")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "cache": cache_keeps,
    "broker": broker_takes_messages,
}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Restart it when this does not."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work. Send it no requests while this is 503."""
    results: dict[str, Any] = {name: _state(name, check) for name, check in CHECKS.items()}
    fine = all(state == "ok" for state in results.values())
    return JsonResponse({"status": "ok" if fine else "unavailable", "checks": results}, status=200 if fine else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # whatever a driver raises, the answer is "not ready"
        logger.warning("not_ready", check=name, error=repr(error))
        return "unavailable"
    return "ok"

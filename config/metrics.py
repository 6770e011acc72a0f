"""Figures for Prometheus: requests by route and status, and how long they took."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from config.environment import text
from predictions.models import Alert, AlertDelivery

logger = structlog.get_logger(__name__)

REQUESTS = Counter("touchline_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "touchline_request_seconds", "Time from request to answer.", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip


class MetricsMiddleware:
    """Count each request under its route, never under its path: paths have no end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "unknown"
        method = request.method if request.method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For signed-in staff, and for a scraper that carries METRICS_TOKEN."""
    if not (request.user.is_authenticated and request.user.is_staff) and not _carries_token(request):
        raise PermissionDenied
    registry = REGISTRY
    if text("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # published without types
    content = generate_latest(registry) + generate_latest(_alert_figures())
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _alert_figures() -> CollectorRegistry:
    """Counted in the database at each scrape: they are the site's, not this process's. Left out while it is down."""
    registry = CollectorRegistry()
    try:
        _count_alerts(registry)
    except DatabaseError:
        logger.exception("alerts_not_counted")
    return registry


def _count_alerts(registry: CollectorRegistry) -> None:
    alerts = Gauge("touchline_alerts", "Alerts that wait for somebody.", ["severity"], registry=registry)
    messages = Gauge(
        "touchline_alert_messages", "Messages about alerts that were not taken yet.", ["status"], registry=registry
    )
    for severity, count in Alert.objects.waiting().order_by().values_list("severity").annotate(Count("pk")):
        alerts.labels(severity).set(count)
    not_taken = AlertDelivery.objects.exclude(status=AlertDelivery.Status.SENT).order_by()
    for status, count in not_taken.values_list("status").annotate(Count("pk")):
        messages.labels(status).set(count)


def _carries_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known: str = settings.METRICS_TOKEN
    return bool(known) and scheme == "Bearer" and secrets.compare_digest(token.encode(), known.encode())

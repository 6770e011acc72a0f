"""Figures for Prometheus: requests by route and status, and how long they took."""

import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from config.environment import text

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
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _carries_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known: str = settings.METRICS_TOKEN
    return bool(known) and scheme == "Bearer" and secrets.compare_digest(token.encode(), known.encode())

"""What happens around every page."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.errors import DomainError, logger, page_error

GetResponse = Callable[[HttpRequest], HttpResponse]


class VisitorTimezoneMiddleware:
    """Show times in the zone that the person chose in their settings; UTC for everybody else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Signing in by session only: the API speaks UTC.
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.timezone)):
            return self.get_response(request)


class DomainErrorMiddleware:
    """Turn a domain error that a page view let through into a page in the same words as the API's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        known: Any = error
        if known.status >= 500:
            logger.error("domain_error", code=known.code, message=str(error))
        return page_error(request, status=known.status, code=known.code, message=str(error))

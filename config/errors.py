"""One shape and the same words for every error, on pages and in the API."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error as default_server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from accounts.api.errors import error_body
from accounts.errors import AccountError
from matches.errors import MatchDataError
from mlmodels.errors import ModelError
from predictions.errors import PredictionError
from training.errors import TrainingError

DomainError = (AccountError, MatchDataError, ModelError, PredictionError, TrainingError)
logger = structlog.get_logger(__name__)


def api_exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer `{"code", "message", "detail"?}` to every error that is the caller's or the domain's to know."""
    if isinstance(error, DomainError):
        return _domain_response(error)
    if isinstance(error, SuspiciousOperation):
        return _refused_request(error)
    response = rest_exception_handler(error, dict(context))
    if response is not None:
        response.data = _api_body(error, response.data)
    return response


def _domain_response(error: Any) -> Response:
    if error.status >= 500:
        logger.error("domain_error", code=error.code, message=str(error))
    return Response(error_body(error), status=error.status)


def _refused_request(error: SuspiciousOperation) -> Response:
    """What Django refuses to read: too many bytes, too many fields, a malformed header."""
    if isinstance(error, RequestDataTooBig):
        most = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB"
        return Response({"code": "too_big", "message": f"What you sent is too big: {most} at most."}, status=413)
    return Response({"code": "bad_request", "message": "This request can't be read."}, status=400)


def _api_body(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"code": "invalid", "message": f"Some of what you sent can't be used{_named(data)}.", "detail": data}
    if isinstance(error, Http404):
        return {"code": "not_found", "message": "There is nothing here."}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "message": "You may not do this."}
    detail = getattr(error, "detail", "")
    code = getattr(detail, "code", None) or getattr(error, "default_code", "error")
    return {"code": str(code), "message": str(detail)}


def _named(complaints: Any) -> str:
    """Which fields, or which entries of a list (counted from 0), the complaints are about."""
    return f": {', '.join(str(key) for key in complaints)}" if isinstance(complaints, dict) else ""


def page_error(request: HttpRequest, *, status: int, code: str, message: str) -> HttpResponse:
    """The error as a page, or as a fragment that htmx puts into the page the person is on."""
    fragment = bool(getattr(request, "htmx", False))
    template = "partials/error.html" if fragment else "error.html"
    return render(request, template, {"status": status, "code": code, "message": message}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """A 500 that nobody foresaw, as JSON to programs and as a page to people. The log has the rest."""
    if not request.path.startswith("/api/"):
        return default_server_error(request)
    message = "Something went wrong here, not in what you sent. It was noted; try again later."
    return JsonResponse({"code": "server_error", "message": message}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page_error(
        request,
        status=403,
        code="csrf_failed",
        message="This form was open for too long, or came from another site. Go back, reload the page and try again.",
    )

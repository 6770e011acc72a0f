"""What every app's schema says of errors and examples; here, because every app may import accounts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from accounts.api.serializers import ProfileSerializer


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error of the API."""

    code = serializers.CharField(help_text="For programs.")
    message = serializers.CharField(help_text="For people.")
    detail = serializers.JSONField(
        required=False,
        help_text="Complaints by the name of the field, or by the number of the entry of a list, counted from 0; "
        "only where input was refused.",
    )


def example(value: Any, name: str = "Example") -> OpenApiExample:
    """An answer as it was seen; of a list, one entry."""
    return OpenApiExample(name, value, response_only=True, status_codes=["200", "201", "202"])


def example_request(value: Any, name: str = "Example") -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


def error(description: str, code: str, message: str, detail: Any = None) -> OpenApiResponse:
    """An error answer, described, with an example."""
    body = {"code": code, "message": message, **({"detail": detail} if detail else {})}
    return OpenApiResponse(ErrorSerializer, description, examples=[OpenApiExample(code, body, response_only=True)])


def invalid(field: str, complaint: str) -> OpenApiResponse:
    """A 400 with one field's complaint as its example."""
    words = f"Some of what you sent can't be used: {field}."
    return error("Input that can't be used; `detail` names the fields.", "invalid", words, {field: [complaint]})


NOT_SIGNED_IN = error(
    "Not signed in, or with a token that is not good any more.",
    "not_authenticated",
    "Authentication credentials were not provided.",
)
NOT_STAFF = error("Only staff may do this.", "permission_denied", "You do not have permission to perform this action.")
THROTTLED = error(
    "Too many requests; `Retry-After` says how many seconds to wait.",
    "throttled",
    "Request was throttled. Expected available in 37 seconds.",
)
FOR_MEMBERS = {401: NOT_SIGNED_IN, 429: THROTTLED}
FOR_STAFF = {401: NOT_SIGNED_IN, 403: NOT_STAFF, 429: THROTTLED}

_ME = {
    "email": "alice@example.org",
    "display_name": "Alice",
    "timezone": "Europe/London",
    "odds_format": "decimal",
    "is_staff": False,
    "is_adult_confirmed": True,
}
ME: dict[str, Any] = {
    "tags": ["account"],
    "operation_id": "me",
    "summary": "Who you are",
    "responses": {200: ProfileSerializer, **FOR_MEMBERS},
    "examples": [example(_ME)],
}
CHANGE_ME: dict[str, Any] = {
    "tags": ["account"],
    "operation_id": "me_change",
    "summary": "Change how you like to see things",
    "description": "Only the fields that you send change; e-mail address, role and consents can't be changed here.",
    "responses": {
        200: ProfileSerializer,
        400: invalid("timezone", "Mars/Base is not a time zone that Touchline knows, such as Europe/London."),
        **FOR_MEMBERS,
    },
    "examples": [example_request({"timezone": "Europe/London"}), example(_ME)],
}

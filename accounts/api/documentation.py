"""What every app's schema says of errors; here, because every app may import accounts."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error of the API."""

    code = serializers.CharField(help_text="For programs.")
    message = serializers.CharField(help_text="For people.")
    detail = serializers.JSONField(
        required=False, help_text="Complaints by the name of the field, where input was refused."
    )


def error(description: str) -> OpenApiResponse:
    """An error answer, described."""
    return OpenApiResponse(ErrorSerializer, description)


INVALID = error("Input that can't be used; `detail` names the fields.")
NOT_SIGNED_IN = error("Not signed in, or with a token that is not good any more.")
NOT_STAFF = error("Only staff may do this.")
THROTTLED = error("Too many requests; `Retry-After` says how many seconds to wait.")
FOR_MEMBERS = {401: NOT_SIGNED_IN, 429: THROTTLED}
FOR_STAFF = {401: NOT_SIGNED_IN, 403: NOT_STAFF, 429: THROTTLED}

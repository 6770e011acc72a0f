"""What the schema says of the evaluation log: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes

from accounts.api.documentation import FOR_STAFF, error, example
from predictions.api.evaluation_log.serializers import LoggedDaySerializer

TAGS = ["predictions"]
GONE = error("No such day", "not_found", "No LoggedDay matches the given query.")
_DAY = {
    "day": "2026-11-20",
    "state": "current",
    "rows": 112,
    "size": 41873,
    "sha256": "9d1e…",
    "through_sequence": 4711,
    "written_at": "2026-11-20T23:05:00Z",
}

LIST: dict[str, Any] = {
    "summary": "Days of the evaluation log",
    "tags": TAGS,
    "responses": {200: LoggedDaySerializer(many=True), **FOR_STAFF},
    "examples": [example(_DAY)],
}
FILE: dict[str, Any] = {
    "summary": "A day's file",
    "tags": TAGS,
    "responses": {(200, "text/csv"): OpenApiTypes.STR, **FOR_STAFF, 404: GONE},
}

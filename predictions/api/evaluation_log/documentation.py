"""What the schema says of the evaluation log: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample

from accounts.api.documentation import FOR_STAFF, error, example, invalid
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

_CSV = """event_id,sequence,made_at,problem,model,subject,event_at,prediction,confidence,…
0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10,4711,2026-11-20T09:12:44.120000+00:00,football-outcome,\
dixon-coles-20261101-043012,"{""match"":4211}",2026-11-21T15:00:00.000000+00:00,home,0.516,…
"""

LIST: dict[str, Any] = {
    "summary": "Days of the evaluation log",
    "tags": TAGS,
    "responses": {
        200: LoggedDaySerializer(many=True),
        400: invalid("page_size", "Write a whole number from 1 to 200."),
        **FOR_STAFF,
    },
    "examples": [example(_DAY)],
}
FILE: dict[str, Any] = {
    "summary": "A day's file",
    "tags": TAGS,
    "responses": {(200, "text/csv"): OpenApiTypes.STR, **FOR_STAFF, 404: GONE},
    "examples": [OpenApiExample("A file", _CSV, response_only=True, media_type="text/csv", status_codes=["200"])],
}

"""What the schema says of `/api/replays/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from accounts.api.documentation import FOR_MEMBERS, error, example, invalid
from matches.api.replays import serializers

TAGS = ["replays"]
NOT_FOUND = error("No such replay, or none that you may see.", "not_found", "There is nothing here.")
NOT_YOURS = error("No such replay of yours.", "not_found", "There is nothing here.")

_ID = "1f0c8a5e-6a0d-4f6e-9b0a-0b9a6c1c2d3e"
_REPLAY = {
    "id": _ID,
    "filename": "0A1B2C3D4E5F.replay",
    "status": "processed",
    "reason_code": "",
    "reason": "",
    "source": "api",
    "is_simulated": False,
    "received_at": "2026-03-10T20:15:02Z",
    "processed_at": "2026-03-10T20:15:07Z",
    "played_at": "2026-03-10T19:42:11Z",
    "playlist": "ranked-doubles",
    "team_size": 2,
    "map_code": "cs_p",
    "duration": 331.4,
    "is_overtime": True,
    "blue_goals": 3,
    "orange_goals": 2,
}
_FAILED = {
    **_REPLAY,
    "status": "failed",
    "reason_code": "truncated",
    "reason": "The file ends too early: part of it is missing. Copy or upload it again, whole.",
    "played_at": None,
    "playlist": "",
    "team_size": 0,
    "map_code": "",
    "duration": 0.0,
    "is_overtime": False,
    "blue_goals": 0,
    "orange_goals": 0,
}
_PLAYER = {
    "side": "blue",
    "name": "Alice",
    "platform": "steam",
    "platform_id": "76561198000000001",
    "is_bot": False,
    "is_short": False,
    "seconds": 331.4,
    "won": True,
    "rank_group": "",
    "rank_tier": "",
    "statistics": {"core_goals": 2.0, "core_shots": 5.0, "boost_bpm": 391.2, "movement_avg_speed": 1498.6},
}
_RECEIVED = {"id": _ID, "filename": "0A1B2C3D4E5F.replay", "status": "queued", "outcome": "new", "reason": ""}

LIST: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "replays",
    "summary": "List replays",
    "parameters": [
        OpenApiParameter(
            "user", int, description="For coaches and staff: the player whose replays; left out, your own."
        )
    ],
    "responses": {
        200: serializers.ReplaySerializer(many=True),
        400: invalid("status", "Select a valid choice. lost is not one of the available choices."),
        **FOR_MEMBERS,
        404: error("No such player, or none who lets you coach them.", "not_found", "There is nothing here."),
    },
    "examples": [example(_REPLAY)],
}
UPLOAD: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "replays_upload",
    "summary": "Bring replays in",
    "description": (
        "Bring in one or several replays; each is read in the background, once, whoever brings it. Follow them by "
        "their ids. A recording that turns out to be of a match that is here already is joined with it: its own id "
        "is then gone, and the match is in your list. A file that is no replay is a failed one, with its reason. A "
        "file of more than 20 MB, or 64 MB at once (or what the server is set to), is refused before it was read whole."
    ),
    "request": {"multipart/form-data": serializers.UploadSerializer},
    "responses": {
        202: serializers.ReceivedSerializer(many=True),
        400: invalid("file", "Attach one or several replays as multipart form data, each as `file`."),
        **FOR_MEMBERS,
        413: error(
            "A file, or all of them together, are too large; nothing was taken in.",
            "file_too_large",
            "demo.replay has more than the 20 MB that a file may have.",
        ),
    },
    "examples": [
        OpenApiExample("One file", {"file": ["(binary)"]}, request_only=True, media_type="multipart/form-data"),
        example(_RECEIVED),
    ],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "replay",
    "summary": "Show a replay, and what was counted",
    "responses": {200: serializers.ReplayDetailSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [
        example({**_REPLAY, "extraction_version": 1, "parse_seconds": 4.1, "players": [_PLAYER]}, "Read"),
        example({**_FAILED, "extraction_version": 1, "parse_seconds": None, "players": []}, "Could not be read"),
    ],
}
DELETE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "replay_delete",
    "summary": "Give a replay up",
    "responses": {204: None, **FOR_MEMBERS, 404: NOT_YOURS},
}
RETRY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "replay_retry",
    "summary": "Try a failed replay again",
    "request": None,
    "responses": {
        202: serializers.ReplaySerializer,
        **FOR_MEMBERS,
        404: NOT_YOURS,
        409: error("It has not failed.", "invalid_state", "Only a replay that could not be read can be tried again."),
    },
    "examples": [example({**_FAILED, "status": "queued", "reason_code": "", "reason": ""})],
}

"""What the schema says of `/api/model/*` and `/api/tasks/*`: parameters, answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from accounts.api.documentation import FOR_MEMBERS, FOR_STAFF, INVALID, error
from mlmodels.api import serializers

PROBLEM = OpenApiParameter(
    "problem", OpenApiTypes.STR, description="Slug of the problem; left out, the first by slug of those installed."
)
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 20}, description="How many at most."
)


UNKNOWN_PROBLEM = error("No such problem.")

MODELS, TASKS = ["model"], ["tasks"]
_ID = "6a1f3c58-0c1e-4b8f-9a55-0d4f2f2a7a11"
_QUEUED = {"taskId": _ID, "status": "queued", "message": "Waiting for a worker"}
_DONE = {
    "taskId": _ID,
    "status": "completed",
    "progress": 100,
    "phase": "saving",
    "message": "Trained dixon-coles-20240601-101502",
    "result": {
        "modelId": 12,
        "version": "dixon-coles-20240601-101502",
        "metrics": {"brierScore": 0.5874, "logLoss": 0.9861, "drawAccuracy": 0.01, "rmse": 0.4425},
    },
    "error": None,
    "startedAt": "2024-06-01T10:14:20Z",
    "completedAt": "2024-06-01T10:15:02Z",
}
_REQUEST = {
    "modelType": "dixon-coles",
    "leagues": ["E0", "D1"],
    "seasons": ["2223", "2324"],
    "dateFrom": "2022-08-01",
    "dateTo": None,
}


def _example(value: Any, *, request: bool = False) -> list[OpenApiExample]:
    return [OpenApiExample("Example", value, request_only=request, response_only=not request)]


STATUS: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_status",
    "parameters": [PROBLEM],
    "responses": {200: serializers.StatusSerializer, **FOR_MEMBERS, 404: UNKNOWN_PROBLEM},
}
LEAGUES: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_leagues",
    "parameters": [PROBLEM],
    "responses": {200: serializers.LeagueSerializer(many=True), **FOR_MEMBERS, 404: UNKNOWN_PROBLEM},
}
TRAIN: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_train",
    "request": serializers.TrainSerializer,
    "responses": {
        202: serializers.QueuedSerializer,
        400: INVALID,
        **FOR_STAFF,
        422: error("Too few finished matches are selected."),
        429: error("Too many trainings asked for in an hour."),
    },
    "examples": [*_example(_REQUEST, request=True), *_example(_QUEUED)],
}
VERSIONS: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_versions",
    "parameters": [PROBLEM],
    "responses": {200: serializers.VersionSerializer(many=True), **FOR_STAFF, 404: UNKNOWN_PROBLEM},
}
HISTORY: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_training_history",
    "parameters": [PROBLEM, LIMIT],
    "responses": {
        200: serializers.HistorySerializer(many=True),
        400: INVALID,
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
    },
}
TASK: dict[str, Any] = {
    "tags": TASKS,
    "operation_id": "task",
    "responses": {200: serializers.TaskSerializer, **FOR_STAFF, 404: error("No such task.")},
    "examples": _example(_DONE),
}
CANCEL: dict[str, Any] = {
    "tags": TASKS,
    "operation_id": "task_cancel",
    "request": None,
    "responses": {
        200: serializers.TaskSerializer,
        **FOR_STAFF,
        404: error("No such task."),
        409: error("The task has ended."),
    },
}
PROMOTE: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_promote",
    "request": serializers.DecisionSerializer,
    "responses": {
        200: serializers.VersionSerializer,
        400: INVALID,
        **FOR_STAFF,
        404: error("No such version."),
        409: error("The version is champion already."),
        500: error("The version's artifact can't be trusted or read; the champion stays."),
    },
}
ROLL_BACK: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_roll_back",
    "request": serializers.RollBackSerializer,
    "responses": {
        200: serializers.VersionSerializer,
        400: INVALID,
        **FOR_STAFF,
        409: error("There is no champion to go back to."),
    },
}

"""What the schema says of `/api/model/*` and `/api/tasks/*`: parameters, answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from accounts.api.documentation import FOR_MEMBERS, FOR_STAFF, error, example, example_request, invalid
from mlmodels.api import serializers

PROBLEM = OpenApiParameter(
    "problem", OpenApiTypes.STR, description="Slug of the problem; left out, the first by slug of those installed."
)
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 20}, description="How many at most."
)


UNKNOWN_PROBLEM = error(
    "No such problem.", "unknown_problem", "There is no problem 'weather': known are football-outcome."
)
UNKNOWN_TASK = error("No such task.", "not_found", "There is nothing here.")
WRONG_REASON = invalid("reason", "Ensure this field has no more than 300 characters.")

MODELS, TASKS = ["model"], ["tasks"]
_ID = "6a1f3c58-0c1e-4b8f-9a55-0d4f2f2a7a11"
_NAME = "dixon-coles-20240601-101502"
_FIGURES = {"brierScore": 0.5874, "logLoss": 0.9861, "drawAccuracy": 0.01, "rmse": 0.4425}
_QUEUED = {"taskId": _ID, "status": "queued", "message": "Waiting for a worker"}
_DONE = {
    "taskId": _ID,
    "status": "completed",
    "progress": 100,
    "phase": "saving",
    "message": "Done",
    "result": {"modelId": 12, "version": _NAME, "metrics": _FIGURES},
    "error": None,
    "startedAt": "2024-06-01T10:14:20Z",
    "completedAt": "2024-06-01T10:15:02Z",
}
_RUNNING = {
    **_DONE,
    "status": "running",
    "progress": 28,
    "phase": "loading",
    "message": "Walked through football until February 2023",
    "result": None,
    "completedAt": None,
}
_FAILED = {
    **_RUNNING,
    "status": "failed",
    "message": "Failed",
    "error": "The worker web-1 stopped answering (attempt 3 of 3). "
    "Look at the worker's memory and log, then retry the run.",
    "completedAt": "2024-06-01T10:15:02Z",
}
_CANCELLED = {**_RUNNING, "status": "cancelled", "message": "Cancelled", "completedAt": "2024-06-01T10:15:02Z"}
_REQUEST = {
    "modelType": "dixon-coles",
    "leagues": ["E0", "D1"],
    "seasons": ["2223", "2324"],
    "dateFrom": "2022-08-01",
    "dateTo": None,
}
_TUNED = {
    **_REQUEST,
    "modelType": "gbm",
    "tuning": {"trials": 30, "seconds": 1800},
    "featureSelection": {"method": "importance", "keep": 40},
}
_ASKED = {
    "problem": "football-outcome",
    **_REQUEST,
    "trigger": "person",
    "matches": 1372,
    "tuning": {"trials": 30},
    "featureSelection": {},
    "createdAt": "2024-06-01T10:14:19Z",
}
_VERSION = {
    "id": 12,
    "version": _NAME,
    "problem": "football-outcome",
    "modelType": "dixon-coles",
    "role": "champion",
    "metrics": _FIGURES,
    "evaluation": {"n": 206, "rps": 0.1998, "log_loss": 0.9861, "brier": 0.5874, "accuracy": 0.524, "ece": 0.021},
    "leagues": ["E0", "D1"],
    "seasons": ["2223", "2324"],
    "matches": 1372,
    "hyperParameters": {"half_life_days": 412.6},
    "tuning": {"trials": 30, "pruned": 11, "best_value": 0.1991, "usual_value": 0.1994, "metric": "rps"},
    "featureSelection": {},
    "chosenFeatures": [],
    "trainedAt": "2024-06-01T10:15:02Z",
    "taskId": _ID,
    "notes": "",
}
_PORTRAIT = {
    "interval": {"metric": "rps", "value": 0.1998, "low": 0.1871, "high": 0.2126},
    "differences": {"market-close": {"metric": "rps", "value": 0.0016, "low": -0.0012, "high": 0.0045}},
    "reliability": [{"low": 0.2, "high": 0.3, "count": 301, "mean_probability": 0.257, "frequency": 0.249}],
    "confusion": {"labels": ["home", "draw", "away"], "counts": [[74, 0, 19], [31, 0, 21], [24, 0, 37]]},
    "overTime": {
        "metric": "rps",
        "unit": "month",
        "periods": [{"from": "2024-03-01", "n": 41, "model": 0.1961, "market-close": 0.1943}],
    },
    "learningCurve": None,
    "importances": {"rows": 500, "features": [["home_attack", 0.41], ["away_attack", 0.38]]},
}
_REASON = {"reason": "Better calibrated on the same matches"}


STATUS: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_status",
    "summary": "Show the model in service",
    "parameters": [PROBLEM],
    "responses": {200: serializers.StatusSerializer, **FOR_MEMBERS, 404: UNKNOWN_PROBLEM},
    "examples": [
        example(
            {
                "problem": "football-outcome",
                "champion": _VERSION,
                "isTraining": True,
                "training": _RUNNING,
                "lastTrainedAt": "2024-06-01T10:15:02Z",
                "metrics": _FIGURES,
            }
        )
    ],
}
LEAGUES: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_leagues",
    "summary": "List leagues to train on",
    "parameters": [PROBLEM],
    "responses": {200: serializers.LeagueSerializer(many=True), **FOR_MEMBERS, 404: UNKNOWN_PROBLEM},
    "examples": [
        example(
            {"code": "E0", "name": "Premier League", "country": "England", "matches": 760, "seasons": ["2324", "2223"]}
        )
    ],
}
TRAIN: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_train",
    "summary": "Train a model",
    "request": serializers.TrainSerializer,
    "responses": {
        202: serializers.QueuedSerializer,
        400: invalid("leagues", "Nothing finished is known of XX."),
        **FOR_STAFF,
        422: error(
            "Too few finished matches are selected, or tuning or the choice of features makes no sense "
            "(`invalid_tuning`, `invalid_feature_selection`).",
            "too_little_data",
            "The selection (E0; seasons 2324; to 12 August 2023) has 1 finished rows; at least 100 are needed: "
            "choose more competitions or seasons, or a longer period.",
        ),
    },
    "examples": [example_request(_REQUEST), example_request(_TUNED, "Tuned"), example(_QUEUED)],
}
VERSIONS: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_versions",
    "summary": "List trained versions",
    "parameters": [PROBLEM],
    "responses": {
        200: serializers.VersionSerializer(many=True),
        400: invalid("role", "Select a valid choice. emperor is not one of the available choices."),
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
    },
    "examples": [example(_VERSION)],
}
VERSION: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_version",
    "summary": "Show a version",
    "responses": {
        200: serializers.VersionDetailSerializer,
        **FOR_STAFF,
        404: error("No such version.", "not_found", "There is nothing here."),
    },
    "examples": [example({**_VERSION, **_PORTRAIT})],
}
HISTORY: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_training_history",
    "summary": "List training runs",
    "parameters": [PROBLEM, LIMIT],
    "responses": {
        200: serializers.HistorySerializer(many=True),
        400: invalid("limit", "Ensure this value is less than or equal to 200."),
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
    },
    "examples": [example({**_DONE, **_ASKED})],
}
TASK: dict[str, Any] = {
    "tags": TASKS,
    "operation_id": "task",
    "summary": "Follow a training run",
    "responses": {200: serializers.TaskSerializer, **FOR_STAFF, 404: UNKNOWN_TASK},
    "examples": [example(_RUNNING, "Running"), example(_DONE, "Completed"), example(_FAILED, "Failed")],
}
CANCEL: dict[str, Any] = {
    "tags": TASKS,
    "operation_id": "task_cancel",
    "summary": "Cancel a training run",
    "request": None,
    "responses": {
        200: serializers.TaskSerializer,
        **FOR_STAFF,
        404: UNKNOWN_TASK,
        409: error(
            "The task has ended.", "invalid_state", "The run has completed already: there is nothing to cancel."
        ),
    },
    "examples": [example(_CANCELLED)],
}
PROMOTE: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_promote",
    "summary": "Promote a version",
    "request": serializers.DecisionSerializer,
    "responses": {
        200: serializers.VersionSerializer,
        400: WRONG_REASON,
        **FOR_STAFF,
        404: error("No such version.", "not_found", "There is nothing here."),
        409: error("The version is champion already.", "invalid_state", f"{_NAME} is champion already."),
        500: error(
            "The version's artifact can't be trusted or read; the champion stays.",
            "artifact_error",
            f"The signature of {_NAME}.model is wrong: it was changed, or signed with a key not known here.",
        ),
    },
    "examples": [example_request(_REASON), example(_VERSION)],
}
ROLL_BACK: dict[str, Any] = {
    "tags": MODELS,
    "operation_id": "model_roll_back",
    "summary": "Roll back to the champion before",
    "request": serializers.RollBackSerializer,
    "responses": {
        200: serializers.VersionSerializer,
        400: WRONG_REASON,
        **FOR_STAFF,
        409: error(
            "There is no champion to go back to.",
            "invalid_state",
            f"{_NAME} replaced no other champion: there is nothing to roll back to.",
        ),
    },
    "examples": [
        example_request({"problem": "football-outcome", "reason": "Worse on the last round"}),
        example(_VERSION),
    ],
}

"""What the schema says of `/api/experiments/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_STAFF, error, example, example_request, invalid
from predictions.api.experiments import serializers

TAGS = ["experiments"]

_ARMS = [
    {"name": "control", "version": "dixon-coles-20240601-101502", "share": "0.5000", "is_control": True},
    {"name": "boosted", "version": "gbm-20240608-091210", "share": "0.5000", "is_control": False},
]
_DRAFT = {
    "id": 3,
    "problem": "football-outcome",
    "name": "Boosting for half of us",
    "unit": "user",
    "status": "draft",
    "state": "Draft",
    "starts_at": None,
    "ends_at": "2024-12-01T00:00:00Z",
    "stopped_at": None,
    "stop_reason": "",
    "created_at": "2024-06-09T08:00:00Z",
    "arms": _ARMS,
}
_RUNNING = {**_DRAFT, "status": "running", "state": "Running", "starts_at": "2024-06-09T08:01:00Z"}
_STOPPED = {
    **_RUNNING,
    "status": "stopped",
    "state": "Stopped",
    "stopped_at": "2024-09-01T10:00:00Z",
    "stop_reason": "Settled",
}
_ASKED = {
    "problem": "football-outcome",
    "name": "Boosting for half of us",
    "unit": "user",
    "ends_at": "2024-12-01T00:00:00Z",
    "arms": [{**arm, "share": 0.5} for arm in _ARMS],
}


def _interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


_FIGURES = {
    "n": 412,
    "by_champion": 0,
    "accuracy": _interval(0.519, 0.471, 0.567),
    "log_loss": _interval(0.998, 0.966, 1.03),
    "brier": _interval(0.594, 0.572, 0.616),
    "rps": _interval(0.205, 0.194, 0.216),
    "calibration_error": _interval(0.021, 0.0, 0.034),
    "roi": None,
}
_WORDS = (
    "after 412 events the RPS of boosted is 0.0009 lower than that of control, "
    "but anything from 0.0041 higher to 0.0059 lower is possible."
)
_COMPARISON = {
    "n": 412,
    "mean": 0.0009,
    "low": -0.0041,
    "high": 0.0059,
    "e_value": 1.12,
    "verdict": "open",
    "words": _WORDS,
}
_REPORT = {
    "loss": "rps",
    "events": 412,
    "winner": "",
    "words": f"No winner yet. {_WORDS.capitalize()}",
    "arms": [
        {
            "arm": "control",
            "version": "dixon-coles-20240601-101502",
            "is_control": True,
            "figures": _FIGURES,
            "comparison": None,
        },
        {
            "arm": "boosted",
            "version": "gbm-20240608-091210",
            "is_control": False,
            "figures": {**_FIGURES, "rps": _interval(0.204, 0.193, 0.215)},
            "comparison": _COMPARISON,
        },
    ],
}

NO_SUCH = error("No such experiment.", "not_found", "There is nothing here.")
FIXED = error(
    "Its state does not allow it, or another one runs.",
    "experiment_is_fixed",
    "Less regularised is running already on football-outcome: stop it first.",
)
IMPOSSIBLE = error(
    "What was asked makes no experiment; the message says what to mend.",
    "invalid_experiment",
    "The shares of the arms sum to 0.9, not to 1: 0.5 + 0.4.",
)

LIST: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiments",
    "summary": "List experiments",
    "responses": {
        200: serializers.ExperimentSerializer(many=True),
        400: invalid("status", "Select a valid choice. over is not one of the available choices."),
        **FOR_STAFF,
    },
    "examples": [example(_RUNNING)],
}
DRAFT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment_draft",
    "summary": "Draft an experiment",
    "request": serializers.ExperimentDraftSerializer,
    "responses": {
        201: serializers.ExperimentSerializer,
        400: invalid("unit", '"team" is not a valid choice.'),
        **FOR_STAFF,
        422: IMPOSSIBLE,
    },
    "examples": [example_request(_ASKED), example(_DRAFT)],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment",
    "summary": "Show an experiment",
    "responses": {200: serializers.ExperimentSerializer, **FOR_STAFF, 404: NO_SUCH},
    "examples": [example(_RUNNING)],
}
DISCARD: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment_discard",
    "summary": "Discard a draft",
    "responses": {200: serializers.ExperimentSerializer, **FOR_STAFF, 404: NO_SUCH, 409: FIXED},
    "examples": [example(_DRAFT)],
}
START: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment_start",
    "summary": "Start an experiment",
    "request": None,
    "responses": {200: serializers.ExperimentSerializer, **FOR_STAFF, 404: NO_SUCH, 409: FIXED, 422: IMPOSSIBLE},
    "examples": [example(_RUNNING)],
}
STOP: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment_stop",
    "summary": "Stop an experiment",
    "request": serializers.ExperimentStopSerializer,
    "responses": {
        200: serializers.ExperimentSerializer,
        400: invalid("reason", "Ensure this field has no more than 300 characters."),
        **FOR_STAFF,
        404: NO_SUCH,
        409: FIXED,
    },
    "examples": [example_request({"reason": "Settled"}), example(_STOPPED)],
}
REPORT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "experiment_report",
    "summary": "What an experiment found",
    "responses": {200: serializers.ExperimentReportSerializer, **FOR_STAFF, 404: NO_SUCH},
    "examples": [example(_REPORT)],
}

"""What the schema says of `/api/monitoring/`: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_STAFF, error, example, example_request, invalid
from predictions.api.monitoring import serializers

TAGS = ["monitoring"]
_NAME = "dixon-coles-20240601-101502"
WRONG_DAY = invalid("day", "Enter a valid date.")
WRONG_PAGE = invalid("page_size", "Write a whole number from 1 to 200.")
NOT_WATCHED = error("No such version, or one that was not watched yet.", "not_found", "There is nothing here.")
UNKNOWN_PROBLEM = error(
    "No such problem.", "unknown_problem", "There is no problem 'weather': known are football-outcome."
)
_TODAY = {
    "settled": 9,
    "accuracy": 0.556,
    "log_loss": 0.981,
    "brier": 0.584,
    "rps": 0.197,
    "ece": 0.11,
    "bets": 4,
    "roi": -0.12,
}
_REPORT = {
    "version": _NAME,
    "problem": "football-outcome",
    "day": "2024-11-10",
    "window_from": "2024-10-14",
    "predicted": 42,
    "today": _TODAY,
    "window": {**_TODAY, "settled": 212, "ece": 0.031, "bets": 88, "roi": 0.014},
    "test": {"n": 812, "accuracy": 0.531, "log_loss": 0.978, "brier": 0.581, "rps": 0.196, "ece": 0.018},
    "computed_at": "2024-11-10T07:00:09Z",
}
_FEATURE = {
    "name": "elo_difference",
    "kind": "numbers",
    "n": 212,
    "statistic": 0.21,
    "windows": 22,
    "psi": 0.19,
    "shift": 0.52,
    "mean": 61.2,
    "trained_mean": 3.4,
    "design_effect": 1.4,
    "p": 0.0002,
    "q": 0.012,
    "drifted": True,
}
_SENTENCE = "1 of 62 compared looks different from training: elo_difference (mean 3.4, now 61.2; shifted by 0.52 sd)."
_DETAIL = {
    **_REPORT,
    "expected": {
        "n": 38,
        "accuracy": {"value": 0.52, "low": 0.36, "high": 0.68},
        "log_loss": {"value": 0.99, "low": 0.85, "high": 1.13},
        "brier": {"value": 0.59, "low": 0.5, "high": 0.69},
        "trust": {"n": 1204, "z": 0.7, "trusted": True, "reason": "Borne out by 1204 settled events."},
    },
    "evidence": {"decay": {"rings": False, "loss": "log_loss"}, "drift": {"features": [_FEATURE]}, "reliability": []},
}
_EVENT = {
    "id": 7,
    "version": _NAME,
    "problem": "football-outcome",
    "day": "2024-11-10",
    "window_from": "2024-10-14T19:00:00Z",
    "window_to": "2024-11-10T16:30:00Z",
    "rows": 212,
    "trained_rows": 2280,
    "features": [_FEATURE],
    "sentence": _SENTENCE,
    "run": None,
}
_QUALITY = {
    "problem": "football-outcome",
    "day": "2024-11-10",
    "is_stale": True,
    "last_news_at": "2024-11-08T06:00:12Z",
    "overdue": 12,
    "batches": 7,
    "failed_batches": 2,
    "failure_rate": 0.286,
    "missing": {"home_shots_10": {"share": 0.24, "trained": 0.0}},
    "outliers": {},
    "warnings": ["2 of 7 imports of the last seven days failed."],
    "rows": 212,
}
_POLICY = {
    "problem": "football-outcome",
    "enabled": True,
    "on_schedule": True,
    "on_decay": True,
    "on_drift": False,
    "cool_down_days": 7,
    "yields": "challenger",
    "last_asked_at": None,
    "last_cause": "",
    "last_run": None,
}

LIST: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "monitoring",
    "summary": "Show how champions do",
    "responses": {
        200: serializers.ReportSerializer(many=True),
        400: WRONG_PAGE,
        **FOR_STAFF,
    },
    "examples": [example(_REPORT)],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "monitoring_version",
    "summary": "Show how one version does",
    "responses": {200: serializers.ReportDetailSerializer, **FOR_STAFF, 404: NOT_WATCHED},
    "examples": [example(_DETAIL)],
}
HISTORY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "monitoring_history",
    "summary": "List a version's days",
    "responses": {200: serializers.ReportSerializer(many=True), 400: WRONG_PAGE, **FOR_STAFF, 404: NOT_WATCHED},
    "examples": [example(_REPORT)],
}
DRIFT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "monitoring_drift",
    "summary": "List drift",
    "responses": {200: serializers.DriftEventSerializer(many=True), 400: WRONG_DAY, **FOR_STAFF},
    "examples": [example(_EVENT)],
}
QUALITY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "monitoring_quality",
    "summary": "List what came in",
    "responses": {200: serializers.QualitySerializer(many=True), 400: WRONG_DAY, **FOR_STAFF},
    "examples": [example(_QUALITY)],
}
POLICY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "retraining_policy",
    "summary": "Show the retraining policy",
    "responses": {200: serializers.RetrainingPolicySerializer, **FOR_STAFF, 404: UNKNOWN_PROBLEM},
    "examples": [example(_POLICY)],
}
CHANGE_POLICY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "retraining_policy_change",
    "summary": "Change the retraining policy",
    "responses": {
        200: serializers.RetrainingPolicySerializer,
        400: error("A field that there is not, or of another type.", "invalid", "Some of what you sent can't be used."),
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
        422: error(
            "A policy that can't be.",
            "invalid_policy",
            "Cool down days: Ensure this value is greater than or equal to 1.",
        ),
    },
    "examples": [example_request({"cool_down_days": 14, "on_drift": True}), example(_POLICY)],
}
_REINFORCEMENT = {
    "problem": "football-outcome",
    "is_enabled": True,
    "confidence": 0.7,
    "days": 7,
    "minimum": 10,
    "method": "weights",
    "weight": 3.0,
    "cool_down_days": 7,
    "last_run_at": None,
}
REINFORCEMENT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "reinforcement_policy",
    "summary": "Show the reinforcement policy",
    "responses": {200: serializers.ReinforcementPolicySerializer, **FOR_STAFF, 404: UNKNOWN_PROBLEM},
    "examples": [example(_REINFORCEMENT)],
}
CHANGE_REINFORCEMENT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "reinforcement_policy_change",
    "summary": "Change the reinforcement policy",
    "responses": {
        200: serializers.ReinforcementPolicySerializer,
        400: error("A field that there is not, or of another type.", "invalid", "Some of what you sent can't be used."),
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
        422: error(
            "A policy that can't be.",
            "invalid_policy",
            "Confidence is a probability between 0 and 1, such as 0.7.",
        ),
    },
    "examples": [example_request({"confidence": 0.8, "minimum": 20}), example(_REINFORCEMENT)],
}

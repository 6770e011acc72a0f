"""What the schema says of `/api/models`."""

from __future__ import annotations

from typing import Any

from accounts.api.documentation import FOR_MEMBERS, FOR_STAFF, error, example, example_request, invalid
from mlmodels.api.champions import serializers

TAGS = ["model"]
_VERSION = "global-20261121-154127"
_CHAMPION = {
    "version": "global-20261121-154127",
    "algorithm": "global",
    "trained_at": "2026-11-21T15:41:27.853820Z",
    "trained_on": 26300,
    "leagues": ["NBA"],
    "seasons": ["2023-24"],
    "figures": {
        "n": 4109,
        "rps": 0.236921,
        "brier": 0.236921,
        "log_loss": 0.666631,
        "accuracy": 0.595279,
        "ece": 0.011737,
        "mae": 4.564415,
        "rmse": 6.046448,
    },
}

MODELS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "models",
    "summary": "List models in service",
    "responses": {200: serializers.ProblemSerializer(many=True), **FOR_MEMBERS},
    "examples": [
        example(
            {
                "problem": "player-props-points",
                "title": "Player props: points",
                "family": "player-props",
                "variant": "points",
                "champion": _CHAMPION,
            }
        )
    ],
}
LOAD: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "models_load",
    "summary": "Load a model",
    "description": "Has the process that answers look for a problem's champion now and hold it, or hold a version that "
    "may be asked soon. Other processes find a new champion by themselves within two seconds. Who is in service is "
    "changed by `/api/model/versions/{version}/promote`, not here.",
    "request": serializers.LoadSerializer,
    "responses": {
        200: serializers.LoadedSerializer,
        400: invalid("problem", "Name a problem, or a version."),
        **FOR_STAFF,
        404: error("No such problem or version.", "not_found", "There is nothing here."),
        500: error(
            "The model's file can't be trusted or read.", "artifact_error", "The file of global-20261121 is missing."
        ),
        503: error(
            "No model is in service.",
            "model_not_trained",
            "No model of player-props-steals is in service: train one and promote it.",
        ),
    },
    "examples": [
        example_request({"problem": "player-props", "stat": "points"}, "The champion"),
        example_request({"version": _VERSION}, "A version"),
        example(
            {
                "problem": "player-props-points",
                "version": _VERSION,
                "algorithm": "global",
                "serves": True,
                "took_ms": 48.2,
                "process": 4711,
            }
        ),
    ],
}

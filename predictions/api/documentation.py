"""What the schema says of predictions, matches and the ledger: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, PolymorphicProxySerializer

from accounts.api.documentation import FOR_MEMBERS, INVALID, error
from predictions.api import serializers

TAGS = ["predictions"]
PROBLEM = OpenApiParameter(
    "problem", OpenApiTypes.STR, description="Slug of the problem; left out, the first by slug of those installed."
)

_ASKED = {"home": "Arsenal", "away": "Chelsea", "competition": "E0", "date": "2024-11-10"}
_MARKETS = {
    "expected_goals": {"home": 1.71, "away": 1.08},
    "match_result": {"home": 0.516, "draw": 0.254, "away": 0.23},
    "total_goals": [{"line": 2.5, "over": 0.529, "under": 0.471, "push": 0.0}],
    "handicap": [{"line": -0.5, "home": 0.516, "away": 0.484, "push": 0.0}],
    "both_to_score": {"yes": 0.541, "no": 0.459},
    "correct_score": [{"home": 1, "away": 1, "probability": 0.119}],
}
_TOLD = {
    "id": "0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10",
    "sequence": 4711,
    "problem": "football-outcome",
    "model": "dixon-coles-20240601-101502",
    "match": None,
    "subject": {"home": "england-arsenal", "away": "england-chelsea", "competition": "E0", "date": "2024-11-10"},
    "made_at": "2024-11-08T09:12:44Z",
    "event_at": "2024-11-10T12:00:00Z",
    "probabilities": {"home": 0.516, "draw": 0.254, "away": 0.23},
    "confidence": 0.516,
    "notes": [],
    "is_shadow": False,
    "hash": "5f0c…",
    "settlement": None,
    "distribution": {"home_rate": 1.71, "away_rate": 1.08, "rho": -0.05},
    "markets": _MARKETS,
    "drivers": [["Attack of the home side", 0.34], ["Home advantage", 0.22]],
    "features": {"competition": "E0"},
    "features_hash": "9d1e…",
    "previous_hash": "c2a7…",
    "latency_ms": 2.4,
    "fair_odds": {"home": "1.938", "draw": "3.937", "away": "4.348"},
    "odds_hidden_reason": None,
}


def _one_or_more(name: str, serializer: Any) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(
        component_name=name,
        serializers=[serializer, serializer(many=True)],
        resource_type_field_name=None,
        many=False,
    )


LIST: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "predictions",
    "responses": {200: serializers.PredictionSerializer(many=True), 400: INVALID, **FOR_MEMBERS},
}
PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "predict",
    "parameters": [PROBLEM],
    "filters": False,
    "request": _one_or_more("Subjects", serializers.SubjectSerializer),
    "responses": {
        201: _one_or_more("Predictions", serializers.PredictionDetailSerializer),
        400: INVALID,
        **FOR_MEMBERS,
        404: error("A match, team or competition that nobody knows."),
        409: error("The event has begun: a prediction must come before it."),
        503: error("No model is in service."),
    },
    "examples": [
        OpenApiExample("A pairing", _ASKED, request_only=True),
        OpenApiExample("Known matches", [{"match": 1204}, {"match": 1205}], request_only=True),
        OpenApiExample("Told", _TOLD, response_only=True, status_codes=["201"]),
    ],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "prediction",
    "responses": {
        200: serializers.PredictionDetailSerializer,
        **FOR_MEMBERS,
        404: error("No such prediction, or a challenger's, which only staff see."),
    },
    "examples": [OpenApiExample("Told", _TOLD, response_only=True)],
}
LEDGER: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "ledger",
    "responses": {200: serializers.LedgerSerializer, **FOR_MEMBERS},
}
MATCH: dict[str, Any] = {
    "tags": ["matches"],
    "operation_id": "match",
    "responses": {200: serializers.MatchDetailSerializer, **FOR_MEMBERS, 404: error("No such match.")},
}

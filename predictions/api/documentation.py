"""What the schema says of predictions, matches and the ledger: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from matches.api.documentation import MATCH_EXAMPLE
from matches.models.play import STATISTICS
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
    "drivers": [
        {
            "words": "An average match here, home advantage included",
            "effect": 0.441,
            "group": "baseline",
            "features": {},
            "without": {},
        },
        {
            "words": "Attack of the home side: for the home side",
            "effect": 0.367,
            "group": "home_attack",
            "features": {"home_attack": 0.367},
            "without": {"home": 0.431, "draw": 0.291, "away": 0.278},
        },
    ],
    "features": {"competition": "E0"},
    "features_hash": "9d1e…",
    "previous_hash": "c2a7…",
    "latency_ms": 2.4,
    "fair_odds": {"home": "1.938", "draw": "3.937", "away": "4.348"},
    "odds_hidden_reason": None,
}


_SETTLEMENT = {
    "outcome": "home",
    "correct": True,
    "log_loss": 0.662,
    "brier": 0.352,
    "rps": 0.144,
    "market_log_loss": 0.631,
    "baseline_log_loss": 0.784,
    "closing_line_value": 0.021,
    "flat_profit": "0.950",
    "settled_at": "2024-11-10T18:40:02Z",
    "revision": 1,
}
_ROW = {
    "id": "2f1d7c7e-64f0-4c53-8f0c-1f6f7d0c2b55",
    "sequence": 4710,
    "problem": "football-outcome",
    "model": "dixon-coles-20240601-101502",
    "match": 1204,
    "subject": {"match": 1204},
    "made_at": "2024-11-08T09:12:44Z",
    "event_at": "2024-11-10T16:30:00Z",
    "probabilities": {"home": 0.516, "draw": 0.254, "away": 0.23},
    "confidence": 0.516,
    "notes": [],
    "is_shadow": False,
    "hash": "5f0c…",
    "settlement": None,
}
_MATCH = {
    **MATCH_EXAMPLE,
    **dict.fromkeys(STATISTICS),
    "home_goals_half_time": 1,
    "away_goals_half_time": 0,
    "home_shots": 27,
    "away_shots": 7,
    "odds": [
        {"bookmaker": "B365", "market": "1x2", "outcome": "H", "phase": "close", "line": "0.00", "price": "1.620"}
    ],
    "odds_hidden_reason": None,
    "prediction": {**_ROW, "settlement": _SETTLEMENT},
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
    "summary": "Read the ledger",
    "responses": {
        200: serializers.PredictionSerializer(many=True),
        400: invalid("settled", "Write true or false."),
        **FOR_MEMBERS,
    },
    "examples": [example({**_ROW, "settlement": _SETTLEMENT})],
}
PREDICT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "predict",
    "summary": "Predict",
    "parameters": [PROBLEM],
    "filters": False,
    "request": _one_or_more("Subjects", serializers.SubjectSerializer),
    "responses": {
        201: _one_or_more("Predictions", serializers.PredictionDetailSerializer),
        400: invalid("date", "Needed where no match is given."),
        **FOR_MEMBERS,
        404: error(
            "A match, team or competition that nobody knows.",
            "unknown_subject",
            "No team is called Nobody Rovers. Name the competition to have it taken as a newcomer.",
        ),
        409: error(
            "The event has begun: a prediction must come before it.",
            "event_is_over",
            "It began at 10 November 2024 16:30 UTC: a prediction must come before the event.",
        ),
        503: error(
            "No model is in service.",
            "model_not_trained",
            "No model of football-outcome is in service: train one and promote it.",
        ),
    },
    "examples": [
        example_request(_ASKED, "A pairing"),
        example_request([{"match": 1204}, {"match": 1205}], "Known matches"),
        example(_TOLD, "Told"),
    ],
}
DETAIL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "prediction",
    "summary": "Show a prediction",
    "responses": {
        200: serializers.PredictionDetailSerializer,
        **FOR_MEMBERS,
        404: error(
            "No such prediction, or a challenger's, which only staff see.", "not_found", "There is nothing here."
        ),
    },
    "examples": [example(_TOLD)],
}
LEDGER: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "ledger",
    "summary": "Show the head of the ledger",
    "responses": {200: serializers.LedgerSerializer, **FOR_MEMBERS},
    "examples": [
        example({"sequence": 4711, "hash": "5f0c1d1b8f1f0a5c9a0d0d3a3d7a4a2b1c6f0e9d8c7b6a5948372615049382f1"})
    ],
}
MATCH: dict[str, Any] = {
    "tags": ["matches"],
    "operation_id": "match",
    "summary": "Show a match",
    "responses": {
        200: serializers.MatchDetailSerializer,
        **FOR_MEMBERS,
        404: error("No such match.", "not_found", "There is nothing here."),
    },
    "examples": [example(_MATCH)],
}

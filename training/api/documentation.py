"""What the schema says of the coach: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from training.api import serializers

TAGS = ["coach"]


def _refused(description: str, kind: str, message: str, *, code: str = "", **figures: int) -> OpenApiResponse:
    """An error of these endpoints: every error's `code` and `message`, and `detail` and `type`."""
    body = {**figures, "code": code or kind, "message": message, "detail": message, "type": kind}
    return OpenApiResponse(
        serializers.CoachErrorSerializer, description, examples=[OpenApiExample(kind, body, response_only=True)]
    )


_BASIS = {
    "report_id": "7d0c1b52-7f4e-4f57-a8ab-0a8c9cf43f5e",
    "prediction_id": "601beccd-fb26-483f-a327-0d59ab4aa4b2",
    "model_version": "posterior-20261121-181502",
    "playlist": "ranked-standard",
    "rank_group": "diamond",
    "rank_source": "stated",
    "match_ids": ["0b4f3f0e-6a5f-4f6e-9b57-3f8c8a0d9a10", "2f1d7c7e-64f0-4c53-8f0c-1f6f7d0c2b55"],
    "compared_with": {
        "source": "ballchasing",
        "rows": 300,
        "is_simulated": False,
        "is_interpolated": False,
        "playlist": "ranked-standard",
        "rank_group": "diamond",
    },
    "is_simulated": False,
}
_ANALYSIS = {
    "user_id": 2,
    "analysis_date": "2026-11-21T18:20:11.402913Z",
    "primary_weakness": "rotation",
    "confidence": 0.81,
    "skill_categories": {
        "rotation": {
            "score": -0.9312,
            "low": -1.3401,
            "high": -0.5223,
            "percentile": 4.2,
            "probability": 0.81,
            "trend": {"slope": 0.0312, "low": -0.21, "high": 0.2724, "verdict": "steady"},
            "matches": 25,
        }
    },
    "recommendations_available": True,
    "basis": _BASIS,
}
_RECOMMENDATIONS = {
    "user_id": 2,
    "recommendations": [
        {
            "training_pack": {
                "kind": "drill",
                "id": 12,
                "code": None,
                "name": "Third man counts to two",
                "creator": "",
                "category": "rotation",
                "sub_skill": "back-post rotation",
                "difficulty": 4,
                "shots": None,
                "minutes": 20,
                "goal": "Be the last car back before the ball is.",
                "steps": ["After each touch, drive to the far post before you look for the ball."],
            },
            "relevance_score": 0.7412,
            "difficulty_match": 1.0,
            "reasoning": "Your time as the last car back is below that of 96 % of Diamond players.",
            "estimated_improvement": {"evidence": "no measurements yet"},
        }
    ],
    "skill_level_detected": "diamond",
    "total_packs_evaluated": 68,
    "generation_time": 0.0312,
    "basis": _BASIS,
}
_NOBODY = error("No such player, or none whom you may see.", "not_found", "There is no player 7 whom you may see.")
_TOO_LITTLE = _refused(
    "Too few matches (`insufficient_data`, with how many there are and how many it takes); or, as `ml_error`, matches "
    "that are not the player's own (`unknown_matches`), or nobody to compare with (`no_benchmark`).",
    "insufficient_data",
    "1 match of Ranked Standard was read: upload 2 more replays.",
    have=1,
    need=3,
)
_NOT_TRAINED = _refused(
    "No model is in service.",
    "model_not_trained",
    "No model of weakness is in service: train one and promote it.",
)
_FAILED = _refused(
    "The model can't be used.", "ml_error", "The file of posterior-20261121-181502 is missing.", code="artifact_error"
)
_ERRORS = {**FOR_MEMBERS, 404: _NOBODY, 422: _TOO_LITTLE, 500: _FAILED, 503: _NOT_TRAINED}
_KEPT = (
    "The same question about the same matches gets the same answer for an hour, unless a replay, a rank or another "
    "model came in. Only what is not kept counts against 60 a minute."
)

ANALYZE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "analyze_weaknesses",
    "summary": "Analyse a player",
    "description": "About yourself, a player who lets you coach them, or, for staff, anybody. Matches of the ranked "
    "playlist with most of them are compared with players of the same rank: the stated one, else the latest that "
    f"ballchasing knew, else one told from the statistics. The verdict is in the ledger. {_KEPT}",
    "request": serializers.AnalysisQuestionSerializer,
    "responses": {
        200: serializers.AnalysisSerializer,
        400: invalid("match_ids", "Must be a valid UUID."),
        **_ERRORS,
    },
    "examples": [
        example_request({"user_id": 2}, "The newest matches"),
        example_request(
            {"user_id": 2, "match_ids": _BASIS["match_ids"], "include_confidence": False, "analysis_depth": "quick"},
            "Some matches",
        ),
        example(_ANALYSIS),
    ],
}
RECOMMEND: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "recommend_training",
    "summary": "Recommend practice",
    "description": "Training packs, and drills (`kind` is `drill`) where no pack trains what is needed, the most "
    f"relevant first. {_KEPT}",
    "request": serializers.RecommendationQuestionSerializer,
    "responses": {
        200: serializers.RecommendationsSerializer,
        400: invalid("max_recommendations", "Ensure this value is less than or equal to 20."),
        **_ERRORS,
    },
    "examples": [
        example_request({"user_id": 2}, "The best five"),
        example_request(
            {"user_id": 2, "skill_level": "champion", "max_recommendations": 3, "categories": ["rotation"]}, "Chosen"
        ),
        example(_RECOMMENDATIONS),
    ],
}
STATUS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "coach_model_status",
    "summary": "Show how the coach's model is",
    "description": "`cache` counts answers of the two other endpoints, over all processes that share a cache.",
    "responses": {200: serializers.ModelStatusSerializer, **FOR_MEMBERS},
    "examples": [
        example(
            {
                "status": "healthy",
                "health": "A model is in service, and its file can be used.",
                "model_version": "posterior-20261121-181502",
                "algorithm": "posterior",
                "metrics": {"n": 2400, "log_loss": 0.9121, "accuracy": 0.6854},
                "model_loaded": True,
                "last_trained": "2026-11-21T18:15:02.853820Z",
                "is_simulated": False,
                "minimum_matches": 3,
                "cache": {"hits": 812, "misses": 104, "hit_ratio": 0.8865},
            }
        )
    ],
}

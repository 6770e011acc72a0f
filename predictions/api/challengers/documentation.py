"""What the schema says of challengers: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from accounts.api.documentation import FOR_STAFF, error, example, example_request, invalid
from predictions.api.challengers import serializers

TAGS = ["challengers"]
PROBLEM = OpenApiParameter(
    "problem", OpenApiTypes.STR, description="Slug of the problem; left out, the first by slug of those installed."
)
UNKNOWN_PROBLEM = error(
    "No such problem.", "unknown_problem", "There is no problem 'weather': known are football-outcome."
)
UNKNOWN_VERSION = error("No such version.", "not_found", "There is nothing here.")
NOT_A_CHALLENGER = error(
    "It is no challenger, or no champion serves.",
    "invalid_state",
    "gbm-20260901-060000 is archived, not a challenger.",
)
_CHAMPION, _NAME = "dixon-coles-20260601-101502", "gbm-20260901-060000"
_EVIDENCE = {
    "champion": _CHAMPION,
    "challenger_number": 1,
    "loss": "rps",
    "n": 1012,
    "predictions": 1012,
    "days": 96,
    "champion_loss": 0.2038,
    "challenger_loss": 0.1961,
    "difference": 0.0077,
    "low": 0.0003,
    "high": 0.0151,
    "relative_improvement": 0.0378,
    "relative_low": 0.0015,
    "relative_high": 0.0741,
    "e_value": 61.4,
    "threshold": 40.0,
}
_STANDING = {
    "version": _NAME,
    "algorithm": "gbm",
    "since": "2026-09-01T06:12:00Z",
    "state": "Proposed",
    "reason": "It waits for your answer.",
    "is_proposed": True,
    "is_simulated": False,
    "conditions": [
        {"title": "Pairs", "asked": "at least 100", "found": "1,012", "is_met": True},
        {"title": "E-value", "asked": "at least 40", "found": "61.40", "is_met": True},
    ],
    "evidence": _EVIDENCE,
}
_POLICY = {
    "problem": "football-outcome",
    "enabled": True,
    "minimum_pairs": 100,
    "minimum_days": 7,
    "minimum_improvement": 0.03,
    "alpha": 0.05,
    "require_approval": True,
    "loss": "",
    "updated_at": "2026-09-01T06:00:00Z",
    "updated_by": None,
}
_PROPOSAL = {
    "id": 31,
    "version": _NAME,
    "decision": "propose",
    "from_role": "challenger",
    "to_role": "challenger",
    "previous_champion": None,
    "decided_by": None,
    "reason": "Better by 3.8 % on 1,012 pairs over 96 days (0.1 % to 7.4 %); e-value 61.40 of the 40 needed.",
    "evidence": _EVIDENCE,
    "created_at": "2026-12-06T07:00:02Z",
}
_PROMOTION = {
    **_PROPOSAL,
    "id": 32,
    "decision": "promote",
    "to_role": "champion",
    "previous_champion": _CHAMPION,
    "decided_by": "Robin",
}
_REJECTION = {**_PROPOSAL, "id": 32, "decision": "reject", "to_role": "archived", "decided_by": "Robin"}

BOARD: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challengers",
    "summary": "How challengers stand",
    "parameters": [PROBLEM],
    "responses": {200: serializers.BoardSerializer, **FOR_STAFF, 404: UNKNOWN_PROBLEM},
    "examples": [
        example({"problem": "football-outcome", "champion": _CHAMPION, "policy": _POLICY, "challengers": [_STANDING]})
    ],
}
STANDING: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger",
    "summary": "How one challenger stands",
    "responses": {200: serializers.StandingSerializer, **FOR_STAFF, 404: UNKNOWN_VERSION, 409: NOT_A_CHALLENGER},
    "examples": [example(_STANDING)],
}
DECISIONS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_decisions",
    "summary": "Decisions about a version",
    "responses": {
        200: serializers.DecisionSerializer(many=True),
        400: invalid("page_size", "Write a whole number from 1 to 200."),
        **FOR_STAFF,
        404: UNKNOWN_VERSION,
    },
    "examples": [example(_PROPOSAL)],
}
DECIDE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_decide",
    "summary": "Decide now",
    "request": None,
    "responses": {200: serializers.DecisionSerializer, **FOR_STAFF, 404: UNKNOWN_VERSION, 409: NOT_A_CHALLENGER},
    "examples": [example(_PROPOSAL)],
}
APPROVE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_approve",
    "summary": "Approve a proposal",
    "request": serializers.ApprovalSerializer,
    "responses": {
        200: serializers.DecisionSerializer,
        400: invalid("reason", "Ensure this field has no more than 300 characters."),
        **FOR_STAFF,
        404: UNKNOWN_VERSION,
        409: error(
            "It is not proposed.",
            "invalid_state",
            f"{_NAME} is not proposed: the policy has not found it better than {_CHAMPION} yet. "
            "To promote it all the same, use the page of the model.",
        ),
    },
    "examples": [example_request({"reason": "Agreed"}), example(_PROMOTION)],
}
REJECT: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_reject",
    "summary": "Reject a challenger",
    "request": serializers.RejectionSerializer,
    "responses": {
        200: serializers.DecisionSerializer,
        400: invalid("reason", "This field is required."),
        **FOR_STAFF,
        404: UNKNOWN_VERSION,
        409: NOT_A_CHALLENGER,
    },
    "examples": [example_request({"reason": "Too slow in production"}), example(_REJECTION)],
}
POLICY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_policy",
    "summary": "Show the policy",
    "parameters": [PROBLEM],
    "responses": {200: serializers.PromotionPolicySerializer, **FOR_STAFF, 404: UNKNOWN_PROBLEM},
    "examples": [example(_POLICY)],
}
CHANGE_POLICY: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "challenger_policy_change",
    "summary": "Change the policy",
    "parameters": [PROBLEM],
    "request": serializers.ChangePromotionPolicySerializer,
    "responses": {
        200: serializers.PromotionPolicySerializer,
        400: invalid("minimum_pairs", "A valid integer is required."),
        **FOR_STAFF,
        404: UNKNOWN_PROBLEM,
        422: error(
            "Numbers that no policy can have.",
            "invalid_policy",
            "alpha: The error rate lies between 0 and 1, both excluded; 0.05 is usual.",
        ),
    },
    "examples": [example_request({"minimum_pairs": 500, "require_approval": False}), example(_POLICY)],
}

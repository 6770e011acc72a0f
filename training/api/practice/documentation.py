"""What the schema says of packs, drills, sessions and feedback: answers, errors, examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from accounts.api.documentation import FOR_MEMBERS, error, example, example_request, invalid
from training.api.practice import serializers

TAGS = ["coach"]
NOT_FOUND = error("There is none, or none that you may see.", "not_found", "There is nothing here.")
REFUSED = error("No such session can be.", "invalid_session", "This session is done already.")
GONE = OpenApiResponse(description="It is gone.")
UNKNOWN_CATEGORY = invalid("category", "Select a valid choice. juggling is not one of the available choices.")
WHOSE = OpenApiParameter("user_id", OpenApiTypes.INT, description="A player who lets you coach them; else your own.")

_PACK = {
    "code": "6EB1-79B2-33B8-681C",
    "name": "Ground Shots",
    "creator": "Poquito",
    "category": "shooting",
    "sub_skill": "ground shots",
    "difficulty": 3,
    "easiest_rank": "silver",
    "hardest_rank": "platinum",
    "shots": 50,
    "description": "",
    "source": "Prejump (prejump.com), public listing seen on 28 December 2025",
}
_DRILL = {
    "slug": "spend-it",
    "name": "Spend it",
    "kind": "in-match",
    "category": "boost_management",
    "sub_skill": "using boost",
    "goal": "Never drive over a pad with a full tank.",
    "steps": ["For two matches, look at your boost each time you pass a pad.", "Full? Use it at once."],
    "minutes": 15,
    "moves_statistic": "full_share",
    "difficulty": 3,
    "easiest_rank": "bronze",
    "hardest_rank": "champion",
    "needs_team": False,
}
_PLANNED = {
    "id": 41,
    "user_id": 7,
    "pack": None,
    "drill": "spend-it",
    "recommendation": 310,
    "category": "boost_management",
    "status": "planned",
    "planned_for": "2026-03-02",
    "done_at": None,
    "minutes": 0,
    "self_rating": None,
    "notes": "",
}
_DONE = {**_PLANNED, "status": "done", "done_at": "2026-03-02T19:30:00Z", "minutes": 20, "self_rating": 4}
_HOW = {"minutes": 20, "self_rating": 4}
_SAID = {"id": 9, "pack": None, "drill": "spend-it", "rating": 5, "given_at": "2026-03-02T19:31:00Z"}

PACKS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_packs",
    "summary": "List and search training packs",
    "responses": {200: serializers.TrainingPackSerializer(many=True), 400: UNKNOWN_CATEGORY, **FOR_MEMBERS},
    "examples": [example(_PACK)],
}
PACK: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_pack",
    "summary": "Show a training pack",
    "responses": {200: serializers.TrainingPackSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [example(_PACK)],
}
DRILLS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "drills",
    "summary": "List and search drills",
    "responses": {200: serializers.DrillSerializer(many=True), 400: UNKNOWN_CATEGORY, **FOR_MEMBERS},
    "examples": [example(_DRILL)],
}
DRILL: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "drill",
    "summary": "Show a drill",
    "responses": {200: serializers.DrillSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [example(_DRILL)],
}
SESSIONS: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_sessions",
    "summary": "List sessions of practice",
    "parameters": [WHOSE],
    "responses": {
        200: serializers.TrainingSessionSerializer(many=True),
        400: UNKNOWN_CATEGORY,
        **FOR_MEMBERS,
        404: NOT_FOUND,
    },
    "examples": [example(_PLANNED)],
}
PLAN: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session_plan",
    "summary": "Plan a session",
    "request": serializers.PlanSerializer,
    "responses": {
        201: serializers.TrainingSessionSerializer,
        400: invalid("planned_for", "This field is required."),
        **FOR_MEMBERS,
        422: REFUSED,
    },
    "examples": [example_request({"drill": "spend-it", "planned_for": "2026-03-02"}), example(_PLANNED)],
}
LOG: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session_log",
    "summary": "Write down a session",
    "request": serializers.LogSerializer,
    "responses": {
        201: serializers.TrainingSessionSerializer,
        400: invalid("minutes", "Ensure this value is less than or equal to 600."),
        **FOR_MEMBERS,
        422: REFUSED,
    },
    "examples": [example_request({"drill": "spend-it", **_HOW}), example(_DONE)],
}
SESSION: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session",
    "summary": "Show a session",
    "responses": {200: serializers.TrainingSessionSerializer, **FOR_MEMBERS, 404: NOT_FOUND},
    "examples": [example(_PLANNED)],
}
REMOVE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session_remove",
    "summary": "Delete a session",
    "responses": {204: GONE, **FOR_MEMBERS, 404: NOT_FOUND},
}
COMPLETE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session_complete",
    "summary": "Mark a session as done",
    "request": serializers.CompleteSerializer,
    "responses": {
        200: serializers.TrainingSessionSerializer,
        400: invalid("minutes", "This field is required."),
        **FOR_MEMBERS,
        404: NOT_FOUND,
        422: REFUSED,
    },
    "examples": [example_request(_HOW), example(_DONE)],
}
SKIP: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "training_session_skip",
    "summary": "Skip a session",
    "request": None,
    "responses": {200: serializers.TrainingSessionSerializer, **FOR_MEMBERS, 404: NOT_FOUND, 422: REFUSED},
    "examples": [example({**_PLANNED, "status": "skipped"})],
}
FEEDBACK: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "practice_feedback",
    "summary": "List your ratings of packs and drills",
    "responses": {
        200: serializers.FeedbackSerializer(many=True),
        400: invalid("page_size", "Write a whole number from 1 to 200."),
        **FOR_MEMBERS,
    },
    "examples": [example(_SAID)],
}
RATE: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "practice_feedback_rate",
    "summary": "Rate a pack or drill",
    "request": serializers.RateSerializer,
    "responses": {
        201: serializers.FeedbackSerializer,
        400: invalid("rating", "Ensure this value is less than or equal to 5."),
        **FOR_MEMBERS,
    },
    "examples": [example_request({"drill": "spend-it", "rating": 5}), example(_SAID)],
}
TAKE_BACK: dict[str, Any] = {
    "tags": TAGS,
    "operation_id": "practice_feedback_take_back",
    "summary": "Take back a rating",
    "responses": {204: GONE, **FOR_MEMBERS, 404: NOT_FOUND},
}

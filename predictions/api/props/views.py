"""Player props over HTTP. Thin callers of `predictions.basketball.asking`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.api.errors import error_body
from matches.errors import MatchDataError
from predictions.api.props import documentation as documented
from predictions.api.props.serializers import (
    BatchContextQuestionSerializer,
    ContextQuestionSerializer,
    PropQuestionSerializer,
    TeamQuestionSerializer,
)
from predictions.api.props.teams import teams_told
from predictions.api.props.telling import opponents_of, refused, told
from predictions.api.throttles import PredictThrottle
from predictions.basketball.asking import Answer, ask
from predictions.basketball.context import contexts
from predictions.basketball.questions import Question
from predictions.errors import PredictionError, TooMany

MOST_QUESTIONS = 20
MOST_PLAYERS = 50


class AskingView(APIView):
    """Whoever asks makes rows in the ledger, so fewer may be asked for than may be read."""

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), PredictThrottle()]


class PredictView(AskingView):
    @extend_schema(**documented.PREDICT)
    def post(self, request: Request) -> Response:
        """Forecast a player's count and its chances at a line."""
        asked = PropQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        [answer] = ask([asked.question()], user=request.user)
        if not isinstance(answer, Answer):
            raise answer
        return Response(told(answer, opponents_of([answer]), {"request": request}))


class BatchPredictView(AskingView):
    @extend_schema(**documented.BATCH_PREDICT)
    def post(self, request: Request) -> Response:
        """Forecast up to twenty at once; one that can't be forecast hinders no other."""
        items = _items(request.data)
        read = [_question(item) for item in items]
        questions = [one for one in read if isinstance(one, Question)]
        answers = ask(questions, user=request.user)
        opponents, coming = opponents_of(answers), iter(answers)
        results = []
        for item, one in zip(items, read, strict=True):
            answer = next(coming) if isinstance(one, Question) else one
            if isinstance(answer, Answer):
                results.append(told(answer, opponents, {"request": request}))
            else:
                results.append(refused(answer, item))
        return Response(_counted(results))


class ContextView(APIView):
    @extend_schema(**documented.CONTEXT)
    def get(self, request: Request) -> Response:
        """What was known of a player before a day."""
        asked = ContextQuestionSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        [context] = contexts([told["player_name"]], told["stat_type"], told.get("game_date"))
        if isinstance(context, Exception):
            raise context
        return Response(context)


class BatchContextView(APIView):
    @extend_schema(**documented.BATCH_CONTEXT)
    def post(self, request: Request) -> Response:
        """What was known of up to fifty players before a day; one that nobody knows hinders no other."""
        asked = BatchContextQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        names = asked.validated_data["players"]
        if len(names) > MOST_PLAYERS:
            raise TooMany(f"{len(names)} players are too many at once: send at most {MOST_PLAYERS}.")
        found = contexts(names, asked.validated_data["stat_type"], asked.validated_data.get("game_date"))
        results = [
            {"player_name": name, "error": error_body(one)} if isinstance(one, Exception) else one
            for name, one in zip(names, found, strict=True)
        ]
        return Response(_counted(results))


class TeamAdvancedView(APIView):
    @extend_schema(**documented.TEAM_ADVANCED)
    def get(self, request: Request) -> Response:
        """Pace and ratings of a team, or of all, from its games of a season before a day."""
        asked = TeamQuestionSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return Response(teams_told(**asked.validated_data))


def _counted(results: list[dict[str, Any]]) -> dict[str, Any]:
    failed = sum("error" in result for result in results)
    return {"results": results, "succeeded": len(results) - failed, "failed": failed}


def _items(data: Any) -> Sequence[Any]:
    """Raises ValidationError, TooMany."""
    items = data.get("items") if isinstance(data, Mapping) else data
    if not isinstance(items, list) or not items:
        raise serializers.ValidationError({"items": ["Send a list of one to twenty questions."]})
    if len(items) > MOST_QUESTIONS:
        raise TooMany(f"{len(items)} questions are too many at once: send at most {MOST_QUESTIONS}.")
    return items


def _question(item: Any) -> Question | MatchDataError | PredictionError | dict[str, Any]:
    """What an entry asks, or why it can't be read."""
    asked = PropQuestionSerializer(data=item)
    try:
        asked.is_valid(raise_exception=True)
    except (MatchDataError, PredictionError) as error:
        return error
    except serializers.ValidationError as error:
        words = "This entry can't be used" + (
            f": {', '.join(error.detail)}." if isinstance(error.detail, dict) else "."
        )
        return {"code": "invalid", "message": words, "detail": error.detail}
    return asked.question()

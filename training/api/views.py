"""The coach over HTTP: what holds a player back, what to practise, and whether the model behind it is well."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.coaching import may_see
from accounts.models import User
from mlmodels.errors import ModelError
from predictions.api.throttles import PredictThrottle
from predictions.errors import PredictionError
from training import analysing, caching, status
from training.api import answers
from training.api import documentation as documented
from training.api.serializers import (
    DEFAULT_RECOMMENDATIONS,
    AnalysisQuestionSerializer,
    RecommendationQuestionSerializer,
    asked_categories,
)
from training.errors import TrainingError
from training.recommending import recommend

NAMED_TYPES = ("insufficient_data", "model_not_trained")
EVERYTHING = {"max_recommendations": DEFAULT_RECOMMENDATIONS, "categories": None, "skill_level": None}
"""What is asked where nothing is said: that alone becomes what the player's pages recommend."""


class CoachView(APIView):
    """Asks about a player whom the caller may see; says in two more names why it can't be answered."""

    permission_classes = (IsAuthenticated,)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        handle = super().get_exception_handler()

        def handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
            response: Response | None = handle(error, context)
            if response is not None and isinstance(error, (TrainingError, ModelError, PredictionError)):
                response.data = _also_named(response.data)
            return response

        return handler

    def player(self, user_id: int) -> User:
        """Raises NotFound in the same words for nobody and for somebody whom the caller may not see."""
        viewer = self.request.user
        assert isinstance(viewer, User)  # noqa: S101 - for the type checker: IsAuthenticated has seen to it
        if user_id == viewer.pk:
            return viewer
        player = User.objects.filter(pk=user_id).first()
        if player is None or not may_see(viewer, player):
            raise NotFound(f"There is no player {user_id} whom you may see.")
        return player

    def limit(self) -> None:
        """What is not kept may make a row in the ledger: of that less may be asked. Raises Throttled."""
        throttle = PredictThrottle()
        if not throttle.allow_request(self.request, self):
            self.throttled(self.request, throttle.wait() or 0.0)


class AnalyzeWeaknessesView(CoachView):
    @extend_schema(**documented.ANALYZE)
    def post(self, request: Request) -> Response:
        """Compare a player's matches with their rank, and name what most likely holds them back."""
        asked = AnalysisQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        player = self.player(told["user_id"])
        ids = sorted({str(match) for match in told.get("match_ids") or ()})
        depth = analysing.Depth(told["analysis_depth"])

        def make() -> dict[str, Any]:
            self.limit()
            return answers.analysis(analysing.analyse(player, replay_ids=ids or None, depth=depth))

        answer = caching.answered("analysis", player, {"matches": ids, "depth": depth}, make)
        return Response(answer if told["include_confidence"] else answers.without_confidence(answer))


class RecommendTrainingView(CoachView):
    @extend_schema(**documented.RECOMMEND)
    def post(self, request: Request) -> Response:
        """Analyse a player's newest matches, and recommend what to practise."""
        asked = RecommendationQuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        player = self.player(told["user_id"])
        wanted = {
            "max_recommendations": told["max_recommendations"],
            "categories": asked_categories(told),
            "skill_level": told.get("skill_level"),
        }

        def make() -> dict[str, Any]:
            self.limit()
            began = time.perf_counter()
            report = analysing.analyse(player)
            found = recommend(report, **wanted, store=wanted == EVERYTHING)
            return answers.recommendations(report, found, seconds=time.perf_counter() - began)

        return Response(caching.answered("recommendations", player, wanted, make))


class ModelStatusView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(**documented.STATUS)
    def get(self, request: Request) -> Response:
        """The model that names weaknesses: whether it is well, its figures, and how often answers were kept ones."""
        return Response(status.of_model())


def _also_named(body: Mapping[str, Any]) -> dict[str, Any]:
    """`detail` in words and a `type`, as clients of these endpoints expect; figures stand beside them."""
    figures = body.get("detail") or {}
    kind = body["code"] if body["code"] in NAMED_TYPES else "ml_error"
    return {**figures, "code": body["code"], "message": body["message"], "detail": body["message"], "type": kind}

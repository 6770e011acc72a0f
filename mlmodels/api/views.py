"""Models over HTTP: their state, their training, their promotion. Thin callers of runs, promotion and registry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from mlmodels import promotion, registry, runs
from mlmodels.api import documentation as documented
from mlmodels.api.figures import figures_of
from mlmodels.api.problems import asked_problem
from mlmodels.api.serializers import (
    DecisionSerializer,
    HistorySerializer,
    LeagueSerializer,
    QueuedSerializer,
    RollBackSerializer,
    StatusSerializer,
    TaskSerializer,
    TrainSerializer,
    VersionDetailSerializer,
    VersionSerializer,
)
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Problem


class StatusView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(**documented.STATUS)
    def get(self, request: Request) -> Response:
        """Which model is in service, and whether one is being trained."""
        problem = asked_problem(request)
        champion = registry.champion(problem.slug)
        run = TrainingRun.objects.for_problem(problem.slug).in_flight().select_related("model_version").first()
        newest = ModelVersion.objects.for_problem(problem.slug).order_by("-training_completed_at").first()
        state = {
            "problem": problem.slug,
            "champion": champion,
            "is_training": run is not None,
            "training": run,
            "last_trained_at": newest.training_completed_at if newest else None,
            "metrics": figures_of(champion) if champion else None,
        }
        return Response(StatusSerializer(state).data)


class LeaguesView(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(**documented.LEAGUES)
    def get(self, request: Request) -> Response:
        """Competitions that a model may be trained on, by country and code."""
        return Response(LeagueSerializer(asked_problem(request).choices()["competitions"], many=True).data)


class TrainView(APIView):
    permission_classes = (IsAdminUser,)
    throttle_scope = "train"

    @extend_schema(**documented.TRAIN)
    def post(self, request: SignedInRequest) -> Response:
        """Have a model trained in the background; what the same request has in flight is not begun twice."""
        wanted = TrainSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        run, _ = runs.request_run(requested_by=request.user, **wanted.validated_data)
        return Response(QueuedSerializer(run).data, status=202)


class VersionsView(generics.ListAPIView[ModelVersion]):
    """Trained versions of a problem, newest first."""

    permission_classes = (IsAdminUser,)
    serializer_class = VersionSerializer
    filterset_fields = ("role", "algorithm")

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return ModelVersion.objects.for_problem(asked_problem(self.request).slug)

    @extend_schema(**documented.VERSIONS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class VersionView(generics.RetrieveAPIView[ModelVersion]):
    permission_classes = (IsAdminUser,)
    serializer_class = VersionDetailSerializer
    queryset = ModelVersion.objects.without_weights()
    lookup_field = "version"

    @extend_schema(**documented.VERSION)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One version with its intervals, calibration, confusion matrix, course over time and importances."""
        return super().get(request, *args, **kwargs)


class LimitSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=200, default=20)


class HistoryView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.HISTORY)
    def get(self, request: Request) -> Response:
        """The latest training runs of a problem, newest first."""
        asked = LimitSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        latest = TrainingRun.objects.for_problem(asked_problem(request).slug).select_related("model_version")
        return Response(HistorySerializer(latest[: asked.validated_data["limit"]], many=True).data)


class TaskView(generics.RetrieveAPIView[TrainingRun]):
    """How a training run is getting on."""

    permission_classes = (IsAdminUser,)
    serializer_class = TaskSerializer
    queryset = TrainingRun.objects.select_related("model_version")
    lookup_url_kwarg = "task_id"

    @extend_schema(**documented.TASK)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class CancelView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.CANCEL)
    def post(self, request: Request, task_id: UUID) -> Response:
        """End a queued run now, a running one at its next step."""
        run = get_object_or_404(TrainingRun.objects.select_related("model_version"), pk=task_id)
        return Response(TaskSerializer(runs.cancel(run)).data)


class PromoteView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.PROMOTE)
    def post(self, request: SignedInRequest, version: str) -> Response:
        """Put a version into service; the champion before it is archived and may be rolled back to."""
        decision = DecisionSerializer(data=request.data)
        decision.is_valid(raise_exception=True)
        chosen = get_object_or_404(ModelVersion, version=version)
        audit = promotion.promote(chosen, by=request.user, reason=decision.validated_data["reason"])
        return Response(VersionSerializer(audit.version).data)


class RollBackView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.ROLL_BACK)
    def post(self, request: SignedInRequest) -> Response:
        """Bring back the champion that the present one replaced."""
        asked = RollBackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        problem: Problem = asked.validated_data["problem"]
        audit = promotion.roll_back(problem.slug, by=request.user, reason=asked.validated_data["reason"])
        return Response(VersionSerializer(audit.version).data)

"""A/B experiments over HTTP, for staff. Thin callers of `predictions.experimenting`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from predictions.api.experiments import documentation as documented
from predictions.api.experiments.serializers import (
    ExperimentDraftSerializer,
    ExperimentReportSerializer,
    ExperimentSerializer,
    ExperimentStopSerializer,
)
from predictions.experimenting import changing
from predictions.experimenting.report import report
from predictions.models import Experiment


class ExperimentsView(generics.ListAPIView[Experiment]):
    """Experiments, newest first."""

    permission_classes = (IsAdminUser,)
    serializer_class = ExperimentSerializer
    filterset_fields = ("problem", "status", "unit")

    def get_queryset(self) -> QuerySet[Experiment]:
        return Experiment.objects.all().with_arms()

    @extend_schema(**documented.LIST)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(**documented.DRAFT)
    def post(self, request: SignedInRequest) -> Response:
        """Write an experiment down; nobody has an arm before it is started."""
        asked = ExperimentDraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        drafted = changing.draft(by=request.user, **asked.validated_data)
        return Response(_told(drafted), status=201)


class ExperimentView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.DETAIL)
    def get(self, request: Request, pk: int) -> Response:
        """One experiment, as it was drafted."""
        return Response(_told(_found(pk)))

    @extend_schema(**documented.DISCARD)
    def delete(self, request: Request, pk: int) -> Response:
        """Throw a draft away, and show it once more; what has begun is kept."""
        experiment = _found(pk)
        told = _told(experiment)
        changing.discard(experiment)
        return Response(told)


class StartView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.START)
    def post(self, request: Request, pk: int) -> Response:
        """Begin a draft now, or at its time. From then on it can't be changed, only stopped."""
        return Response(_told(changing.start(_found(pk))))


class StopView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.STOP)
    def post(self, request: Request, pk: int) -> Response:
        """End a running experiment: the champion answers everybody again."""
        given = ExperimentStopSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_told(changing.stop(_found(pk), reason=given.validated_data["reason"])))


class ReportView(APIView):
    permission_classes = (IsAdminUser,)

    @extend_schema(**documented.REPORT)
    def get(self, request: Request, pk: int) -> Response:
        """Each arm's figures, its difference to the control, and a winner once there is one."""
        return Response(ExperimentReportSerializer(report(_found(pk)), context={"request": request}).data)


def _found(pk: int) -> Experiment:
    return get_object_or_404(Experiment.objects.all().with_arms(), pk=pk)


def _told(experiment: Experiment) -> Any:
    return ExperimentSerializer(experiment).data

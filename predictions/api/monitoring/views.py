"""Watching over HTTP, for staff: the same reports and verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem
from predictions import reinforcing
from predictions.api.monitoring import documentation as documented
from predictions.api.monitoring.serializers import (
    DriftEventSerializer,
    QualitySerializer,
    ReinforcementPolicySerializer,
    ReportDetailSerializer,
    ReportSerializer,
    RetrainingPolicySerializer,
)
from predictions.models import DriftEvent, MonitorReport, QualityReport
from predictions.monitoring.policies import change_policy, policy_of
from predictions.reading.monitoring import latest_reports

STAFF = (IsAdminUser,)


@extend_schema_view(get=extend_schema(**documented.LIST))
class MonitoringView(generics.ListAPIView[MonitorReport]):
    """The latest report of every champion."""

    permission_classes = STAFF
    serializer_class = ReportSerializer
    queryset = MonitorReport.objects.none()
    filterset_fields = ("problem",)

    def get_queryset(self) -> QuerySet[MonitorReport]:
        champions = list(ModelVersion.objects.champions().only("pk"))
        newest = [report.pk for report in latest_reports(champions).values()]
        return MonitorReport.objects.filter(pk__in=newest).select_related("version").defer("evidence", "expected")


class MonitoringVersionView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.DETAIL)
    def get(self, request: Request, version: str) -> Response:
        """The latest report of a version, with its evidence."""
        found = get_object_or_404(ModelVersion.objects.without_weights(), version=version)
        report = latest_reports([found]).get(found.pk)
        if report is None:
            raise Http404
        report.version = found
        return Response(ReportDetailSerializer(report).data)


@extend_schema_view(get=extend_schema(**documented.HISTORY))
class MonitoringHistoryView(generics.ListAPIView[MonitorReport]):
    """Every day of a version in service, the latest first."""

    permission_classes = STAFF
    serializer_class = ReportSerializer
    queryset = MonitorReport.objects.none()
    ordering = "-day"

    def get_queryset(self) -> QuerySet[MonitorReport]:
        version = get_object_or_404(ModelVersion.objects.only("pk"), version=self.kwargs["version"])
        reports = MonitorReport.objects.filter(version=version)
        return reports.select_related("version").defer("evidence", "expected")


@extend_schema_view(get=extend_schema(**documented.DRIFT))
class DriftView(generics.ListAPIView[DriftEvent]):
    """Days on which inputs or predictions had drifted, the latest first."""

    permission_classes = STAFF
    queryset = DriftEvent.objects.select_related("version")
    serializer_class = DriftEventSerializer
    filterset_fields = ("problem", "day")


@extend_schema_view(get=extend_schema(**documented.QUALITY))
class QualityView(generics.ListAPIView[QualityReport]):
    """What came in, a row a problem and day, the latest first."""

    permission_classes = STAFF
    queryset = QualityReport.objects.all()
    serializer_class = QualitySerializer
    filterset_fields = ("problem", "day", "is_stale")


class PolicyView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.POLICY)
    def get(self, request: Request, problem: str) -> Response:
        """When a problem's champions are trained again without a person asking."""
        return Response(RetrainingPolicySerializer(policy_of(get_problem(problem).slug)).data)

    @extend_schema(request=RetrainingPolicySerializer, **documented.CHANGE_POLICY)
    def patch(self, request: Request, problem: str) -> Response:
        """Change what you name of it; the rest stays."""
        declared = get_problem(problem)
        asked: Any = RetrainingPolicySerializer(policy_of(declared.slug), data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return Response(RetrainingPolicySerializer(change_policy(declared.slug, **asked.validated_data)).data)


class ReinforcementView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.REINFORCEMENT)
    def get(self, request: Request, problem: str) -> Response:
        """When confident mistakes make a problem's champion be fine-tuned into a challenger."""
        return Response(ReinforcementPolicySerializer(reinforcing.policy_of(problem)).data)

    @extend_schema(request=ReinforcementPolicySerializer, **documented.CHANGE_REINFORCEMENT)
    def patch(self, request: Request, problem: str) -> Response:
        """Change what you name of it; the rest stays."""
        policy = reinforcing.policy_of(problem)
        asked: Any = ReinforcementPolicySerializer(policy, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        changed = reinforcing.change_policy(problem, **asked.validated_data)
        return Response(ReinforcementPolicySerializer(changed).data)

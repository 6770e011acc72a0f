"""Searches for hyper-parameters over HTTP; they are asked for with `/api/model/train`."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAdminUser

from mlmodels.api.tuning import documentation as documented
from mlmodels.api.tuning.serializers import StudyDetailSerializer, StudySerializer
from mlmodels.models import TuningStudy


@extend_schema_view(get=extend_schema(**documented.LIST))
class StudiesView(generics.ListAPIView[TuningStudy]):
    """Every search, newest first."""

    permission_classes = (IsAdminUser,)
    serializer_class = StudySerializer
    filterset_fields = ("problem", "algorithm")
    ordering = "-created_at"

    def get_queryset(self) -> QuerySet[TuningStudy]:
        return TuningStudy.objects.with_counts()


@extend_schema_view(get=extend_schema(**documented.DETAIL))
class StudyView(generics.RetrieveAPIView[TuningStudy]):
    """One search with all its trials, in the order they were tried."""

    permission_classes = (IsAdminUser,)
    serializer_class = StudyDetailSerializer

    def get_queryset(self) -> QuerySet[TuningStudy]:
        return TuningStudy.objects.with_counts().prefetch_related("trials")

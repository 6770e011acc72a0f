"""Predictions over HTTP: reading the ledger, and asking for more."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from matches.models import Match
from mlmodels.api.problems import asked_problem
from predictions.api import documentation as documented
from predictions.api.asking import answered, readable_to
from predictions.api.filters import PredictionFilters
from predictions.api.serializers import (
    LedgerSerializer,
    MatchDetailSerializer,
    PredictionDetailSerializer,
    PredictionSerializer,
    SubjectSerializer,
    SubjectsSerializer,
)
from predictions.api.throttles import PredictThrottle
from predictions.models import LedgerHead, Prediction


class ReadablePredictions(generics.GenericAPIView[Prediction]):
    """What this person may read: everything but what others were told in the shadow, which is for staff."""

    def get_queryset(self) -> QuerySet[Prediction]:
        return readable_to(self.request.user)


@extend_schema_view(get=extend_schema(**documented.LIST), post=extend_schema(**documented.PREDICT))
class PredictionsView(ReadablePredictions, generics.ListAPIView[Prediction]):
    """The ledger, latest row first."""

    serializer_class = PredictionSerializer
    filterset_class = PredictionFilters
    ordering = "-sequence"

    def get_throttles(self) -> list[BaseThrottle]:
        own = [PredictThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *own]

    def post(self, request: Request) -> Response:
        """Have one subject predicted, or a list of up to 20, now, and write it into the ledger."""
        many = isinstance(request.data, list)
        asked = (SubjectsSerializer if many else SubjectSerializer)(data=request.data)
        asked.is_valid(raise_exception=True)
        references = asked.validated_data if many else [asked.validated_data]
        made = answered(asked_problem(request).slug, references, user=request.user)
        told = PredictionDetailSerializer(made, many=True, context=self.get_serializer_context()).data
        return Response(told if many else told[0], status=201)


@extend_schema_view(get=extend_schema(**documented.DETAIL))
class PredictionView(ReadablePredictions, generics.RetrieveAPIView[Prediction]):
    """One row of the ledger with everything that its hash covers."""

    serializer_class = PredictionDetailSerializer


class LedgerView(APIView):
    @extend_schema(**documented.LEDGER)
    def get(self, request: Request) -> Response:
        """The end of the chain of hashes."""
        return Response(LedgerSerializer(LedgerHead.objects.filter(pk=1).first() or LedgerHead()).data)


@extend_schema_view(get=extend_schema(**documented.MATCH))
class MatchView(generics.RetrieveAPIView[Match]):
    """A match, its odds, and the last thing that was said of it."""

    queryset = Match.objects.with_names()
    serializer_class = MatchDetailSerializer

"""Asking for backtests, following, ending and reading them. Thin callers of the same verbs as the pages."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import BasePermission, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from predictions.api.backtests import documentation as documented
from predictions.api.backtests.serializers import AskSerializer, BacktestDetailSerializer, BacktestSerializer
from predictions.api.prices import why_hidden
from predictions.backtesting import asking, bets_file
from predictions.models import Backtest


class IsAdult(BasePermission):
    """Lets nobody see stakes and prices who has not confirmed to be 18 or older."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        self.message = why_hidden({"request": request})
        return self.message is None


PERMISSIONS = (IsAdminUser, IsAdult)


@extend_schema_view(get=extend_schema(**documented.LIST))
class BacktestsView(generics.ListAPIView[Backtest]):
    """Every backtest, newest first."""

    permission_classes = PERMISSIONS
    queryset = Backtest.objects.defer("figures", "logs")
    serializer_class = BacktestSerializer
    filterset_fields = ("status", "problem", "algorithm")
    ordering = ("-created_at", "-pk")

    @extend_schema(**documented.ASK)
    def post(self, request: SignedInRequest) -> Response:
        """Have a backtest carried out in the background; the same on unchanged data is not done twice."""
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        force = asked.validated_data["force"]
        backtest, created = asking.request_backtest(asked.plan(), requested_by=request.user, force=force)
        return Response(BacktestDetailSerializer(backtest).data, status=202 if created else 200)


@extend_schema_view(get=extend_schema(**documented.DETAIL))
class BacktestView(generics.RetrieveAPIView[Backtest]):
    """How a backtest is getting on, and what came of it."""

    permission_classes = PERMISSIONS
    queryset = Backtest.objects.defer("logs")
    serializer_class = BacktestDetailSerializer


class CancelView(APIView):
    permission_classes = PERMISSIONS

    @extend_schema(**documented.CANCEL)
    def post(self, request: Request, pk: UUID) -> Response:
        """End a queued backtest now, a running one at its next step."""
        return Response(BacktestSerializer(asking.cancel(get_object_or_404(Backtest, pk=pk))).data)


class BetsView(APIView):
    permission_classes = PERMISSIONS

    @extend_schema(**documented.BETS)
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        """Every bet of a completed backtest as CSV."""
        backtest = get_object_or_404(Backtest.objects.completed(), pk=pk)
        return StreamingHttpResponse(bets_file.as_csv(backtest), content_type="text/csv; charset=utf-8")

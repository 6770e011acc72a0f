"""Alerts over HTTP, for staff: what waits, who is told, what was sent. Thin callers of the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.api.requests import SignedInRequest
from predictions import alerting
from predictions.api.alerts import documentation as documented
from predictions.api.alerts.serializers import (
    AcknowledgementSerializer,
    AlertDetailSerializer,
    AlertSerializer,
    ChannelSerializer,
    DeliveryDetailSerializer,
    DeliverySerializer,
    RuleSerializer,
    SecretSerializer,
)
from predictions.delivering import channels, sending
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule

STAFF = (IsAdminUser,)
READ_CHANGE_DELETE = ("get", "head", "options", "patch", "delete")


@extend_schema_view(get=extend_schema(**documented.LIST))
class AlertsView(generics.ListAPIView[Alert]):
    """Every alert, the one that opened last first."""

    permission_classes = STAFF
    queryset = Alert.objects.select_related("acknowledged_by", "resolved_by").defer("evidence")
    serializer_class = AlertSerializer
    filterset_fields = ("status", "kind", "severity", "problem")


@extend_schema_view(get=extend_schema(**documented.DETAIL))
class AlertView(generics.RetrieveAPIView[Alert]):
    """One alert with its evidence."""

    permission_classes = STAFF
    queryset = Alert.objects.select_related("acknowledged_by", "resolved_by")
    serializer_class = AlertDetailSerializer


class AcknowledgeView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.ACKNOWLEDGE)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Say that somebody looks after it: it is counted on in silence, and nobody is told again."""
        said = AcknowledgementSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        alert = alerting.acknowledge(get_object_or_404(Alert, pk=pk), by=request.user, **said.validated_data)
        return Response(AlertDetailSerializer(alert).data)


class ResolveView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.RESOLVE)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Close it, because it is over. Should it happen again, a new alert opens."""
        alert = alerting.resolve_alert(get_object_or_404(Alert, pk=pk), by=request.user)
        return Response(AlertDetailSerializer(alert).data)


@extend_schema_view(get=extend_schema(**documented.RULES), post=extend_schema(**documented.ADD_RULE))
class RulesView(generics.ListCreateAPIView[AlertRule]):
    """The thresholds at which alerts are raised."""

    permission_classes = STAFF
    queryset = AlertRule.objects.all()
    serializer_class = RuleSerializer


class Answering(generics.RetrieveUpdateDestroyAPIView[Any]):
    """Read, change in part, or delete; a deletion answers what was deleted."""

    permission_classes = STAFF
    http_method_names = READ_CHANGE_DELETE

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        told = self.get_serializer(row).data
        row.delete()
        return Response(told)


@extend_schema_view(
    get=extend_schema(**documented.RULE),
    patch=extend_schema(**documented.CHANGE_RULE),
    delete=extend_schema(**documented.DELETE_RULE),
)
class RuleView(Answering):
    """One rule."""

    queryset = AlertRule.objects.all()
    serializer_class = RuleSerializer


@extend_schema_view(get=extend_schema(**documented.CHANNELS))
class ChannelsView(generics.ListCreateAPIView[AlertChannel]):
    """Who is told of alerts."""

    permission_classes = STAFF
    queryset = AlertChannel.objects.all()
    serializer_class = ChannelSerializer

    @extend_schema(**documented.ADD_CHANNEL)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a webhook or an e-mail address. A webhook's secret is in this answer, and in no other."""
        asked = ChannelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = asked.row(asked.validated_data)
        channel, secret = channels.add(row, secret=asked.validated_data.get("secret", ""))
        return Response({**ChannelSerializer(channel).data, "secret": secret}, status=201)


@extend_schema_view(
    get=extend_schema(**documented.CHANNEL),
    patch=extend_schema(**documented.CHANGE_CHANNEL),
    delete=extend_schema(**documented.DELETE_CHANNEL),
)
class ChannelView(Answering):
    """One channel."""

    queryset = AlertChannel.objects.all()
    serializer_class = ChannelSerializer

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        if isinstance(serializer, ChannelSerializer):
            serializer.instance = channels.change(serializer.row(serializer.validated_data))


class ChannelTestView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.TEST_CHANNEL)
    def post(self, request: Request, pk: int) -> Response:
        """Queue a message that says that it is a test; ask for it by its id to see how it went."""
        delivery = channels.send_test(get_object_or_404(AlertChannel, pk=pk))
        return Response(DeliveryDetailSerializer(delivery).data, status=202)


class ReplaceSecretView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.REPLACE_SECRET)
    def post(self, request: Request, pk: int) -> Response:
        """Make a new secret. For a day the old one signs as well, so that no message is lost in between."""
        channel = get_object_or_404(AlertChannel, pk=pk)
        secret = channels.replace_secret(channel)
        channel.refresh_from_db()
        told = {"secret": secret, "previous_secret_until": channel.previous_secret_until}
        return Response(SecretSerializer(told).data)


@extend_schema_view(get=extend_schema(**documented.DELIVERIES))
class DeliveriesView(generics.ListAPIView[AlertDelivery]):
    """Messages to channels: sent, waiting, given up; the newest first."""

    permission_classes = STAFF
    queryset = AlertDelivery.objects.select_related("channel").defer("body", "response_start")
    serializer_class = DeliverySerializer
    filterset_fields = ("status", "channel", "alert")
    ordering = ("-created_at", "-pk")


@extend_schema_view(get=extend_schema(**documented.DELIVERY))
class DeliveryView(generics.RetrieveAPIView[AlertDelivery]):
    """A message with what it says and what was answered."""

    permission_classes = STAFF
    queryset = AlertDelivery.objects.select_related("channel")
    serializer_class = DeliveryDetailSerializer


class ResendView(APIView):
    permission_classes = STAFF

    @extend_schema(**documented.RESEND)
    def post(self, request: Request, pk: str) -> Response:
        """Queue it once more, with all its attempts, under the same id."""
        delivery = sending.resend(get_object_or_404(AlertDelivery, pk=pk))
        return Response(DeliveryDetailSerializer(delivery).data, status=202)

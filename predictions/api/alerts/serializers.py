"""The shapes of `/api/alerts/`: what needs a person, who is told, and what was sent."""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import ValidationError as InvalidFields
from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from predictions.alerting import LONGEST_COMMENT
from predictions.delivering.signing import SHORTEST_SECRET
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """One condition that needs a person."""

    acknowledged_by = serializers.CharField(
        source="acknowledged_by.shown_name", allow_null=True, default=None, help_text="Who looks after it."
    )
    resolved_by = serializers.CharField(
        source="resolved_by.shown_name", allow_null=True, default=None, help_text="Null: the condition went away."
    )

    class Meta:
        model = Alert
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "key",
            "severity",
            "status",
            "problem",
            "title",
            "message",
            "count",
            "first_at",
            "last_at",
            "acknowledged_by",
            "acknowledged_at",
            "comment",
            "resolved_by",
            "resolved_at",
        )


class AlertDetailSerializer(AlertSerializer):
    """An alert with what it rests on."""

    evidence = serializers.JSONField(read_only=True, help_text="Figures, as whoever raised it wrote them down.")

    class Meta(AlertSerializer.Meta):
        fields = (*AlertSerializer.Meta.fields, "evidence")


class AcknowledgementSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What you found, or what you will do."""

    comment = serializers.CharField(max_length=LONGEST_COMMENT, required=False, default="", allow_blank=True)


class RuleSerializer(KnownFieldsMixin, serializers.ModelSerializer[AlertRule]):
    """A threshold on the daily figures of the champion."""

    class Meta:
        model = AlertRule
        fields = (
            "id",
            "name",
            "description",
            "problem",
            "metric",
            "comparison",
            "threshold",
            "days",
            "minimum_events",
            "severity",
            "enabled",
        )


class ChannelSerializer(KnownFieldsMixin, serializers.ModelSerializer[AlertChannel]):
    """Where alerts are sent. A secret goes in, or is made, and never comes out again."""

    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Alert.Kind.choices),
        required=False,
        help_text="Kinds of alerts that are sent; empty: all.",
    )
    secret = serializers.CharField(
        write_only=True,
        required=False,
        min_length=SHORTEST_SECRET,
        max_length=200,
        help_text="Of a new webhook, where the receiver has one already; left out, one is made.",
    )

    class Meta:
        model = AlertChannel
        fields: tuple[str, ...] = (
            "id",
            "name",
            "kind",
            "url",
            "email",
            "minimum_severity",
            "kinds",
            "enabled",
            "note",
            "secret",
            "previous_secret_until",
            "created_at",
        )
        read_only_fields = ("note", "previous_secret_until", "created_at")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Against the whole row as it would become, in the words of its model."""
        if self.instance and attrs.get("kind", self.instance.kind) != self.instance.kind:
            raise serializers.ValidationError({"kind": ["A channel keeps its kind: make another one."]})
        if self.instance and "secret" in attrs:
            raise serializers.ValidationError({"secret": ["A secret is replaced by its own address."]})
        try:
            self.row(attrs).clean()
        except InvalidFields as error:
            raise serializers.ValidationError(error.message_dict) from None
        return attrs

    def row(self, attrs: dict[str, Any]) -> AlertChannel:
        """The channel as `attrs` would have it, not saved."""
        channel = copy.copy(self.instance) if self.instance else AlertChannel()
        for name, value in attrs.items():
            if name != "secret":
                setattr(channel, name, value)
        return channel


class NewChannelSerializer(ChannelSerializer):
    """The channel, with a webhook's secret for the only time."""

    secret = serializers.CharField(read_only=True, help_text="Empty for an e-mail channel.")


class SecretSerializer(serializers.Serializer[Any]):
    """A webhook's new secret, shown once."""

    secret = serializers.CharField()
    previous_secret_until = serializers.DateTimeField(help_text="Until then the old one signs as well.")


class DeliverySerializer(serializers.ModelSerializer[AlertDelivery]):
    """A message to one channel, and how it went."""

    channel = serializers.CharField(source="channel.name")

    class Meta:
        model = AlertDelivery
        fields: tuple[str, ...] = (
            "id",
            "channel",
            "alert",
            "alert_kind",
            "severity",
            "gathered",
            "subject",
            "status",
            "attempts",
            "next_attempt_at",
            "response_status",
            "error",
            "created_at",
            "finished_at",
        )


class DeliveryDetailSerializer(DeliverySerializer):
    """A message with what it says and what was answered."""

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "body", "response_start")

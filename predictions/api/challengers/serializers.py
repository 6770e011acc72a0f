"""How a challenger stands, what was decided, and the policy, as clients read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from mlmodels.forms import LONGEST_REASON
from mlmodels.models import Promotion, PromotionPolicy
from predictions.reading.challengers import Board, Row


class PromotionPolicySerializer(serializers.ModelSerializer[PromotionPolicy]):
    """By which rule a challenger becomes champion."""

    problem = serializers.CharField(read_only=True)
    updated_by = serializers.CharField(source="updated_by.shown_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = PromotionPolicy
        fields = (
            "problem",
            "enabled",
            "minimum_pairs",
            "minimum_days",
            "minimum_improvement",
            "alpha",
            "require_approval",
            "loss",
            "updated_at",
            "updated_by",
        )
        read_only_fields = ("updated_at",)


class ChangePromotionPolicySerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Only what is sent changes. Which numbers are possible, the policy itself says."""

    enabled = serializers.BooleanField(required=False)
    minimum_pairs = serializers.IntegerField(required=False, help_text="1 to 1,000,000.")
    minimum_days = serializers.IntegerField(required=False, help_text="0 to 3,650.")
    minimum_improvement = serializers.FloatField(required=False, help_text="0 to 0.9; 0.03 is 3 %.")
    alpha = serializers.FloatField(required=False, help_text="Between 0 and 1, both excluded.")
    require_approval = serializers.BooleanField(required=False)
    loss = serializers.CharField(
        required=False, allow_blank=True, help_text="log_loss, brier, rps; empty: the problem's primary metric."
    )


class EvidenceSerializer(serializers.Serializer[Any]):
    """One look. Differences are the champion's loss minus the challenger's; null where nothing is known yet."""

    champion = serializers.CharField()
    challenger_number = serializers.IntegerField(help_text="How many ran against this champion, with this one.")
    loss = serializers.CharField()
    n = serializers.IntegerField(help_text="Observations: events of one match are one.")
    predictions = serializers.IntegerField(help_text="Pairs of settled predictions.")
    days = serializers.IntegerField()
    champion_loss = serializers.FloatField(allow_null=True)
    challenger_loss = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="Lower end of its time-uniform interval.")
    high = serializers.FloatField(allow_null=True)
    relative_improvement = serializers.FloatField(allow_null=True, help_text="Difference over champion_loss.")
    relative_low = serializers.FloatField(allow_null=True)
    relative_high = serializers.FloatField(allow_null=True)
    e_value = serializers.FloatField()
    threshold = serializers.FloatField(help_text="The e-value needed.")


class ConditionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    asked = serializers.CharField()
    found = serializers.CharField()
    is_met = serializers.BooleanField()


class StandingSerializer(serializers.Serializer[Row]):
    """A challenger against the champion that serves."""

    version = serializers.CharField(source="version.version")
    algorithm = serializers.CharField(source="version.algorithm")
    since = serializers.DateTimeField(source="standing.match.since")
    state = serializers.CharField(source="state.title")
    reason = serializers.CharField(source="state.words")
    is_proposed = serializers.SerializerMethodField()
    is_simulated = serializers.BooleanField(help_text="Whether it learned from leagues that were made up.")
    conditions = ConditionSerializer(many=True)
    evidence = EvidenceSerializer(source="standing.evidence")

    def get_is_proposed(self, row: Row) -> bool:
        return row.standing.proposal is not None


class BoardSerializer(serializers.Serializer[Board]):
    """A problem's champion, policy and challengers, the longest first."""

    problem = serializers.CharField(source="problem.slug")
    champion = serializers.CharField(source="champion.version", default=None, allow_null=True)
    policy = PromotionPolicySerializer()
    challengers = StandingSerializer(many=True, source="rows")


class DecisionSerializer(serializers.ModelSerializer[Promotion]):
    """One decision about a version, with the evidence it was made from."""

    version = serializers.CharField(source="version.version")
    previous_champion = serializers.CharField(source="previous_champion.version", default=None, allow_null=True)
    decided_by = serializers.CharField(source="decided_by.shown_name", default=None, allow_null=True)
    from_role = serializers.CharField()
    to_role = serializers.CharField()
    evidence = serializers.JSONField()

    class Meta:
        model = Promotion
        fields = (
            "id",
            "version",
            "decision",
            "from_role",
            "to_role",
            "previous_champion",
            "decided_by",
            "reason",
            "evidence",
            "created_at",
        )


class ApprovalSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_REASON, help_text="Empty: the proposal's own."
    )


class RejectionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Kept with the decision.")

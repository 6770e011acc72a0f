"""Experiments, their arms and what they found, as the API gives and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from mlmodels.api.problems import ProblemField
from mlmodels.models import ModelVersion
from predictions.api.prices import may_see_prices
from predictions.experimenting.changing import LONGEST_NAME, LONGEST_REASON, ArmDraft
from predictions.experimenting.figures import ArmFigures
from predictions.experimenting.report import ArmReport, Comparison, Report, Verdict
from predictions.models import Experiment, ExperimentArm
from predictions.models.experiments import LONGEST_ARM_NAME


class ExperimentArmSerializer(serializers.ModelSerializer[ExperimentArm]):
    """A version in an experiment and its share of the units."""

    version = serializers.CharField(source="version.version")
    share = serializers.DecimalField(None, 4, help_text="In (0, 1].")

    class Meta:
        model = ExperimentArm
        fields = ("name", "version", "share", "is_control")


class ExperimentSerializer(serializers.ModelSerializer[Experiment]):
    """An experiment as it was drafted, and its state."""

    arms = ExperimentArmSerializer(many=True)
    state = serializers.CharField(source="state_in_words", help_text="In words: an end that has come is told here.")

    class Meta:
        model = Experiment
        fields = (
            "id",
            "problem",
            "name",
            "unit",
            "status",
            "state",
            "starts_at",
            "ends_at",
            "stopped_at",
            "stop_reason",
            "created_at",
            "arms",
        )


class ExperimentArmDraftSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """An arm as it is asked for."""

    name = serializers.CharField(max_length=LONGEST_ARM_NAME)
    version = serializers.SlugRelatedField(slug_field="version", queryset=ModelVersion.objects.without_weights())
    share = serializers.DecimalField(None, None, help_text="Above 0, up to 1, in four decimals at most.")
    is_control = serializers.BooleanField(default=False)


class ExperimentDraftSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What to compare: two to five arms whose shares sum to 1, exactly one of them the control."""

    problem = ProblemField()
    name = serializers.CharField(max_length=LONGEST_NAME)
    unit = serializers.ChoiceField(choices=Experiment.Unit.choices)
    starts_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Null: as soon as it is started.")
    ends_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Null: when it is stopped.")
    arms = ExperimentArmDraftSerializer(many=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As `changing.draft` takes it, which refuses what makes no experiment."""
        return {**attrs, "problem": attrs["problem"].slug, "arms": [ArmDraft(**arm) for arm in attrs["arms"]]}


class ExperimentStopSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Why it ends; kept with the experiment."""

    reason = serializers.CharField(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class ArmIntervalSerializer(serializers.Serializer[Any]):
    """A figure with its 95 % interval, for one look; the bounds are null where too few values tell nothing."""

    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ArmFiguresSerializer(serializers.Serializer[ArmFigures]):
    """How an arm did on its settled events; null where nothing is settled."""

    n = serializers.IntegerField(help_text="Events settled.")
    by_champion = serializers.IntegerField(help_text="Of those, answered by the champion: the arm's file was broken.")
    accuracy = ArmIntervalSerializer(allow_null=True)
    log_loss = ArmIntervalSerializer(allow_null=True, help_text="Nats.")
    brier = ArmIntervalSerializer(allow_null=True, help_text="Multi-class, 0..2.")
    rps = ArmIntervalSerializer(allow_null=True, help_text="0..1.")
    calibration_error = ArmIntervalSerializer(allow_null=True, help_text="ECE in ten bins, 0..1.")
    roi = ArmIntervalSerializer(
        allow_null=True, help_text="Profit per unit staked flat; null for who has not confirmed their age."
    )

    def to_representation(self, instance: ArmFigures) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        return told if may_see_prices(self.context) else {**told, "roi": None}


class ArmComparisonSerializer(serializers.Serializer[Comparison]):
    """An arm beside the control: by how much its loss is lower, with an interval that holds at every look."""

    n = serializers.IntegerField(help_text="Events compared on.")
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    e_value = serializers.FloatField(help_text="Evidence that the arm is better.")
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    words = serializers.CharField()


class ArmReportSerializer(serializers.Serializer[ArmReport]):
    arm = serializers.CharField(source="arm.name")
    version = serializers.CharField(source="arm.version.version")
    is_control = serializers.BooleanField(source="arm.is_control")
    figures = ArmFiguresSerializer()
    comparison = ArmComparisonSerializer(allow_null=True, help_text="Null of the control.")


class ExperimentReportSerializer(serializers.Serializer[Report]):
    """What an experiment found so far."""

    loss = serializers.CharField(help_text="What arms are compared by: rps or brier.")
    events = serializers.IntegerField(help_text="Events that count.")
    winner = serializers.CharField(help_text="Name of an arm; empty while there is none.", allow_blank=True)
    words = serializers.CharField()
    arms = ArmReportSerializer(many=True)

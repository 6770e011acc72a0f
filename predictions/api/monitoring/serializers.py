"""The shapes of `/api/monitoring/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from predictions.models import DriftEvent, MonitorReport, QualityReport, ReinforcementPolicy, RetrainingPolicy
from predictions.reinforcing import EDITABLE


class FiguresSerializer(serializers.Serializer[Any]):
    """Figures of settled events; null where there is nothing to go by."""

    settled = serializers.IntegerField()
    accuracy = serializers.FloatField(allow_null=True)
    log_loss = serializers.FloatField(allow_null=True, help_text="Nats.")
    brier = serializers.FloatField(allow_null=True, help_text="0 to 2.")
    rps = serializers.FloatField(allow_null=True, help_text="0 to 1.")
    ece = serializers.FloatField(allow_null=True, help_text="Expected calibration error of ten bins.")
    bets = serializers.IntegerField(help_text="Flat stakes of one unit.")
    roi = serializers.FloatField(allow_null=True, help_text="Their profit over what was staked.")


NAMES = ("settled", "accuracy", "log_loss", "brier", "rps", "ece", "bets", "roi")


class DayFiguresSerializer(FiguresSerializer):
    """Of the day alone."""

    def to_representation(self, instance: MonitorReport) -> dict[str, Any]:
        return {name: getattr(instance, name) for name in NAMES}


class WindowFiguresSerializer(FiguresSerializer):
    """Of the rolling window that ends with the day."""

    def to_representation(self, instance: MonitorReport) -> dict[str, Any]:
        return {name: getattr(instance, f"window_{name}") for name in NAMES}


class ReportSerializer(serializers.ModelSerializer[MonitorReport]):
    """One champion on one day."""

    version = serializers.CharField(source="version.version", read_only=True)
    today = DayFiguresSerializer(source="*", read_only=True)
    window = WindowFiguresSerializer(source="*", read_only=True)

    class Meta:
        model = MonitorReport
        fields: tuple[str, ...] = (
            "version",
            "problem",
            "day",
            "window_from",
            "predicted",
            "today",
            "window",
            "test",
            "computed_at",
        )


class ReportDetailSerializer(ReportSerializer):
    """With what is expected before results are in, and the evidence of decay and drift."""

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "expected", "evidence")


class DriftEventSerializer(serializers.ModelSerializer[DriftEvent]):
    """Inputs or predictions that no longer looked like training."""

    version = serializers.CharField(source="version.version", read_only=True)

    class Meta:
        model = DriftEvent
        fields = (
            "id",
            "version",
            "problem",
            "day",
            "window_from",
            "window_to",
            "rows",
            "trained_rows",
            "features",
            "sentence",
            "run",
        )


class QualitySerializer(serializers.ModelSerializer[QualityReport]):
    """What came in for one problem until one day."""

    failure_rate = serializers.FloatField(allow_null=True, read_only=True)

    class Meta:
        model = QualityReport
        fields = (
            "problem",
            "day",
            "is_stale",
            "last_news_at",
            "overdue",
            "batches",
            "failed_batches",
            "failure_rate",
            "missing",
            "outliers",
            "warnings",
            "rows",
        )


class RetrainingPolicySerializer(KnownFieldsMixin, serializers.ModelSerializer[RetrainingPolicy]):
    """When a problem's champions are trained again without a person asking."""

    problem = serializers.CharField(read_only=True)
    cool_down_days = serializers.IntegerField(required=False, help_text="1 to 365.")
    last_run = serializers.UUIDField(source="last_run_id", read_only=True, allow_null=True)

    class Meta:
        model = RetrainingPolicy
        fields = (
            "problem",
            "enabled",
            "on_schedule",
            "on_decay",
            "on_drift",
            "cool_down_days",
            "yields",
            "last_asked_at",
            "last_cause",
            "last_run",
        )
        read_only_fields = ("last_asked_at", "last_cause")


class ReinforcementPolicySerializer(KnownFieldsMixin, serializers.ModelSerializer[ReinforcementPolicy]):
    """When confident mistakes make a problem's champion be fine-tuned into a challenger."""

    problem = serializers.CharField(read_only=True)

    class Meta:
        model = ReinforcementPolicy
        fields = ("problem", *EDITABLE, "last_run_at")
        read_only_fields = ("last_run_at",)

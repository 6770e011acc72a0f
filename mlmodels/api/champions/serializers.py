"""The shapes of `/api/models`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin

DIGITS = 6


class ChampionSerializer(serializers.Serializer[Any]):
    """The version in service for a problem."""

    version = serializers.CharField()
    algorithm = serializers.CharField()
    trained_at = serializers.DateTimeField(source="training_completed_at")
    trained_on = serializers.IntegerField(source="training_matches", help_text="Examples it learned from.")
    leagues = serializers.ListField(child=serializers.CharField(), source="training_leagues")
    seasons = serializers.ListField(child=serializers.CharField(), source="training_seasons")
    figures = serializers.SerializerMethodField()

    def get_figures(self, version: Any) -> dict[str, float]:
        """The problem's metrics, on rows later than those it learned from; `n` is how many."""
        test = version.metrics.get("test", {})
        return {name: round(value, DIGITS) for name, value in test.items() if isinstance(value, int | float)}


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem, and who answers for it."""

    problem = serializers.CharField()
    title = serializers.CharField()
    family = serializers.CharField(allow_blank=True)
    variant = serializers.CharField(allow_blank=True)
    champion = ChampionSerializer(allow_null=True, help_text="Null where no model is in service.")


class LoadSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Which model to hold: a problem's champion, or a version."""

    problem = serializers.CharField(required=False, max_length=60, help_text="Its slug, or a family with `stat`.")
    stat = serializers.CharField(required=False, max_length=40, help_text="Which of a family: points.")
    version = serializers.CharField(required=False, max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"problem", "version"} & set(attrs):
            raise serializers.ValidationError({"problem": ["Name a problem, or a version."]})
        return attrs


class LoadedSerializer(serializers.Serializer[Any]):
    """What the process that answered holds now."""

    problem = serializers.CharField(source="version.problem")
    version = serializers.CharField(source="version.version")
    algorithm = serializers.CharField(source="version.algorithm")
    serves = serializers.BooleanField(help_text="Whether it answers for its problem.")
    took_ms = serializers.FloatField()
    process = serializers.IntegerField(help_text="The process's id: each holds models of its own.")

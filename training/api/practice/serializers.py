"""Packs, drills, sessions and feedback as the API gives and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from training.models import Category, Drill, PackFeedback, Recommendation, TrainingPack, TrainingSession
from training.sessions import LONGEST_MINUTES, LONGEST_NOTES, Practice

PACKS = TrainingPack.objects.filter(is_active=True)
DRILLS = Drill.objects.filter(is_active=True)


class TrainingPackSerializer(serializers.ModelSerializer[TrainingPack]):
    """A custom training pack of the game, entered there by its code."""

    class Meta:
        model = TrainingPack
        fields = (
            "code",
            "name",
            "creator",
            "category",
            "sub_skill",
            "difficulty",
            "easiest_rank",
            "hardest_rank",
            "shots",
            "description",
            "source",
        )


class DrillSerializer(serializers.ModelSerializer[Drill]):
    """Something to do without a pack."""

    steps = serializers.ListField(child=serializers.CharField(), help_text="What to do, in order.")

    class Meta:
        model = Drill
        fields = (
            "slug",
            "name",
            "kind",
            "category",
            "sub_skill",
            "goal",
            "steps",
            "minutes",
            "moves_statistic",
            "difficulty",
            "easiest_rank",
            "hardest_rank",
            "needs_team",
        )


class TrainingSessionSerializer(serializers.ModelSerializer[TrainingSession]):
    """A session of practice, of a pack, a drill, or a category in a way of one's own."""

    user_id = serializers.IntegerField()
    pack = serializers.SlugRelatedField[TrainingPack](slug_field="code", read_only=True)
    drill = serializers.SlugRelatedField[Drill](slug_field="slug", read_only=True)

    class Meta:
        model = TrainingSession
        fields = (
            "id",
            "user_id",
            "pack",
            "drill",
            "recommendation",
            "category",
            "status",
            "planned_for",
            "done_at",
            "minutes",
            "self_rating",
            "notes",
        )


class OwnRecommendations(serializers.PrimaryKeyRelatedField[Recommendation]):
    """A recommendation made for the person who asks; of others' there is none."""

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return Recommendation.objects.filter(report__user=user).select_related("report", "pack", "drill")


class PracticeSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """What is practised: one of a pack, a drill, a recommendation or a category."""

    pack = serializers.SlugRelatedField(slug_field="code", queryset=PACKS, required=False)
    drill = serializers.SlugRelatedField(slug_field="slug", queryset=DRILLS, required=False)
    recommendation = OwnRecommendations(queryset=Recommendation.objects.none(), required=False)
    category = serializers.ChoiceField(Category.choices, required=False)
    notes = serializers.CharField(max_length=LONGEST_NOTES, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As `training.sessions` takes it, which refuses what is no practice."""
        named = {name: attrs.pop(name) for name in ("pack", "drill", "recommendation", "category") if name in attrs}
        return {**attrs, "practice": Practice(**named)}


class PlanSerializer(PracticeSerializer):
    """A session to be planned."""

    planned_for = serializers.DateField(help_text="Today where you live, or a day within a year.")


class CompleteSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """How a session went."""

    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)
    self_rating = serializers.IntegerField(
        min_value=1, max_value=5, default=None, allow_null=True, help_text="1 (badly) to 5 (well)."
    )
    done_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Null: now.")
    notes = serializers.CharField(max_length=LONGEST_NOTES, required=False, allow_blank=True)


class LogSerializer(PracticeSerializer, CompleteSerializer):
    """A session that was done without having been planned."""

    notes = serializers.CharField(max_length=LONGEST_NOTES, default="", allow_blank=True)


class FeedbackSerializer(serializers.ModelSerializer[PackFeedback]):
    """What you said of a pack or drill."""

    pack = serializers.SlugRelatedField[TrainingPack](slug_field="code", read_only=True)
    drill = serializers.SlugRelatedField[Drill](slug_field="slug", read_only=True)

    class Meta:
        model = PackFeedback
        fields = ("id", "pack", "drill", "rating", "given_at")


class RateSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """A rating of one thing: a pack by its code, or a drill by its slug."""

    pack = serializers.SlugRelatedField(slug_field="code", queryset=PACKS, required=False)
    drill = serializers.SlugRelatedField(slug_field="slug", queryset=DRILLS, required=False)
    rating = serializers.IntegerField(min_value=1, max_value=5, help_text="1 (not for me) to 5 (very good).")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        items = [attrs[name] for name in ("pack", "drill") if name in attrs]
        if len(items) != 1:
            raise serializers.ValidationError("Rate one thing: a pack or a drill.")
        return {"item": items[0], "rating": attrs["rating"]}

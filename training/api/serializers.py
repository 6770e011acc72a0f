"""What clients ask the coach, and the shapes they are answered in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.documentation import ErrorSerializer
from accounts.api.strict import KnownFieldsMixin
from matches.models import RankGroup
from training.analysing import Depth
from training.models import Category

MOST_MATCHES = 100
MOST_RECOMMENDATIONS = 20
DEFAULT_RECOMMENDATIONS = 5


@extend_schema_field({"type": "string", "enum": RankGroup.values, "example": "grand-champion"})
class RankField(serializers.Field[str, Any, str, Any]):
    """A rank without its tier; `grand_champion` is understood as well as `grand-champion`."""

    def to_internal_value(self, data: Any) -> str:
        named = data.strip().lower().replace("_", "-") if isinstance(data, str) else ""
        if named not in RankGroup.values:
            raise serializers.ValidationError(f"There is no such rank: choose one of {', '.join(RankGroup.values)}.")
        return named

    def to_representation(self, value: str) -> str:
        return value


class CoachQuestionSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """About whom: yourself, a player you coach, or, for staff, anybody."""

    user_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class AnalysisQuestionSerializer(CoachQuestionSerializer):
    match_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_null=True,
        min_length=1,
        max_length=MOST_MATCHES,
        help_text="Ids of replays, all of one playlist. Left out: the newest, as many as `analysis_depth` says.",
    )
    include_confidence = serializers.BooleanField(
        default=True, help_text="Whether `confidence` and the probabilities of the categories are told."
    )
    analysis_depth = serializers.ChoiceField(
        choices=[depth.value for depth in Depth],
        default=Depth.STANDARD.value,
        help_text="How many of the newest matches are looked at: `quick` 10, `standard` 30, `deep` 100.",
    )


class RecommendationQuestionSerializer(CoachQuestionSerializer):
    skill_level = RankField(
        required=False, allow_null=True, help_text="Practice for this rank. Left out: for the player's own."
    )
    max_recommendations = serializers.IntegerField(
        default=DEFAULT_RECOMMENDATIONS, min_value=1, max_value=MOST_RECOMMENDATIONS
    )
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=Category.choices),
        required=False,
        allow_null=True,
        min_length=1,
        max_length=len(Category),
        help_text="Only practice of these. Left out: of all, what holds the player back first.",
    )


class CoachErrorSerializer(ErrorSerializer):
    """Why an analysis or a recommendation can't be given: every error's `code` and `message`, and two more names."""

    detail = serializers.CharField(help_text="The message once more.")  # type: ignore[assignment]  # words, not JSON
    type = serializers.CharField(help_text="`insufficient_data`, `model_not_trained` or `ml_error`.")
    have = serializers.IntegerField(required=False, help_text="Matches there are; of `insufficient_data`.")
    need = serializers.IntegerField(required=False, help_text="Matches it takes; of `insufficient_data`.")


class TrendSerializer(serializers.Serializer[Any]):
    slope = serializers.FloatField(allow_null=True, help_text="Standard deviations per 10 matches.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    verdict = serializers.CharField(help_text="improving, declining, steady or too few.")


class SkillSerializer(serializers.Serializer[Any]):
    """One category of a player's play, against players of the rank."""

    score = serializers.FloatField(help_text="Standard deviations of single matches of the rank; 0 is their mean.")
    low = serializers.FloatField(help_text="Lower end of the score's interval.")
    high = serializers.FloatField(help_text="Upper end.")
    percentile = serializers.FloatField(help_text="0..100: better than so many of the rank over as many matches.")
    probability = serializers.FloatField(
        required=False, help_text="0..1, of being what holds the player back; only with `include_confidence`."
    )
    trend = TrendSerializer()
    matches = serializers.IntegerField()


class ComparedWithSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]  # a field's name, not where it is read from
    rows = serializers.IntegerField()
    is_simulated = serializers.BooleanField()
    is_interpolated = serializers.BooleanField()
    playlist = serializers.CharField()
    rank_group = serializers.CharField()


class BasisSerializer(serializers.Serializer[Any]):
    """What an analysis stands on."""

    report_id = serializers.UUIDField()
    prediction_id = serializers.UUIDField(allow_null=True, help_text="In the ledger.")
    model_version = serializers.CharField(allow_blank=True)
    playlist = serializers.CharField()
    rank_group = serializers.CharField()
    rank_source = serializers.CharField(help_text="stated, ballchasing or detected.")
    match_ids = serializers.ListField(child=serializers.CharField())
    compared_with = ComparedWithSerializer()
    is_simulated = serializers.BooleanField(help_text="Whether matches, or those compared with, are made up.")


class AnalysisSerializer(serializers.Serializer[Any]):
    user_id = serializers.IntegerField()
    analysis_date = serializers.DateTimeField()
    primary_weakness = serializers.CharField(
        allow_null=True, help_text="The category that most likely holds the player back; null: nothing stands out."
    )
    confidence = serializers.FloatField(
        required=False, help_text="0..1: how often such a verdict is right; above 0.7 is high."
    )
    skill_categories = serializers.DictField(child=SkillSerializer())
    recommendations_available = serializers.BooleanField()
    basis = BasisSerializer()


class PracticeSerializer(serializers.Serializer[Any]):
    """A training pack, or, with `kind` `drill`, something to do without one."""

    kind = serializers.ChoiceField(choices=["pack", "drill"])
    id = serializers.IntegerField()
    code = serializers.CharField(allow_null=True, help_text="To be entered in the game; null of a drill.")
    name = serializers.CharField()
    creator = serializers.CharField(allow_blank=True)
    category = serializers.CharField()
    sub_skill = serializers.CharField()
    difficulty = serializers.IntegerField(help_text="1 (bronze) to 8.")
    shots = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True, help_text="Of a drill.")
    goal = serializers.CharField(allow_blank=True)
    steps = serializers.ListField(child=serializers.CharField())


class RecommendationSerializer(serializers.Serializer[Any]):
    training_pack = PracticeSerializer()
    relevance_score = serializers.FloatField(help_text="0..1.")
    difficulty_match = serializers.FloatField(help_text="0..1.")
    reasoning = serializers.CharField()
    estimated_improvement = serializers.JSONField(help_text="What to expect, with the evidence.")


class RecommendationsSerializer(serializers.Serializer[Any]):
    user_id = serializers.IntegerField()
    recommendations = RecommendationSerializer(many=True)
    skill_level_detected = serializers.CharField()
    total_packs_evaluated = serializers.IntegerField()
    generation_time = serializers.FloatField(help_text="Seconds that it took; of a kept answer, when it was made.")
    basis = BasisSerializer()


class CacheSerializer(serializers.Serializer[Any]):
    hits = serializers.IntegerField()
    misses = serializers.IntegerField()
    hit_ratio = serializers.FloatField(allow_null=True, help_text="0..1; null before the first answer.")


class ModelStatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["healthy", "unusable", "not_trained"])
    health = serializers.CharField(help_text="The status in words.")
    model_version = serializers.CharField(allow_null=True)
    algorithm = serializers.CharField(allow_null=True)
    metrics = serializers.DictField(help_text="Of the test rows, which it never saw.")
    model_loaded = serializers.BooleanField(help_text="Whether the process that answers holds it, ready to use.")
    last_trained = serializers.DateTimeField(allow_null=True)
    is_simulated = serializers.BooleanField(help_text="Whether it learned from made-up games.")
    minimum_matches = serializers.IntegerField(help_text="Matches that an analysis takes at least.")
    cache = CacheSerializer()


def asked_categories(told: Mapping[str, Any]) -> list[str] | None:
    """Each once, in the order of the categories."""
    asked = told.get("categories")
    return [category for category in Category.values if category in asked] if asked else None

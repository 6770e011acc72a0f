"""What was found out about a player, and what they were advised."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from matches.models import Playlist, RankGroup
from training.models.practice import Category, Drill, TrainingPack

if TYPE_CHECKING:
    from accounts.models import User


class SkillReportQuerySet(models.QuerySet["SkillReport"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)


class SkillReport(models.Model):
    """One analysis of a player's matches: where they stand among players of their rank, and what is weakest.

    `categories` and `features` are as `training.analysing` documents them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skill_reports")
    made_at = models.DateTimeField(auto_now_add=True)
    playlist = models.CharField(max_length=20, choices=Playlist)
    rank_group = models.CharField(max_length=20, choices=RankGroup)
    rank_source = models.CharField(max_length=12, help_text="stated, ballchasing or detected.")
    matches = models.JSONField(default=list, help_text="Ids of the replays it is made of.")
    matches_hash = models.CharField(max_length=64)
    benchmark = models.JSONField(default=dict, help_text="What the player was compared with: source, rows, simulated.")
    categories = models.JSONField(default=dict)
    features = models.JSONField(default=dict)
    primary_weakness = models.CharField(
        max_length=20, choices=Category, blank=True, help_text="Empty: nothing stands out."
    )
    confidence = models.FloatField(default=0, help_text="0..1: how often such a verdict is right.")
    prediction = models.ForeignKey(
        "predictions.Prediction", on_delete=models.PROTECT, null=True, blank=True, related_name="skill_reports"
    )

    objects: ClassVar[models.Manager[SkillReport]] = SkillReportQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        indexes = (models.Index(fields=["user", "-made_at"], name="skill_report_of"),)
        constraints = (
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="report_confidence_0_to_1"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.made_at:%d %b %Y}"


class Recommendation(models.Model):
    """A pack or drill recommended to a player, with the parts of its score and the sentence that says why."""

    report = models.ForeignKey(SkillReport, on_delete=models.CASCADE, related_name="recommendations")
    place = models.PositiveSmallIntegerField(help_text="1 is the first.")
    pack = models.ForeignKey(TrainingPack, on_delete=models.CASCADE, null=True, blank=True, related_name="recommended")
    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, null=True, blank=True, related_name="recommended")
    category = models.CharField(max_length=20, choices=Category)
    score = models.FloatField()
    weakness_relevance = models.FloatField()
    difficulty_match = models.FloatField()
    quality = models.FloatField()
    preference = models.FloatField()
    reasoning = models.CharField(max_length=400)
    estimated_improvement = models.JSONField(default=dict, help_text="What to expect, with the evidence.")

    class Meta:
        ordering = ("report", "place")
        constraints = (
            models.UniqueConstraint(fields=["report", "place"], name="recommendation_one_a_place"),
            models.CheckConstraint(
                condition=Q(pack=None, drill__isnull=False) | Q(pack__isnull=False, drill=None),
                name="recommendation_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}. {self.pack or self.drill}"

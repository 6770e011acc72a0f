"""By which rule a challenger becomes champion."""

import math

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from mlmodels.models.versions import GLOBAL_SCOPE

MOST_PAIRS = 1_000_000
MOST_DAYS = 3650


def finite(value: float) -> None:
    """Databases and comparisons take what is not a number each in their own way."""
    if not math.isfinite(value):
        raise ValidationError("This must be a number.", code="not_a_number")


def inside_zero_and_one(value: float) -> None:
    if not 0 < value < 1:
        raise ValidationError("The error rate lies between 0 and 1, both excluded; 0.05 is usual.", code="impossible")


class PromotionPolicy(models.Model):
    """One rule a problem and scope. Changed by `mlmodels.policies`; where there is none, the defaults count."""

    class Loss(models.TextChoices):
        PRIMARY = "", "The problem's primary metric"
        LOG_LOSS = "log_loss", "Log loss"
        BRIER = "brier", "Brier score"
        RPS = "rps", "Ranked probability score"

    problem = models.SlugField(max_length=40)
    scope = models.CharField(max_length=60, default=GLOBAL_SCOPE)
    enabled = models.BooleanField(default=True, help_text="Whether challengers are decided about daily.")
    minimum_pairs = models.PositiveIntegerField(
        default=100,
        help_text="Settled events that both have forecast, at least.",
        validators=[
            MinValueValidator(1, "At least one pair is needed to compare anything."),
            MaxValueValidator(MOST_PAIRS, "At most 1,000,000 pairs."),
        ],
    )
    minimum_days = models.PositiveIntegerField(
        default=7,
        help_text="Days between the first and the last of these events, at least.",
        validators=[
            MinValueValidator(0, "Days can't be fewer than none."),
            MaxValueValidator(MOST_DAYS, "At most 3,650 days."),
        ],
    )
    minimum_improvement = models.FloatField(
        default=0.03,
        help_text="By which share of the champion's loss the challenger's must be lower: 0.03 is 3 %.",
        validators=[
            finite,
            MinValueValidator(0.0, "An improvement can't be negative: 0.03 is 3 %%."),
            MaxValueValidator(0.9, "No challenger improves by more than 90 %%: 0.03 is 3 %%."),
        ],
    )
    alpha = models.FloatField(
        default=0.05,
        help_text="How probable it may be that a challenger no better is ever promoted, all of them together.",
        validators=[finite, inside_zero_and_one],
    )
    require_approval = models.BooleanField(
        default=True, help_text="Propose to staff what has proved itself, instead of promoting it."
    )
    loss = models.CharField(
        max_length=10, choices=Loss, default=Loss.PRIMARY, blank=True, help_text="What is compared, event by event."
    )
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("problem", "scope")
        verbose_name_plural = "promotion policies"
        constraints = (
            models.UniqueConstraint(fields=["problem", "scope"], name="policy_one_per_scope"),
            models.CheckConstraint(
                condition=Q(minimum_pairs__gte=1, minimum_pairs__lte=MOST_PAIRS), name="policy_pairs_possible"
            ),
            models.CheckConstraint(condition=Q(minimum_days__lte=MOST_DAYS), name="policy_days_possible"),
            models.CheckConstraint(
                condition=Q(minimum_improvement__gte=0, minimum_improvement__lte=0.9),
                name="policy_improvement_possible",
            ),
            models.CheckConstraint(condition=Q(alpha__gt=0, alpha__lt=1), name="policy_alpha_possible"),
            models.CheckConstraint(condition=Q(loss__in=("", "log_loss", "brier", "rps")), name="policy_loss_known"),
        )

    def __str__(self) -> str:
        return f"Policy of {self.problem}" + ("" if self.scope == GLOBAL_SCOPE else f", {self.scope}")

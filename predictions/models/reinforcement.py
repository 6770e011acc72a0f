"""When confident mistakes make a problem's model be trained again."""

from django.db import models
from django.db.models import Q


class ReinforcementPolicy(models.Model):
    """One problem's thresholds of auto-reinforcement, for staff to edit."""

    class Method(models.TextChoices):
        WEIGHTS = "weights", "Train again with the mistakes weighing more"
        BOOSTING = "boosting", "Add slower boosting rounds in which the mistakes weigh more"

    problem = models.SlugField(max_length=40, unique=True)
    is_enabled = models.BooleanField("enabled", default=True)
    confidence = models.FloatField(default=0.70, help_text="A wrong prediction counts from this probability, 0 to 1.")
    days = models.PositiveSmallIntegerField(default=7, help_text="How far back events are looked at.")
    minimum = models.PositiveSmallIntegerField(default=10, help_text="Fewest such mistakes that make a run.")
    method = models.CharField(max_length=8, choices=Method, default=Method.WEIGHTS)
    weight = models.FloatField(default=3.0, help_text="What each mistake weighs, where other examples weigh 1.")
    cool_down_days = models.PositiveSmallIntegerField(default=7, help_text="At most one run in so many days.")
    last_run_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "reinforcement policies"
        ordering = ("problem",)
        constraints = (
            models.CheckConstraint(
                condition=Q(confidence__gt=0) & Q(confidence__lt=1),
                name="reinforcement_confidence_in_0_1",
                violation_error_message="Confidence is a probability between 0 and 1, such as 0.7.",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1) & Q(days__lte=365),
                name="reinforcement_days_1_365",
                violation_error_message="Look back 1 to 365 days.",
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=1),
                name="reinforcement_minimum_from_1",
                violation_error_message="A run takes at least one mistake.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=1) & Q(weight__lte=100),
                name="reinforcement_weight_1_100",
                violation_error_message="A mistake weighs more than 1 and at most 100.",
            ),
            models.CheckConstraint(
                condition=Q(cool_down_days__gte=1) & Q(cool_down_days__lte=365),
                name="reinforcement_cool_down_1_365",
                violation_error_message="The cool-down is 1 to 365 days.",
            ),
        )

    def __str__(self) -> str:
        return self.problem

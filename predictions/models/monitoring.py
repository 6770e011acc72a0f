"""What watching found: champions day by day, drift, the quality of what came in, and when to train again."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from mlmodels.models import ModelVersion, TrainingRun

LONGEST_COOL_DOWN = 365


class MonitorReport(models.Model):
    """How one champion did on one day, and over the window that ends with it.

    Written again while the day lasts, and whenever a result is corrected. A figure is null where nothing was settled.
    """

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="monitor_reports")
    problem = models.SlugField(max_length=40)
    day = models.DateField(help_text="Of the events, UTC.")
    window_from = models.DateField(help_text="First day of the rolling window, which ends with the day.")
    predicted = models.PositiveIntegerField(default=0, help_text="Predictions shown that were made on the day.")
    settled = models.PositiveIntegerField(default=0, help_text="Events of the day with a result.")
    accuracy = models.FloatField(null=True, blank=True)
    log_loss = models.FloatField(null=True, blank=True, help_text="Nats.")
    brier = models.FloatField(null=True, blank=True)
    rps = models.FloatField(null=True, blank=True)
    ece = models.FloatField(null=True, blank=True, help_text="Expected calibration error, ten bins.")
    bets = models.PositiveIntegerField(default=0)
    roi = models.FloatField(null=True, blank=True, help_text="Profit of flat stakes over what was staked.")
    window_settled = models.PositiveIntegerField(default=0)
    window_accuracy = models.FloatField(null=True, blank=True)
    window_log_loss = models.FloatField(null=True, blank=True)
    window_brier = models.FloatField(null=True, blank=True)
    window_rps = models.FloatField(null=True, blank=True)
    window_ece = models.FloatField(null=True, blank=True)
    window_bets = models.PositiveIntegerField(default=0)
    window_roi = models.FloatField(null=True, blank=True)
    test = models.JSONField(default=dict, blank=True, help_text="The version's figures on its test rows.")
    expected = models.JSONField(default=dict, blank=True, help_text="Of events whose results are not in yet.")
    evidence = models.JSONField(default=dict, blank=True, help_text="Intervals, decay, drift, calibration.")
    computed_at = models.DateTimeField(auto_now=True)

    FIGURES: ClassVar = ("accuracy", "log_loss", "brier", "rps", "ece", "roi")

    class Meta:
        ordering = ("-day", "problem", "version")
        constraints = (
            models.UniqueConstraint(fields=["version", "day"], name="monitor_report_once_a_day"),
            models.CheckConstraint(condition=Q(window_from__lte=models.F("day")), name="monitor_window_ends_with_day"),
        )
        indexes = (models.Index(fields=["problem", "-day"], name="monitor_problem_day"),)

    def __str__(self) -> str:
        return f"{self.version} on {self.day}"


class DriftEvent(models.Model):
    """Inputs or predictions of a champion that no longer look like those it learned from."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="drift_events")
    problem = models.SlugField(max_length=40)
    day = models.DateField()
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    rows = models.PositiveIntegerField(help_text="Events in the window.")
    trained_rows = models.PositiveIntegerField()
    features = models.JSONField(help_text="Each feature that drifted: statistic, p, q, psi, shift, means.")
    sentence = models.TextField()
    run = models.ForeignKey(
        TrainingRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="What was asked for."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-day", "-pk")
        constraints = (models.UniqueConstraint(fields=["version", "day"], name="drift_event_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.version} on {self.day}: {', '.join(each['name'] for each in self.features)}"


class QualityReport(models.Model):
    """What a problem's data was like on one day: what is missing, late, refused or far out."""

    problem = models.SlugField(max_length=40)
    day = models.DateField()
    is_stale = models.BooleanField(default=False)
    last_news_at = models.DateTimeField(null=True, blank=True)
    overdue = models.PositiveIntegerField(default=0, help_text="Events that are over and have no result yet.")
    batches = models.PositiveIntegerField(default=0, help_text="Imports of the last seven days.")
    failed_batches = models.PositiveIntegerField(default=0)
    missing = models.JSONField(default=dict, blank=True, help_text="Features missing too often: shares.")
    outliers = models.JSONField(default=dict, blank=True, help_text="Features out of 3σ too often: shares.")
    warnings = models.JSONField(default=list, blank=True, help_text="What is wrong, in sentences.")
    rows = models.PositiveIntegerField(default=0, help_text="Predictions whose features were looked at.")
    computed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-day", "problem")
        constraints = (
            models.UniqueConstraint(fields=["problem", "day"], name="quality_report_once_a_day"),
            models.CheckConstraint(
                condition=Q(failed_batches__lte=models.F("batches")), name="quality_failed_are_among_batches"
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem} on {self.day}"

    @property
    def failure_rate(self) -> float | None:
        return self.failed_batches / self.batches if self.batches else None


class RetrainingPolicy(models.Model):
    """When a problem's champions are trained again without a person asking, and what becomes of the result."""

    class Yields(models.TextChoices):
        EXPERIMENTAL = "experimental", "An experimental version, for staff to look at"
        CHALLENGER = "challenger", "A challenger, which predicts beside the champion"

    class Cause(models.TextChoices):
        DECAY = "decay", "Decay"
        DRIFT = "drift", "Drift"

    problem = models.SlugField(max_length=40, unique=True)
    enabled = models.BooleanField("retrain automatically", default=True)
    on_schedule = models.BooleanField("by the weekly schedule", default=True)
    on_decay = models.BooleanField("when the champion has become worse", default=True)
    on_drift = models.BooleanField(
        "when its inputs have drifted", default=False, help_text="Drift is a diagnosis: often nothing has become worse."
    )
    cool_down_days = models.PositiveSmallIntegerField(
        "days between two retrainings for decay or drift",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_COOL_DOWN)],
    )
    yields = models.CharField(
        "what a retraining for decay or drift gives",
        max_length=12,
        choices=Yields,
        default=Yields.CHALLENGER,
        help_text="Never a champion.",
    )
    last_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_cause = models.CharField(max_length=10, choices=Cause, blank=True, editable=False)
    last_run = models.ForeignKey(
        TrainingRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("problem",)
        verbose_name_plural = "retraining policies"
        constraints = (
            models.CheckConstraint(
                condition=Q(cool_down_days__gte=1, cool_down_days__lte=LONGEST_COOL_DOWN),
                name="retraining_cool_down_is_1_to_365_days",
            ),
            models.CheckConstraint(
                condition=Q(yields__in=("experimental", "challenger")), name="retraining_never_yields_a_champion"
            ),
        )

    def __str__(self) -> str:
        return f"Retraining of {self.problem}"

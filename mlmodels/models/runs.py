"""Training runs: the truth about what a worker is doing, whatever the broker remembers."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mlmodels.models.data import Dataset
from mlmodels.models.work import LeasedWork
from mlmodels.selection import Selection


class TrainingRunQuerySet(models.QuerySet["TrainingRun"]):
    def in_flight(self) -> Self:
        return self.filter(status__in=TrainingRun.IN_FLIGHT)

    def for_problem(self, slug: str) -> Self:
        return self.filter(problem=slug)

    def is_held(self, pk: str, attempt: int) -> bool:
        """Whether a worker that gives signs of life is at this attempt of a run."""
        alive = timezone.now() - settings.RUN_LEASE
        held = self.filter(status=TrainingRun.Status.RUNNING, attempt=attempt, heartbeat_at__gte=alive)
        return held.filter(pk=pk).exists()

    def for_reports(self) -> Self:
        """Those that measured something, as lists want them: one that found nothing to do measured nothing."""
        return self.exclude(metrics={}).for_lists()

    def for_lists(self) -> Self:
        """With who asked and what came of it, without the long parts that no list shows."""
        return self.select_related("requested_by", "model_version").defer(
            "logs", "model_version__model_weights", "model_version__feature_columns", "model_version__metrics"
        )


class TrainingRun(LeasedWork):
    """One request to train one algorithm on one selection."""

    class Trigger(models.TextChoices):
        PERSON = "person", "A person"
        SCHEDULE = "schedule", "Schedule"
        DRIFT = "drift", "Drift"
        REINFORCEMENT = "reinforcement", "Reinforcement"
        CLI = "cli", "Command line"

    problem = models.SlugField(max_length=40)
    algorithm = models.SlugField(max_length=40)
    selection = models.JSONField()
    selection_hash = models.CharField(max_length=64)
    hyper_parameters = models.JSONField(default=dict, blank=True)
    emphasis = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="What to learn harder (`mlmodels.emphasis`)."
    )
    tuning = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="{trials, seconds}: how long to search; empty: no search."
    )
    feature_selection = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="{method, keep}: the step before the algorithm; empty: none."
    )
    study = models.ForeignKey(
        "mlmodels.TuningStudy", on_delete=models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    version_name = models.SlugField(
        max_length=80, blank=True, help_text="What to call the version; empty: named for us."
    )
    force = models.BooleanField(default=False, help_text="Train even where the data has not changed.")
    seed = models.PositiveIntegerField(default=0)
    trigger = models.CharField(max_length=15, choices=Trigger, default=Trigger.PERSON)

    dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    match_count = models.PositiveIntegerField(default=0, help_text="Rows trained and evaluated on.")
    date_from = models.DateTimeField(null=True, blank=True)
    date_to = models.DateTimeField(null=True, blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    code_version = models.CharField(max_length=60, blank=True)
    library_versions = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager["TrainingRun"]] = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["status", "heartbeat_at"], name="run_status_heartbeat"),)
        constraints = (
            models.UniqueConstraint(
                fields=["problem", "algorithm", "selection_hash"],
                condition=Q(status__in=("queued", "running")),
                name="run_one_in_flight",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress_at_most_100"),
        )

    def __str__(self) -> str:
        return f"{self.algorithm} on {Selection.from_json(self.selection)}"

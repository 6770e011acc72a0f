"""Searches for hyper-parameters, kept where every worker can reach them."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Q

from mlmodels.models.data import Dataset


class TuningStudyQuerySet(models.QuerySet["TuningStudy"]):
    def with_counts(self) -> Self:
        """How many trials were finished, and how many of them were broken off."""
        finished = Q(trials__state__in=TuningTrial.FINISHED)
        pruned = Q(trials__state=TuningTrial.State.PRUNED)
        return self.annotate(finished=Count("trials", filter=finished), pruned=Count("trials", filter=pruned))


class TuningStudy(models.Model):
    """One search: the same question (data, split, space, what is fixed, code) is the same row, whoever asks again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of all that the answer depends on.")
    problem = models.SlugField(max_length=40)
    algorithm = models.SlugField(max_length=40)
    metric = models.SlugField(max_length=40, help_text="What is optimised, on the validation rows.")
    lower_is_better = models.BooleanField()
    space = models.JSONField(help_text="What may be varied.")
    fixed = models.JSONField(default=dict, blank=True, help_text="Hyper-parameters that were given.")
    feature_selection = models.JSONField(default=dict, blank=True)
    split = models.JSONField(
        help_text="First days of the validation rows and of the test rows, which are not looked at."
    )
    dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, blank=True, related_name="studies")
    seed = models.PositiveIntegerField(default=0)
    code_version = models.CharField(max_length=60, blank=True)
    best_value = models.FloatField(null=True, blank=True)
    best_parameters = models.JSONField(default=dict, blank=True)
    importances = models.JSONField(
        default=dict, blank=True, help_text="Share of each hyper-parameter in how good trials were (PED-ANOVA)."
    )
    length = models.PositiveIntegerField(default=0, help_text="Entries of the journal.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["TuningStudy"]] = TuningStudyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name_plural = "tuning studies"

    def __str__(self) -> str:
        return f"{self.algorithm} for {self.problem} ({self.key[:8]})"

    @property
    def usual_parameters(self) -> dict[str, Any]:
        """What is tried first, and what anything found is told against."""
        return {dimension["name"]: dimension["usual"] for dimension in self.space}


class TuningLogEntry(models.Model):
    """One line of a study's journal, in Optuna's words: append-only, numbered from 0 without gaps."""

    study = models.ForeignKey(TuningStudy, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    entry: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        ordering = ("study", "number")
        constraints = (models.UniqueConstraint(fields=["study", "number"], name="tuning_entry_once"),)
        verbose_name_plural = "tuning log entries"

    def __str__(self) -> str:
        return f"{self.study_id}, {self.number}"


class TuningTrialQuerySet(models.QuerySet["TuningTrial"]):
    def finished(self) -> Self:
        """Those that count: completed, or broken off for being bad."""
        return self.filter(state__in=TuningTrial.FINISHED)


class TuningTrial(models.Model):
    """One trial as people read it; what the search itself reads is the journal."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        COMPLETE = "complete", "Complete"
        PRUNED = "pruned", "Broken off"
        FAILED = "failed", "Failed"

    FINISHED: ClassVar = (State.COMPLETE, State.PRUNED)

    study = models.ForeignKey(TuningStudy, on_delete=models.CASCADE, related_name="trials")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    parameters = models.JSONField(default=dict)
    value = models.FloatField(
        null=True, blank=True, help_text="The metric on the validation rows; on those it came to, where broken off."
    )
    blocks = models.PositiveIntegerField(default=0, help_text="Stretches of the validation rows it predicted.")
    note = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    objects: ClassVar[models.Manager["TuningTrial"]] = TuningTrialQuerySet.as_manager()

    class Meta:
        ordering = ("study", "number")
        constraints = (models.UniqueConstraint(fields=["study", "number"], name="tuning_trial_once"),)

    def __str__(self) -> str:
        return f"Trial {self.number}, {self.get_state_display().lower()}"

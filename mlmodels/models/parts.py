"""Parts of one fit, which several workers share; and what a run measured subject by subject."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from mlmodels.models.data import Dataset
from mlmodels.models.runs import TrainingRun
from mlmodels.models.work import LeasedWork


class FitPartQuerySet(models.QuerySet["FitPart"]):
    def to_take(self) -> Self:
        """Those that wait for a worker, of runs that somebody is training and wants."""
        wanted = self.filter(run__status=TrainingRun.Status.RUNNING, run__cancel_requested=False)
        return wanted.filter(status=FitPart.Status.QUEUED).order_by("number")

    def left_behind(self) -> Self:
        """Those of runs that have ended."""
        return self.exclude(run__status__in=TrainingRun.IN_FLIGHT)


class FitPart(LeasedWork):
    """Some subjects of one fit of a run, to be fitted by whichever worker takes them. Gone when the fit is done."""

    noun: ClassVar[str] = "part"

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="parts")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="parts")
    rows = models.PositiveIntegerField(help_text="So many of the data set's first rows are learned from.")
    number = models.PositiveIntegerField(help_text="Its place among the parts of the fit, from 0.")
    key = models.CharField(max_length=64, help_text="SHA-256 of all that the result depends on.")
    subjects = models.JSONField(help_text="What is fitted, by name.")
    hyper_parameters = models.JSONField(default=dict, blank=True, help_text="Found by tuning, beside the run's own.")
    result_path = models.CharField(max_length=200, blank=True, help_text="Relative to ARTIFACT_DIR.")
    result_seal = models.CharField(max_length=64, blank=True, help_text="HMAC-SHA256 of the result's bytes.")
    report = models.JSONField(default=dict, blank=True, help_text="{fitted, failures, seconds}.")

    objects: ClassVar[models.Manager["FitPart"]] = FitPartQuerySet.as_manager()

    class Meta:
        ordering = ("run", "rows", "number")
        indexes = (models.Index(fields=["status", "heartbeat_at"], name="part_status_heartbeat"),)
        constraints = (
            models.UniqueConstraint(fields=["run", "key"], name="part_once_a_run"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="part_progress_at_most_100"),
        )

    def __str__(self) -> str:
        return f"Part {self.number} of the fit of {self.rows} rows"


class SubjectReport(models.Model):
    """What a run's model measured for each subject that it fitted apart."""

    run = models.OneToOneField(TrainingRun, on_delete=models.CASCADE, related_name="subject_report")
    lines = models.JSONField(help_text="Figures by subject; {failure} where it could not be fitted.")

    objects: ClassVar[models.Manager["SubjectReport"]]

    def __str__(self) -> str:
        return f"Subjects of {self.run_id}"

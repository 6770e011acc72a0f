"""How rows came in: batches, what was refused, what was corrected."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from matches.models.play import Match


class ImportBatch(models.Model):
    """One file taken in. The raw file is kept; `report` holds the quality checks shown to the person who imported."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=40, help_text="The importer: football-data, openfootball, csv, simulator.")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    raw = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at",)
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_status_display()})"


class QuarantinedRow(models.Model):
    """A row that was refused, with the file, the line and the reason; the good rows beside it landed."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="quarantined_rows")
    line = models.PositiveIntegerField(help_text="Line in the file, the header being line 1.")
    code = models.SlugField(max_length=40)
    reason = models.CharField(max_length=300)
    raw = models.JSONField(default=dict)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("batch", "line")

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class ScoreCorrection(models.Model):
    """A result that a later file changed."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="corrections")
    batch = models.ForeignKey(ImportBatch, on_delete=models.SET_NULL, null=True)
    old_home_goals = models.PositiveSmallIntegerField()
    old_away_goals = models.PositiveSmallIntegerField()
    new_home_goals = models.PositiveSmallIntegerField()
    new_away_goals = models.PositiveSmallIntegerField()
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ("-corrected_at",)

    def __str__(self) -> str:
        return f"{self.old_home_goals}–{self.old_away_goals} → {self.new_home_goals}–{self.new_away_goals}"

"""Data set snapshots."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from mlmodels.selection import Selection


class Dataset(models.Model):
    """A frozen, content-hashed table of examples. The same selection on unchanged data is the same row and file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    problem = models.SlugField(max_length=40)
    selection = models.JSONField()
    selection_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(
        max_length=128, blank=True, help_text="Of the rows it was made from: equal means nothing changed."
    )
    rows = models.PositiveIntegerField()
    columns = models.JSONField(help_text="Name and dtype of each column, in order.")
    date_from = models.DateTimeField()
    date_to = models.DateTimeField()
    path = models.CharField(max_length=255, help_text="Folder, relative to DATASET_DIR.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["problem", "selection_hash", "content_hash"], name="dataset_unique_content"
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem}: {Selection.from_json(self.selection)} ({self.rows} rows)"

    @property
    def folder(self) -> Path:
        return Path(settings.DATASET_DIR) / self.path

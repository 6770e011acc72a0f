"""Work that a worker does under a lease: the columns that say how it is getting on, and who has it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class LeasedWork(models.Model):
    """A piece of work as a row. States move only by conditional UPDATE (`mlmodels.leases`)."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    IN_FLIGHT: ClassVar = (Status.QUEUED, Status.RUNNING)
    noun: ClassVar[str] = "run"
    """What a person calls it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent.")
    phase = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)
    error_message = models.TextField(blank=True)
    logs = models.JSONField(default=list, blank=True, help_text="Lines of {at, level, message}.")
    cancel_requested = models.BooleanField(default=False)

    attempt = models.PositiveSmallIntegerField(default=0, help_text="Fences the writes of a worker that was replaced.")
    worker = models.CharField(max_length=100, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Any]]

    class Meta:
        abstract = True

    @property
    def is_in_flight(self) -> bool:
        return self.status in self.IN_FLIGHT

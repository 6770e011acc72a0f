"""What is under way with ballchasing.com, and which calls are left there."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from matches.models.arena import BallchasingAccount


class BallchasingSync(models.Model):
    """How the fetching of a person's replays stands; one row an account, of its last round."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting to begin"
        RUNNING = "running", "Fetching"
        PAUSED = "paused", "Waiting to go on"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    account = models.OneToOneField(BallchasingAccount, on_delete=models.CASCADE, related_name="sync")
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0, help_text="Fences the writes of a worker that was replaced.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True, blank=True, help_text="When it goes on by itself.")
    found = models.PositiveIntegerField(default=0, help_text="Replays in the lists so far.")
    taken = models.PositiveIntegerField(default=0, help_text="New here.")
    refused = models.PositiveIntegerField(default=0, help_text="Gone there, or no replay.")

    class Meta:
        verbose_name = "ballchasing sync"

    def __str__(self) -> str:
        return f"{self.account}: {self.get_status_display()}"

    @property
    def known(self) -> int:
        """How many of those found were here already, once all were looked at."""
        return max(0, self.found - self.taken - self.refused)

    @property
    def waits_until(self) -> datetime | None:
        """When a round that waits goes on; None where that time has come."""
        return self.resume_at if self.resume_at and self.resume_at > timezone.now() else None

    @property
    def is_under_way(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING, self.Status.PAUSED)


class CallAllowance(models.Model):
    """Token buckets of calls to another site, shared by all processes: `{bucket: [tokens, seconds since 1970]}`."""

    caller = models.CharField(max_length=64, unique=True, help_text="A hash of the key that calls are made with.")
    levels = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[CallAllowance]] = models.Manager()

    def __str__(self) -> str:
        return self.caller[:8]

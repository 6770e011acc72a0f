"""What is known of each day's file of the evaluation log."""

from django.db import models


class LoggedDay(models.Model):
    """One day's CSV file as it was left, so that what is new is appended, and a change from outside is noticed."""

    class State(models.TextChoices):
        CURRENT = "current", "As the database"
        BEHIND = "behind", "Rows to append"
        OUTDATED = "outdated", "To be written again"

    day = models.DateField(unique=True, help_text="UTC, on which its predictions were made.")
    state = models.CharField(max_length=10, choices=State, default=State.BEHIND)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    through_sequence = models.PositiveBigIntegerField(default=0, help_text="Place in the ledger of its last row.")
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-day",)
        indexes = (models.Index(fields=["through_sequence"], name="logged_day_through"),)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.rows} rows"

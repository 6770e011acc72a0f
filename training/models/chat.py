"""Who is who in a chat."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class DiscordLink(models.Model):
    """A person's Discord account, linked by a code that they were shown here and typed there."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="discord_link")
    discord_id = models.CharField(max_length=24, unique=True, null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    linked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Discord of {self.user}"

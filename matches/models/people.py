"""Players, what sources call them, and what was reported of their availability."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from matches.models.play import Sport, Team


class Player(models.Model):
    """A player. `team` is the one of the latest game known; which team a game was played for stands in the game."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, unique=True)
    sport = models.CharField(max_length=20, choices=Sport, default=Sport.BASKETBALL)
    external_id = models.CharField(max_length=40, blank=True, help_text="The source's own id: NBA Stats' PLAYER_ID.")
    position = models.CharField(max_length=10, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="players")
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["sport", "external_id"], condition=~Q(external_id=""), name="player_external_id_unique_in_sport"
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlayerAlias(models.Model):
    """What a source calls a player. `key` is the name folded: no accents, no dots, lower case, no Jr. or III.

    One key may lead to several players: whoever resolves a name lists them, and never guesses.
    """

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(max_length=100)
    key = models.CharField(max_length=100, db_index=True)

    class Meta:
        ordering = ("alias", "pk")
        verbose_name_plural = "player aliases"
        constraints = (models.UniqueConstraint(fields=["player", "alias"], name="player_alias_once"),)

    def __str__(self) -> str:
        return f"{self.alias} → {self.player.name}"


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def on(self, day: date, player_ids: Iterable[int]) -> Self:
        """What was reported of players for a day, the newest report first."""
        return self.filter(date=day, player__in=tuple(player_ids)).order_by("-reported_at", "-pk")


class Availability(models.Model):
    """What a report says of a player for one day."""

    class Status(models.TextChoices):
        OUT = "out", "Out"
        DOUBTFUL = "doubtful", "Doubtful"
        QUESTIONABLE = "questionable", "Questionable"
        PROBABLE = "probable", "Probable"
        AVAILABLE = "available", "Available"

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="availability", db_index=False)
    date = models.DateField(help_text="The day of the game.")
    status = models.CharField(max_length=12, choices=Status)
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    reported_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Availability]] = AvailabilityQuerySet.as_manager()

    class Meta:
        ordering = ("-date", "-reported_at")
        verbose_name_plural = "availability"
        constraints = (
            models.UniqueConstraint(
                fields=["player", "date", "source", "reported_at"], name="availability_report_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.player.name} {self.get_status_display().lower()} on {self.date:%d %B %Y}"

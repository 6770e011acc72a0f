"""News about players, and what was read out of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from matches.models.people import Player


class NewsItem(models.Model):
    """A piece of news about one player. `sha256` is of its words and its day: the same words twice are one item."""

    player = models.ForeignKey(Player, on_delete=models.CASCADE, related_name="news", db_index=False)
    published_at = models.DateTimeField()
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-published_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["player", "sha256"], name="news_once_a_player"),
            models.CheckConstraint(condition=~Q(title="", text=""), name="news_has_words"),
        )
        indexes = (models.Index(fields=["player", "published_at"], name="news_by_player_and_time"),)

    def __str__(self) -> str:
        return f"{self.player.name}: {self.title or self.text[:60]}"


class TextSignal(models.Model):
    """What a provider read out of an item; one row an item, provider and version, so that nothing is read twice.

    Where the provider failed, `answered_by` is who answered for it, and `fallback_reason` says why.
    """

    class Provider(models.TextChoices):
        LEXICON = "lexicon", "Lexicon"
        LLM = "llm", "Language model"

    class Availability(models.TextChoices):
        OUT = "out", "Out"
        DOUBTFUL = "doubtful", "Doubtful"
        QUESTIONABLE = "questionable", "Questionable"
        PROBABLE = "probable", "Probable"
        UNKNOWN = "unknown", "Unknown"

    item = models.ForeignKey(NewsItem, on_delete=models.CASCADE, related_name="signals", db_index=False)
    provider = models.CharField(max_length=20, choices=Provider)
    version = models.CharField(max_length=120)
    injury = models.FloatField(help_text="0 (nothing said of an injury) to 1 (a grave one).")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.UNKNOWN)
    morale = models.FloatField(help_text="-1 (low) to 1 (high); 0 where nothing is said.")
    motivation = models.FloatField(help_text="-1 (low) to 1 (high); 0 where nothing is said.")
    evidence = models.JSONField(default=list, help_text="The words of the item that the figures rest on.")
    answered_by = models.CharField(max_length=20, choices=Provider)
    fallback_reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ("-scored_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["item", "provider", "version"], name="text_signal_once"),
            models.CheckConstraint(condition=Q(injury__gte=0, injury__lte=1), name="text_signal_injury_in_range"),
            models.CheckConstraint(condition=Q(morale__gte=-1, morale__lte=1), name="text_signal_morale_in_range"),
            models.CheckConstraint(
                condition=Q(motivation__gte=-1, motivation__lte=1), name="text_signal_motivation_in_range"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=F("provider")) | ~Q(fallback_reason=""), name="text_signal_fallback_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_provider_display()} on item {self.item_id}: {self.get_availability_display().lower()}"


class LanguageModelDayManager(models.Manager["LanguageModelDay"]):
    def take(self, tokens: int, *, day: date, limit: int) -> bool:
        """Set tokens of a day aside by one conditional UPDATE; False, and nothing taken, where the limit forbids it."""
        self.get_or_create(day=day)
        room = self.filter(day=day, tokens__lte=limit - tokens)
        return bool(room.update(tokens=F("tokens") + tokens, calls=F("calls") + 1))

    def correct(self, difference: int, *, day: date) -> None:
        """What a call really used, as the difference to what was set aside for it."""
        self.filter(day=day, tokens__gte=-difference).update(tokens=F("tokens") + difference)


class LanguageModelDay(models.Model):
    """What a day (UTC) has used of the language model, whoever asked it."""

    day = models.DateField(unique=True)
    calls = models.PositiveIntegerField(default=0)
    tokens = models.PositiveIntegerField(default=0)

    objects: ClassVar[LanguageModelDayManager] = LanguageModelDayManager()

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day:%d %B %Y}: {self.tokens} tokens in {self.calls} calls"

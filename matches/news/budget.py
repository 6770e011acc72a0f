"""What a day may use of the language model, counted in the database: every process and worker shares it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from matches.models import LanguageModelDay


@dataclass(frozen=True)
class DayBudget:
    """At most `LLM_DAILY_TOKENS` a day (UTC), by whoever asks; coaching is to use this one too."""

    def take(self, tokens: int) -> bool:
        return LanguageModelDay.objects.take(tokens, day=_today(), limit=settings.LLM_DAILY_TOKENS)

    def used(self, tokens: int, *, of: int) -> None:
        LanguageModelDay.objects.correct(tokens - of, day=_today())


def _today() -> date:
    now: datetime = timezone.now()
    return now.date()

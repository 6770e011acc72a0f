"""Reading what is new, once, and keeping what was read."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from matches.models import NewsItem, TextSignal
from matches.news.lexicon import Lexicon
from matches.news.providers import Provider, Reading, ReadingFailed, configured

AT_ONCE = 200
# Less than the ten minutes to the next run of the schedule, so that no two read the same.
LONGEST = timedelta(minutes=8)
MOST_ATTEMPTS = 3
TRY_AGAIN_AFTER = timedelta(hours=1)
REASON_LENGTH = 300


def score_new(
    *, limit: int = AT_ONCE, provider: Provider | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Read items that the provider's version has not read, the newest first; how many that were.

    An item for which another answered is tried again after an hour, up to three times in all. Nothing happens where
    text signals are off. Safe to run twice: each item has one row a provider and version.
    """
    asked = provider or configured()
    if asked is None:
        return 0
    items = list(_waiting(asked).select_related("player")[:limit])
    until = time.monotonic() + LONGEST.total_seconds()
    done = 0
    for item in items:
        if time.monotonic() > until:
            break
        score(item, provider=asked)
        done += 1
        if progress is not None:
            progress(done)
    return done


def score(item: NewsItem, *, provider: Provider) -> TextSignal:
    """Read one item and keep what was read; where the provider fails, the lexicon answers and the row says so."""
    reading, answered_by, reason = _read(item, provider)
    before = TextSignal.objects.filter(item=item, provider=provider.name, version=provider.version).first()
    signal, _ = TextSignal.objects.update_or_create(
        item=item,
        provider=provider.name,
        version=provider.version,
        defaults={
            "injury": reading.injury,
            "availability": reading.availability,
            "morale": reading.morale,
            "motivation": reading.motivation,
            "evidence": list(reading.evidence),
            "answered_by": answered_by,
            "fallback_reason": reason[:REASON_LENGTH],
            "attempts": before.attempts + 1 if before else 1,
            "scored_at": timezone.now(),
        },
    )
    return signal


def _read(item: NewsItem, provider: Provider) -> tuple[Reading, str, str]:
    """What was read, by whom, and why not by the provider that was asked."""
    try:
        return provider.read(player=item.player.name, title=item.title, text=item.text), provider.name, ""
    except ReadingFailed as error:
        lexicon = Lexicon()
        return lexicon.read(player=item.player.name, title=item.title, text=item.text), lexicon.name, str(error)


def _waiting(provider: Provider) -> QuerySet[NewsItem]:
    kept = TextSignal.objects.filter(item=OuterRef("pk"), provider=provider.name, version=provider.version)
    unanswered = (
        ~Q(fallback_reason="") & Q(attempts__lt=MOST_ATTEMPTS) & Q(scored_at__lt=timezone.now() - TRY_AGAIN_AFTER)
    )
    return NewsItem.objects.filter(~Exists(kept) | Exists(kept.filter(unanswered)))

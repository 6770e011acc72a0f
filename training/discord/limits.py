"""How often one may ask: counted in the cache, in windows that begin with the first time."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache

from training.discord.errors import TooOften


def count(kind: str, who: int | str, *, at_most: int, within: timedelta) -> None:
    """Note that somebody does something once more. Raises TooOften past `at_most` times `within` a window."""
    key = f"discord/{kind}/{who}"
    seconds = round(within.total_seconds())
    cache.add(key, 0, seconds)
    try:
        times = cache.incr(key)
    except ValueError:
        # The window ended in between; or the cache keeps nothing, and then nothing can be counted.
        cache.add(key, times := 1, seconds)
    if times > at_most:
        raise TooOften(f"That was {at_most} times in {_shown(within)}, as often as it goes: try again later.")


def _shown(within: timedelta) -> str:
    minutes = round(within.total_seconds() / 60)
    return f"{minutes} minutes" if minutes != 60 else "an hour"

"""Who reads news: a lexicon, or a language model. Both answer in the same shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

AVAILABILITIES = ("out", "doubtful", "questionable", "probable", "unknown")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """injury: 0..1. morale, motivation: -1..1. availability: one of AVAILABILITIES. evidence: words of the item.

    Raises ValueError for anything else.
    """

    injury: float
    availability: str
    morale: float
    motivation: float
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, least in (("injury", 0.0), ("morale", -1.0), ("motivation", -1.0)):
            value = getattr(self, name)
            # The comparison is false for NaN too.
            if not least <= value <= 1.0:
                raise ValueError(f"{name} is {value}: it goes from {least:g} to 1")
        if self.availability not in AVAILABILITIES:
            raise ValueError(f"availability is {self.availability!r}: it is one of {', '.join(AVAILABILITIES)}")


class ReadingFailed(Exception):
    """A provider has no answer; the message says why and holds nothing secret."""


class Provider(Protocol):
    """name and version are what signals are kept by: another version reads everything again."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, *, player: str, title: str, text: str) -> Reading:
        """Raises ReadingFailed where no answer can be had."""
        ...


def configured() -> Provider | None:
    """The provider that `TEXT_SIGNALS_PROVIDER` names; None where text signals are off, as they are by default."""
    from matches.news.lexicon import Lexicon
    from matches.news.model_reading import LanguageModelReader

    match settings.TEXT_SIGNALS_PROVIDER:
        case "lexicon":
            return Lexicon()
        case "llm":
            return LanguageModelReader.from_settings()
    return None

"""What a person chooses to train on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from mlmodels.errors import InvalidSelection


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which rows a data set is made of; an empty field means "all". Stored as JSON and shown back word for word."""

    competitions: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    subjects: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("competitions", "seasons", "subjects"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise InvalidSelection(
                f"The first date ({self.date_from}) is after the last ({self.date_to}): swap the two dates."
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "competitions": list(self.competitions),
            "seasons": list(self.seasons),
            "date_from": self.date_from.isoformat() if self.date_from else None,
            "date_to": self.date_to.isoformat() if self.date_to else None,
            "subjects": list(self.subjects),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Selection:
        """Raises InvalidSelection where a field is unknown or a date can't be read."""
        unknown = set(data) - {"competitions", "seasons", "date_from", "date_to", "subjects"}
        if unknown:
            raise InvalidSelection(f"Unknown field in the selection: {', '.join(sorted(unknown))}.")
        return cls(
            competitions=tuple(data.get("competitions") or ()),
            seasons=tuple(data.get("seasons") or ()),
            date_from=_day(data.get("date_from")),
            date_to=_day(data.get("date_to")),
            subjects=tuple(data.get("subjects") or ()),
        )

    @property
    def hash(self) -> str:
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def __str__(self) -> str:
        """In words: "E0, SP1; seasons 2122, 2223; from 1 August 2021"."""
        words = [
            ", ".join(self.competitions) or "all competitions",
            f"seasons {', '.join(self.seasons)}" if self.seasons else "all seasons",
        ]
        if self.date_from:
            words.append(f"from {self.date_from:%-d %B %Y}")
        if self.date_to:
            words.append(f"to {self.date_to:%-d %B %Y}")
        if self.subjects:
            words.append(f"only {', '.join(self.subjects)}")
        return "; ".join(words)


def _day(value: str | None) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidSelection(f"{value!r} is not a date: write it as 2024-08-31.") from None

"""One entry of the ledger: what it says in words, and whether its hash still fits."""

from __future__ import annotations

from dataclasses import dataclass

from predictions import ledger
from predictions.canonical import canonical_json, content_hash
from predictions.football.forecasting import NOTE_CODES
from predictions.models import Prediction
from predictions.reading.driver_rows import DriverRows, driver_rows

PARAMETERS = {
    "home_rate": "Goal rate, home",
    "away_rate": "Goal rate, away",
    "rho": "Low-score correction (rho)",
}


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """`parameters`: (name, value) of the distribution, rounded; the canonical text has them to the last digit."""

    entry: Prediction
    parameters: list[tuple[str, str]]
    notes: list[str]
    drivers: DriverRows | None
    canonical: str
    is_intact: bool

    @property
    def is_last_minute(self) -> bool:
        """Written less than a minute before the event."""
        return (self.entry.event_at - self.entry.made_at).total_seconds() < 60


def entry_page(entry: Prediction) -> EntryPage:
    content = ledger.hashed_content(entry)
    return EntryPage(
        entry=entry,
        parameters=[(PARAMETERS.get(name, name), _rounded(value)) for name, value in entry.distribution.items()],
        notes=[note for note in entry.notes if note not in NOTE_CODES],
        drivers=driver_rows(entry, entry.match),
        canonical=canonical_json(content),
        is_intact=content_hash(content) == entry.hash,
    )


def _rounded(value: object) -> str:
    return f"{value:.4f}".replace("-", "−") if isinstance(value, float) else str(value)

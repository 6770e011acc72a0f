"""One entry of the ledger: what it says in words, and whether its hash still fits."""

from __future__ import annotations

from dataclasses import dataclass

from mlmodels.problem import get_problem
from predictions import ledger
from predictions.basketball.forecasting import NOTE_CODES as PROP_NOTE_CODES
from predictions.canonical import canonical_json, content_hash
from predictions.drivers import drivers_of
from predictions.football.forecasting import NOTE_CODES
from predictions.models import Prediction
from predictions.reading.driver_rows import DriverRows, driver_rows
from predictions.reading.props.drivers import prop_drivers
from predictions.reading.props.entries import PropEntry, prop_entry

PARAMETERS = {
    "home_rate": "Goal rate, home",
    "away_rate": "Goal rate, away",
    "rho": "Low-score correction (rho)",
}


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """`parameters`: (name, value) of the distribution, rounded; the canonical text has them to the last digit.

    `prop` is None of what is not about a player of basketball. title: of the problem, where it is about a person.
    """

    entry: Prediction
    prop: PropEntry | None
    parameters: list[tuple[str, str]]
    notes: list[str]
    drivers: DriverRows | None
    title: str
    words: list[str]
    """What moved it, in words alone, where it is about a person."""
    canonical: str
    is_intact: bool

    @property
    def said(self) -> list[tuple[str, float]]:
        """Each outcome as people write it, and its probability; of a person the likeliest first."""
        told = list(self.entry.probabilities.items())
        if self.title:
            told.sort(key=lambda one: -one[1])
        return [(label.replace("_", " "), p) for label, p in told]

    @property
    def outcome(self) -> str:
        """What came of it, as people write it; only of what is settled."""
        return str(self.entry.settlement.outcome).replace("_", " ")

    @property
    def is_last_minute(self) -> bool:
        """Written less than a minute before the event."""
        return (self.entry.event_at - self.entry.made_at).total_seconds() < 60


def entry_page(entry: Prediction) -> EntryPage:
    if entry.is_personal:
        return _of_person(entry)
    content, prop = ledger.hashed_content(entry), prop_entry(entry)
    codes = NOTE_CODES if prop is None else PROP_NOTE_CODES
    return EntryPage(
        entry=entry,
        prop=prop,
        parameters=[(PARAMETERS.get(name, name), _rounded(value)) for name, value in entry.distribution.items()]
        if prop is None
        else [],
        notes=[note for note in entry.notes if note not in codes],
        drivers=driver_rows(entry, entry.match) if prop is None else prop_drivers(entry),
        title="",
        words=[],
        canonical=canonical_json(content),
        is_intact=content_hash(content) == entry.hash,
    )


def _of_person(entry: Prediction) -> EntryPage:
    content = ledger.hashed_content(entry)
    return EntryPage(
        entry=entry,
        prop=None,
        parameters=[],
        notes=list(entry.notes),
        drivers=None,
        title=get_problem(entry.problem).title,
        words=[driver.words for driver in drivers_of(entry)],
        canonical=canonical_json(content),
        is_intact=content_hash(content) == entry.hash,
    )


def _rounded(value: object) -> str:
    return f"{value:.4f}".replace("-", "−") if isinstance(value, float) else str(value)

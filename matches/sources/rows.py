"""What every source's reader gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from matches.models import Match


class Price(NamedTuple):
    """A price; `market`, `outcome` and `phase` are values of the choices of `Odds`."""

    bookmaker: str
    market: str
    outcome: str
    phase: str
    line: Decimal
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A match as a source tells it. `season` is empty where the source does not say; `stats` are fields of Match."""

    line: int
    competition: str
    season: str
    date: date
    kickoff: datetime | None
    home: str
    away: str
    home_goals: int | None = None
    away_goals: int | None = None
    status: Match.Status = Match.Status.SCHEDULED
    stats: Mapping[str, Any] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A row, or a part of one, that was not taken in."""

    line: int
    code: str
    reason: str
    raw: Mapping[str, str]
    competition: str = ""

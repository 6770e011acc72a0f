"""The two things that football is made of: a match to be played, and one that was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """A pairing on a day. Teams are named by slug; `match_id` is None for a pairing that is in no fixture list."""

    competition: str
    season: str
    home: str
    away: str
    date: dt.date
    kickoff: dt.datetime
    match_id: int | None = None

    @classmethod
    def supposed(cls, *, competition: str, season: str, home: str, away: str, on: dt.date) -> Fixture:
        """A pairing that no fixture list has: it kicks off at noon UTC, as matches without a known time do."""
        noon = dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC)
        return cls(competition=competition, season=season, home=home, away=away, date=on, kickoff=noon)


class Side(NamedTuple):
    """What one team did in a match; NaN where the source does not say."""

    goals: float
    shots: float = NAN
    on_target: float = NAN
    corners: float = NAN
    reds: float = NAN
    expected_goals: float = NAN


class Played(NamedTuple):
    """A finished match. `day` counts days as `date.toordinal` does."""

    competition: str
    season: str
    home: str
    away: str
    day: int
    host: Side
    guest: Side

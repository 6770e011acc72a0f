"""What the readers of basketball files give. Every row has its `line`, and `competition`, the league's code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from matches.basketball.league import CODE, TeamFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxScoreRow:
    """A player's line of a box score. `numbers` are fields of PlayerGame."""

    line: int
    game_id: str
    season: str
    date: date | None
    """None where the source gives no day, as a box score of NBA Stats; the game must be here then."""
    player_id: str
    player: str
    team: TeamFacts
    opponent: TeamFacts
    is_home: bool
    numbers: Mapping[str, float | int | None]
    won: bool | None = None
    position: str = ""
    competition: str = CODE


@dataclass(frozen=True, kw_only=True, slots=True)
class GameRow:
    """A game to be played, or one that was called off. `tip_off_at` is US Eastern."""

    line: int
    game_id: str
    season: str
    date: date
    tip_off_at: time | None
    home: TeamFacts
    away: TeamFacts
    is_postponed: bool = False
    competition: str = CODE


@dataclass(frozen=True, kw_only=True, slots=True)
class PlayerRow:
    """A player as the league's index knows him."""

    line: int
    player_id: str
    player: str
    team: TeamFacts | None
    position: str
    competition: str = CODE


@dataclass(frozen=True, kw_only=True, slots=True)
class PropLineRow:
    """A bookmaker's line on a player, prices decimal."""

    line: int
    date: date
    player: str
    home: TeamFacts
    away: TeamFacts
    statistic: str
    bookmaker: str
    points: Decimal
    over_price: Decimal | None
    under_price: Decimal | None
    quoted_at: datetime
    raw: Mapping[str, str] = field(default_factory=dict)
    competition: str = CODE


@dataclass(frozen=True, kw_only=True, slots=True)
class GameLineRow:
    """A bookmaker's lines on a game, prices decimal; the handicap is the home team's."""

    line: int
    date: date
    home: TeamFacts
    away: TeamFacts
    bookmaker: str
    spread_home: Decimal | None
    total: Decimal | None
    home_price: Decimal | None
    away_price: Decimal | None
    raw: Mapping[str, str] = field(default_factory=dict)
    competition: str = CODE


@dataclass(frozen=True, kw_only=True, slots=True)
class AvailabilityRow:
    """What a report says of a player for a day."""

    line: int
    player: str
    team: TeamFacts | None
    date: date
    status: str
    reason: str
    source: str
    reported_at: datetime
    raw: Mapping[str, str] = field(default_factory=dict)
    competition: str = CODE

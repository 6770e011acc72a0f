"""What a prediction of a player prop is about: a player, a statistic, a line, and the game it is for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from math import floor

FAMILY = "player-props"
"""What the problems of all statistics are called together."""

LABELS = ("over", "push", "under")
OVER, PUSH, UNDER = range(3)

HIGHEST_LINE = 200.0
NO_GAMES_LINE = 0.5
"""The line of a player of whom no game is known."""


@dataclass(frozen=True, kw_only=True)
class Game:
    """A game from one team's side. match_id and opponent_id are None where the game is supposed and not known so well.

    day: on which features take it to be played; tip_off: when a prediction of it comes too late.
    """

    competition: str
    season: str
    team_id: int
    opponent_id: int | None
    is_home: bool
    is_playoff: bool
    day: dt.date
    tip_off: dt.datetime
    match_id: int | None = None
    supposed: str = ""
    """What was supposed of it, for the reader; empty for a game of the schedule."""


@dataclass(frozen=True, kw_only=True)
class PlayerProp:
    """Whether a player ends over or under a line. line: None until the usual one is found."""

    player_id: int
    player_name: str
    line: float | None
    game: Game

    def at(self, line: float) -> PlayerProp:
        return replace(self, line=line)


def outcome(count: float, line: float) -> int:
    """Index of the label that came true."""
    return OVER if count > line else UNDER if count < line else PUSH


def side(count: float, line: float) -> str:
    """The label that came true."""
    return LABELS[outcome(count, line)]


def is_line(value: float) -> bool:
    """Whether a number can be a line: whole or half, and not too high; NaN and infinity can't."""
    return 0 <= value <= HIGHEST_LINE and value * 2 % 1 == 0


def usual_line(last_ten: float) -> float:
    """The mean of a player's last ten games to the half above it; NaN of NaN."""
    return floor(last_ten) + 0.5 if last_ten == last_ten else last_ten

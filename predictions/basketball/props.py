"""What a prediction of a player prop is about: a player, a statistic, a line, and the game it is for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

LABELS = ("over", "push", "under")
OVER, PUSH, UNDER = range(3)


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

"""What can be asked about a player: which player, statistic, line and game, at which odds."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from matches.models import Availability, Statistic
from predictions.basketball.props import HIGHEST_LINE, is_line
from predictions.basketball.recommending import Offer
from predictions.errors import InvalidDay, InvalidLine, InvalidOdds, UnknownStatistic

LEAST_AMERICAN = 100.0
HIGHEST_PRICE = 1000.0
NO_ODDS = Offer()
FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A prop as a client asks for it. What is left out is looked up: the game is then the player's next one.

    player: a name or an id. team: of several players called so, the one of this team. status: of `Availability`, in
    place of what was reported. opponent, home and date name a game, which is supposed where no schedule has it.
    odds: decimal.
    """

    player: str
    statistic: str
    line: float
    team: str = ""
    status: str = ""
    opponent: str = ""
    home: bool | None = None
    date: dt.date | None = None
    odds: Offer = NO_ODDS


def statistic(told: Any) -> str:
    """The code of a statistic, capitals or not. Raises UnknownStatistic."""
    found = str(told).strip().lower()
    if found not in Statistic.values:
        raise UnknownStatistic(str(told)[:40], Statistic.values)
    return found


def line(told: Any) -> float:
    """A whole or half number, as lines are. Raises InvalidLine."""
    try:
        found = float(told)
    except (TypeError, ValueError):
        raise InvalidLine(f"{str(told)[:40]!r} is not a line: write it as 24.5.") from None
    if isinstance(told, bool) or not is_line(found):
        raise InvalidLine(f"A line is a whole or half number from 0 to {HIGHEST_LINE:g}, not {str(told)[:40]}.")
    return found


def price(told: Any) -> float | None:
    """Decimal odds of a price: 1.91, or in American odds -110 or "+120"; None of none. Raises InvalidOdds.

    A number of 100 or more, or of -100 or less, is American: (1 + odds / 100), or (1 + 100 / -odds).
    """
    if told in (None, ""):
        return None
    try:
        found = float(told)
    except (TypeError, ValueError):
        found = math.nan
    if isinstance(told, bool) or not math.isfinite(found):
        raise InvalidOdds(f"{str(told)[:40]!r} are no odds: write 1.91, or -110.")
    if abs(found) >= LEAST_AMERICAN:
        found = 1 + found / 100 if found > 0 else 1 - 100 / found
    if not 1 < found <= HIGHEST_PRICE:
        raise InvalidOdds(f"{str(told)[:40]} are no odds: decimal ones are above 1, American -100 or less, or +100 up.")
    return found


def check_day(day: dt.date, today: dt.date) -> None:
    """Raises InvalidDay for one that is more than a year ahead."""
    if day > today + FARTHEST:
        raise InvalidDay(f"{day:%-d %B %Y} is too far ahead: ask for a day within a year.")


def status(told: str, *, out: bool) -> str:
    """The availability supposed; empty where nothing is."""
    return told or (Availability.Status.OUT.value if out else "")

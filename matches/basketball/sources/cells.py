"""The kinds of cells that basketball files have. Each function raises RowRefused for a cell that is none of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from matches.basketball.league import TeamFacts, team_facts
from matches.errors import RowRefused
from matches.sources.text import count

MOST_MINUTES = 100.0
SHORTEST_AMERICAN, LONGEST_AMERICAN = 100, 100_000
HIGHEST_LINE = 400
_CENT = Decimal("0.001")


@lru_cache(maxsize=4096)
def matchup(text: str) -> tuple[TeamFacts, TeamFacts, bool]:
    """Own team, opponent, and whether at home, of `BKN vs. GSW` (home) or `BKN @ MIL` (away)."""
    for sign, is_home in ((" vs. ", True), (" @ ", False), (" vs ", True)):
        own, found, other = text.partition(sign)
        if found:
            team, opponent = team_facts(own), team_facts(other)
            if team == opponent:
                raise RowRefused("team_against_itself", f"{team.name} can't play against itself.")
            return team, opponent, is_home
    raise RowRefused("bad_matchup", f"{text[:60]!r} is not a pairing: expected BKN vs. GSW or BKN @ MIL.")


def minutes(text: str) -> float:
    """Minutes played of `34`, `33.5`, `34:12` or `PT34M12.00S`."""
    told = text.removeprefix("PT").removesuffix("S").replace("M", ":") if text.startswith("PT") else text
    whole, _, seconds = told.partition(":")
    try:
        played = float(whole) + (float(seconds) / 60 if seconds else 0.0)
    except ValueError:
        raise RowRefused("bad_number", f"The minutes are {text[:20]!r}: expected 34, 33.5 or 34:12.") from None
    if not 0 <= played <= MOST_MINUTES:
        raise RowRefused("bad_number", f"The minutes are {text[:20]}: expected 0 to {MOST_MINUTES:.0f}.")
    return round(played, 4)


def needed(text: str, what: str) -> int:
    """A whole number of at least 0 that must be there."""
    found = count(text, what)
    if found is None:
        raise RowRefused("missing_cell", f"{what} is missing.")
    return found


def signed(text: str, what: str) -> int | None:
    """A whole number, which may be negative; None where the cell is empty."""
    if not text:
        return None
    negative = text.startswith("-")
    found = needed(text.removeprefix("-"), what)
    return -found if negative else found


def decimal_price(text: str, what: str) -> Decimal | None:
    """American odds as decimal ones: +150 is 2.50, -125 is 1.80; None where the cell is empty.

    American odds lie beyond 100 on either side of nought by what they mean: profit on a stake of 100, or the stake that
    wins 100 where negative.
    """
    if not text:
        return None
    odds = number(text, what)
    if not SHORTEST_AMERICAN <= abs(odds) <= LONGEST_AMERICAN:
        raise RowRefused("bad_price", f"{what} is {text}: American odds are +100 or more, or -100 or less.")
    profit = odds / 100 if odds > 0 else 100 / -odds
    price = (1 + profit).quantize(_CENT)
    if price < Decimal("1.01"):
        raise RowRefused("bad_price", f"{what} is {text}, which pays less than 1.01: no bookmaker offers that.")
    return price


def line_of(text: str, what: str) -> Decimal | None:
    """A line of at least 0; None where the cell is empty."""
    if not text:
        return None
    found = number(text, what)
    if not 0 <= found <= HIGHEST_LINE:
        raise RowRefused("bad_line", f"{what} is {text}: expected 0 to {HIGHEST_LINE}.")
    return found.quantize(Decimal("0.01"))


def number(text: str, what: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise RowRefused("bad_number", f"{what} is {text[:20]!r}: expected a number.")
    return found


@lru_cache(maxsize=4096)
def moment(text: str, what: str) -> datetime:
    """A moment in UTC, of `2023-10-24T23:25:44Z`; one without a zone is refused, since hours decide here."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise RowRefused("bad_time", f"{what} is {text[:40]!r}: expected a time with its zone, 2023-10-24T23:25:44Z.")
    return found.astimezone(UTC)


@lru_cache(maxsize=4096)
def american_day(text: str) -> date:
    """A day of `2023-10-24`, `2023-10-24T00:00:00` or `Feb 20, 2026`."""
    for form in ("%Y-%m-%d", "%b %d, %Y", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
        if 1946 <= found.year <= datetime.now(UTC).year + 2:
            return found
    raise RowRefused("bad_date", f"{text[:40]!r} is not a date: expected 2024-02-29.")

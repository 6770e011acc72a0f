"""The competitions that sources know by code, and how a day falls into a season."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from matches.errors import RowRefused


@dataclass(frozen=True, slots=True)
class CompetitionFacts:
    name: str
    country: str
    time_zone: str = "Europe/Paris"
    meets_once: bool = True
    """Whether a pair meets once a season at either ground; else a second meeting is another match."""


COMPETITIONS: dict[str, CompetitionFacts] = {
    "E0": CompetitionFacts("Premier League", "England", "Europe/London"),
    "E1": CompetitionFacts("Championship", "England", "Europe/London"),
    "E2": CompetitionFacts("League One", "England", "Europe/London"),
    "E3": CompetitionFacts("League Two", "England", "Europe/London"),
    "EC": CompetitionFacts("National League", "England", "Europe/London"),
    "SC0": CompetitionFacts("Scottish Premiership", "Scotland", "Europe/London", meets_once=False),
    "SC1": CompetitionFacts("Scottish Championship", "Scotland", "Europe/London", meets_once=False),
    "SC2": CompetitionFacts("Scottish League One", "Scotland", "Europe/London", meets_once=False),
    "SC3": CompetitionFacts("Scottish League Two", "Scotland", "Europe/London", meets_once=False),
    "D1": CompetitionFacts("Bundesliga", "Germany", "Europe/Berlin"),
    "D2": CompetitionFacts("2. Bundesliga", "Germany", "Europe/Berlin"),
    "I1": CompetitionFacts("Serie A", "Italy", "Europe/Rome"),
    "I2": CompetitionFacts("Serie B", "Italy", "Europe/Rome"),
    "SP1": CompetitionFacts("La Liga", "Spain", "Europe/Madrid"),
    "SP2": CompetitionFacts("Segunda División", "Spain", "Europe/Madrid"),
    "F1": CompetitionFacts("Ligue 1", "France"),
    "F2": CompetitionFacts("Ligue 2", "France"),
    "N1": CompetitionFacts("Eredivisie", "Netherlands", "Europe/Amsterdam"),
    "B1": CompetitionFacts("Belgian Pro League", "Belgium", "Europe/Brussels", meets_once=False),
    "P1": CompetitionFacts("Primeira Liga", "Portugal", "Europe/Lisbon"),
    "T1": CompetitionFacts("Süper Lig", "Türkiye", "Europe/Istanbul"),
    "G1": CompetitionFacts("Super League Greece", "Greece", "Europe/Athens", meets_once=False),
}
OPENFOOTBALL_CODES = {
    "en.1": "E0",
    "en.2": "E1",
    "en.3": "E2",
    "en.4": "E3",
    "de.1": "D1",
    "de.2": "D2",
    "it.1": "I1",
    "it.2": "I2",
    "es.1": "SP1",
    "es.2": "SP2",
    "fr.1": "F1",
    "fr.2": "F2",
    "nl.1": "N1",
    "be.1": "B1",
    "pt.1": "P1",
    "sco.1": "SC0",
}
FIRST_MONTH = 7
LATEST_END = timedelta(days=62)
_CODE = re.compile(r"^(\d{2})(\d{2})$|^(?:19|20)(\d{2})[-/](?:19|20)?(\d{2})$")


def competition_facts(code: str) -> CompetitionFacts:
    """Name and country of a competition; one that is not known here is called by its code."""
    return COMPETITIONS.get(code) or CompetitionFacts(code, code, "UTC", meets_once=False)


def season_code(on: date) -> str:
    """The season a day falls into, July to June: 31 December 2023 is in `2324`."""
    first = on.year if on.month >= FIRST_MONTH else on.year - 1
    return f"{first % 100:02d}{(first + 1) % 100:02d}"


def season_code_from(told: str) -> str:
    """A source's own way of writing a season (`2023/24`, `2023-2024`, `2324`) as a code. Raises RowRefused."""
    found = _CODE.match(told)
    if found is None:
        raise RowRefused("bad_season", f"{told!r} is not a season: expected 2324, 2023/24 or 2023-2024.")
    first, second = (found[1], found[2]) if found[1] else (found[3], found[4])
    if (int(first) + 1) % 100 != int(second):
        raise RowRefused("bad_season", f"{told!r} is not one season: the second year follows the first.")
    return first + second


def season_of(on: date, told: str) -> str:
    """A source's season as a code, empty where it tells none. Raises RowRefused where the day can't be in it.

    A wrong day or a wrong season would otherwise found a season that was never played.
    """
    if not told:
        return ""
    code = season_code_from(told)
    if not in_season(on, code):
        raise RowRefused("bad_season", f"{on:%d/%m/%Y} is not in the season {told}: one of the two is mistaken.")
    return code


def season_span(code: str, near: date) -> tuple[date, date, str]:
    """First and last day and name of a season code, in the century of a day in it."""
    first = int(code[:2])
    year = min((century + first for century in (1800, 1900, 2000)), key=lambda y: abs(y - near.year))
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 30), f"{year}/{(year + 1) % 100:02d}"


def in_season(on: date, code: str) -> bool:
    """Whether a day can be in a season, which may run on to the end of August as 2019/20 did."""
    first, last, _ = season_span(code, on)
    return first <= on <= last + LATEST_END

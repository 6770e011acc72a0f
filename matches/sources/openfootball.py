"""openfootball's football.json: https://github.com/openfootball/football.json.

Its times of day are local to the competition's country.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matches.competitions import OPENFOOTBALL_CODES, competition_facts
from matches.errors import RowRefused, UnreadableFile
from matches.models import Match
from matches.sources import text
from matches.sources.rows import Refusal, Row

_SEASON = re.compile(r"(?P<first>\d{4})[-/](?P<second>\d{2,4})")


def read(path: Path) -> Iterator[Row | Refusal]:
    """Every match of a file such as `2023-24/en.1.json`. Raises UnreadableFile where it is not one."""
    code = OPENFOOTBALL_CODES.get(path.name.removesuffix(".json"))
    if code is None:
        raise UnreadableFile(f"{path.name} is not a competition known here: expected a name such as en.1.json.")
    try:
        document = json.loads(text.text_of(path))
        matches = document["matches"]
        season = _season(str(document.get("name", "")), path)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(f"{path.name} is not football.json: {error}.") from error
    zone = ZoneInfo(competition_facts(code).time_zone)
    for number, match in enumerate(matches, start=1):
        try:
            yield parse(number, match, competition=code, season=season, zone=zone)
        except RowRefused as error:
            raw = {"match": json.dumps(match)[:500]}
            yield Refusal(line=number, code=error.code, reason=str(error), raw=raw, competition=code)


def parse(number: int, match: Mapping[str, Any], *, competition: str, season: str, zone: ZoneInfo) -> Row:
    """One match; `number` counts from 1, the file having no lines worth naming. Raises RowRefused."""
    try:
        home, away, on = str(match["team1"]), str(match["team2"]), text.day(str(match["date"]))
        full_time = (match.get("score") or {}).get("ft")
        half_time = (match.get("score") or {}).get("ht")
    except (KeyError, AttributeError, TypeError) as error:
        raise RowRefused("missing_cell", f"The match lacks {error}.") from error
    home_goals, away_goals = _score(full_time)
    half = _score(half_time)
    stats = {} if half[0] is None else {"home_goals_half_time": half[0], "away_goals_half_time": half[1]}
    return Row(
        line=number,
        competition=competition,
        season=season,
        date=on,
        kickoff=text.moment(on, str(match.get("time") or ""), zone),
        home=home,
        away=away,
        home_goals=home_goals,
        away_goals=away_goals,
        status=Match.Status.SCHEDULED if home_goals is None else Match.Status.FINISHED,
        stats=stats,
    )


def _score(pair: Any) -> tuple[int | None, int | None]:
    if pair is None:
        return None, None
    if not isinstance(pair, list) or len(pair) != 2:
        raise RowRefused("half_a_score", f"The score is {pair!r}: expected two numbers.")
    return text.goals(str(pair[0]), "home goals"), text.goals(str(pair[1]), "away goals")


def _season(name: str, path: Path) -> str:
    """`English Premier League 2023/24` or the folder `2023-24` to `2324`."""
    found = _SEASON.search(name) or _SEASON.search(path.parent.name)
    return found["first"][-2:] + found["second"][-2:] if found else ""

"""openfootball's football.json: https://github.com/openfootball/football.json.

Its times of day are local to the competition's country. Files of before 2021 keep their matches by rounds, and write
`{"team1": {"name": …}, "score1": 0}` for what is `{"team1": …, "score": {"ft": [0, 1]}}` since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matches.competitions import OPENFOOTBALL_CODES, competition_facts, season_of
from matches.errors import RowRefused, UnreadableFile
from matches.models import Match
from matches.sources import text
from matches.sources.rows import Refusal, Row

Score = tuple[int | None, int | None]
_SEASON = re.compile(r"(?P<first>\d{4})[-/](?P<second>\d{2,4})")


def read(path: Path) -> Iterator[Row | Refusal]:
    """Every match of a file such as `2023-24/en.1.json`. Raises UnreadableFile where it is not one."""
    code = OPENFOOTBALL_CODES.get(path.name.removesuffix(".json"))
    if code is None:
        raise UnreadableFile(f"{path.name} is not a competition known here: expected a name such as en.1.json.")
    try:
        document = json.loads(text.text_of(path))
        matches = _matches(document)
        season = _season(str(document.get("name", "")), path)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"{path.name} is broken at line {error.lineno}: {error.msg}. Was it cut off?") from error
    except RecursionError as error:
        raise UnreadableFile(f"{path.name} is nested too deeply to be football.json.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"{path.name} is not football.json: it has no list of matches.") from error
    zone = ZoneInfo(competition_facts(code).time_zone)
    for number, match in enumerate(matches, start=1):
        try:
            yield parse(number, match, competition=code, season=season, zone=zone)
        except RowRefused as error:
            raw = {"match": json.dumps(match)[:500]}
            yield Refusal(line=number, code=error.code, reason=str(error), raw=raw, competition=code)


def _matches(document: Any) -> list[Any]:
    """Raises KeyError, TypeError or AttributeError where the document has no list of matches."""
    if "rounds" in document:
        return [match for played in document["rounds"] for match in played["matches"]]
    matches = document["matches"]
    if not isinstance(matches, list):
        raise TypeError(matches)
    return matches


def parse(number: int, match: Any, *, competition: str, season: str, zone: ZoneInfo) -> Row:
    """One match; `number` counts from 1, the file having no lines worth naming. Raises RowRefused."""
    if not isinstance(match, dict):
        raise RowRefused("missing_cell", f"Match {number} is no object of JSON.")
    if missing := [name for name in ("date", "team1", "team2") if not match.get(name)]:
        raise RowRefused("missing_cell", f"The match lacks {', '.join(missing)}.")
    on = text.day(str(match["date"]))
    (home_goals, away_goals), half = _scores(match)
    stats = {} if half[0] is None else {"home_goals_half_time": half[0], "away_goals_half_time": half[1]}
    return Row(
        line=number,
        competition=competition,
        season=season_of(on, season),
        date=on,
        kickoff=text.moment(on, str(match.get("time") or ""), zone),
        home=_team(match["team1"]),
        away=_team(match["team2"]),
        home_goals=home_goals,
        away_goals=away_goals,
        status=Match.Status.SCHEDULED if home_goals is None else Match.Status.FINISHED,
        stats=stats,
    )


def _team(told: Any) -> str:
    name = told.get("name") if isinstance(told, dict) else told
    if not isinstance(name, str) or not name.isprintable():
        raise RowRefused("bad_team", f"{str(told)[:100]} is not the name of a team.")
    return name.strip()


def _scores(match: Mapping[str, Any]) -> tuple[Score, Score]:
    """At full time and at half time."""
    if "score1" in match:
        return _score([match["score1"], match.get("score2")]), (None, None)
    told = match.get("score")
    if told is not None and not isinstance(told, dict):
        return _score(told), (None, None)
    score = told or {}
    return _score(score.get("ft")), _score(score.get("ht"))


def _score(pair: Any) -> Score:
    if pair is None or pair == [None, None]:
        return None, None
    if not isinstance(pair, list) or len(pair) != 2 or None in pair:
        raise RowRefused("half_a_score", f"The score is {str(pair)[:100]}: expected two numbers.")
    return text.goals(str(pair[0]), "home goals"), text.goals(str(pair[1]), "away goals")


def _season(name: str, path: Path) -> str:
    """`English Premier League 2023/24` or the folder `2023-24` to `2324`."""
    found = _SEASON.search(name) or _SEASON.search(path.parent.name)
    return found["first"][-2:] + found["second"][-2:] if found else ""

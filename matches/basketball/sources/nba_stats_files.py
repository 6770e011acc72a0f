"""JSON as NBA Stats answers it: game logs, box scores, scoreboards and the index of players.

The answer itself, or a record of it with the answer as its `body`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

from matches.basketball.league import season_of_game, team_facts
from matches.basketball.rows import BoxScoreRow, GameRow, PlayerRow
from matches.basketball.sources.cells import american_day
from matches.basketball.sources.game_logs import numbers, player_id, player_name, row_of
from matches.errors import RowRefused, UnreadableFile
from matches.sources.rows import Refusal
from matches.sources.text import text_of

Item = BoxScoreRow | GameRow | PlayerRow
POSTPONED = ("ppd", "postponed", "cancelled", "canceled")
_TIP_OFF = re.compile(r"^(\d{1,2}):(\d\d) ([ap]m) ET$", re.IGNORECASE)
BOX_SCORE_COLUMNS = {
    "points": "PTS",
    "fieldGoalsMade": "FGM",
    "fieldGoalsAttempted": "FGA",
    "threePointersMade": "FG3M",
    "threePointersAttempted": "FG3A",
    "freeThrowsMade": "FTM",
    "freeThrowsAttempted": "FTA",
    "reboundsOffensive": "OREB",
    "reboundsDefensive": "DREB",
    "reboundsTotal": "REB",
    "assists": "AST",
    "steals": "STL",
    "blocks": "BLK",
    "turnovers": "TOV",
    "foulsPersonal": "PF",
    "plusMinusPoints": "PLUS_MINUS",
    "minutes": "MIN",
}


def read(path: Path) -> Iterator[Item | Refusal]:
    """Rows of a file; their `line` is the place in the answer, from 1. Raises UnreadableFile where it is none of these.

    An answer with rows of teams where those of players are asked for is refused as a whole, with what to ask instead.
    """
    body = _body(path)
    if "boxScoreTraditional" in body:
        yield from _each(_box_score_cells(body["boxScoreTraditional"]), _box_score_row)
        return
    sets = _result_sets(body)
    if "GameHeader" in sets:
        yield from _each(_once(sets["GameHeader"], by="GAME_ID"), _game_row)
    elif "PlayerIndex" in sets:
        yield from _each(sets["PlayerIndex"], _player_row)
    elif "PlayerGameLog" in sets:
        yield from _each(sets["PlayerGameLog"], _nameless_row)
    elif "LeagueGameLog" in sets or "PlayerGameLogs" in sets:
        rows = sets.get("LeagueGameLog", sets.get("PlayerGameLogs", []))
        _refuse_team_rows(path, rows, body)
        yield from _each(rows, row_of)
    else:
        held = ", ".join([*sets, *(name for name in body if name.startswith("boxScore"))]) or "nothing known here"
        raise UnreadableFile(
            f"{path.name} holds {held}: LeagueGameLog, PlayerGameLog, BoxScoreTraditionalV3, ScoreboardV2 and "
            "PlayerIndex are taken in."
        )


def _body(path: Path) -> dict[str, Any]:
    try:
        answer = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"{path.name} is not JSON: NBA Stats answers so, and with a web page where it blocks."
        ) from error
    body = answer.get("body", answer) if isinstance(answer, dict) else None
    if not isinstance(body, dict):
        raise UnreadableFile(f"{path.name} is not an answer of NBA Stats.")
    return body


def _result_sets(body: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Rows of each set by its name; cells as text, by their headers in capitals."""
    told = body.get("resultSets", [])
    sets = [told] if isinstance(told, dict) else told
    found: dict[str, list[dict[str, str]]] = {}
    for one in sets if isinstance(sets, list) else []:
        if isinstance(one, dict) and isinstance(one.get("headers"), list) and isinstance(one.get("rowSet"), list):
            headers = [str(name).upper() for name in one["headers"]]
            found[str(one.get("name"))] = [
                dict(zip(headers, map(_cell, row), strict=False)) for row in one["rowSet"] if isinstance(row, list)
            ]
    return found


def _cell(value: Any) -> str:
    """A number without its idle decimals; nothing for null."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse_team_rows(path: Path, rows: list[dict[str, str]], body: Mapping[str, Any]) -> None:
    asked = body.get("parameters", {}).get("PlayerOrTeam") if isinstance(body.get("parameters"), dict) else None
    if asked == "T" or (rows and "PLAYER_ID" not in rows[0]):
        raise UnreadableFile(
            f"{path.name} holds lines of teams where those of players are expected: ask LeagueGameLog for "
            "PlayerOrTeam=P (in nba_api, player_or_team_abbreviation='P')."
        )


def _once(rows: list[dict[str, str]], *, by: str) -> list[dict[str, str]]:
    """The first row of each; a game on three channels stands three times on a scoreboard."""
    return list({row.get(by, ""): row for row in reversed(rows)}.values())[::-1]


def _each(
    rows: list[dict[str, str]], row_of_cells: Callable[[int, Mapping[str, str]], Item]
) -> Iterator[Item | Refusal]:
    for place, cells in enumerate(rows, start=1):
        try:
            yield row_of_cells(place, cells)
        except RowRefused as error:
            yield Refusal(line=place, code=error.code, reason=str(error), raw=cells)
        except KeyError as error:
            reason = f"It has no {error.args[0]}."
            yield Refusal(line=place, code="missing_cell", reason=reason, raw=cells)


def _nameless_row(place: int, cells: Mapping[str, str]) -> BoxScoreRow:
    return row_of(place, cells, is_nameless=True)


def _game_row(place: int, cells: Mapping[str, str]) -> GameRow:
    game_id, status = cells["GAME_ID"], cells["GAME_STATUS_TEXT"].strip()
    day = american_day(cells["GAME_DATE_EST"])
    at = _time(status)
    return GameRow(
        line=place,
        game_id=game_id,
        season=season_of_game(game_id),
        date=day,
        tip_off_at=at,
        home=team_facts(cells["HOME_TEAM_ID"]),
        away=team_facts(cells["VISITOR_TEAM_ID"]),
        is_postponed=status.casefold() in POSTPONED,
    )


def _time(status: str) -> time | None:
    """The time of day of `7:30 pm ET`; None of `Final` and what else a status says."""
    found = _TIP_OFF.match(status)
    if found is None:
        return None
    return datetime.strptime(f"{found[1]}:{found[2]} {found[3]}", "%I:%M %p").time()  # noqa: DTZ007 - a time of day


def _player_row(place: int, cells: Mapping[str, str]) -> PlayerRow:
    team = cells.get("TEAM_ID", "")
    return PlayerRow(
        line=place,
        player_id=player_id(cells["PERSON_ID"]),
        player=player_name(f"{cells['PLAYER_FIRST_NAME']} {cells['PLAYER_LAST_NAME']}"),
        team=team_facts(team) if team not in ("", "0") else None,
        position=cells["POSITION"],
    )


def _box_score_cells(game: Mapping[str, Any]) -> list[dict[str, str]]:
    """Cells of the players who played, named as in a game log; who did not has no minutes."""
    found = []
    for side, other in (("homeTeam", "awayTeam"), ("awayTeam", "homeTeam")):
        for player in game.get(side, {}).get("players", []):
            told = player.get("statistics", {})
            if not told.get("minutes"):
                continue
            found.append(
                {
                    "GAME_ID": str(game.get("gameId", "")),
                    "PLAYER_ID": str(player.get("personId", "")),
                    "PLAYER_NAME": f"{player.get('firstName', '')} {player.get('familyName', '')}",
                    "TEAM": str(game[side].get("teamId", "")),
                    "OPPONENT": str(game.get(other, {}).get("teamId", "")),
                    "HOME": "1" if side == "homeTeam" else "",
                    **{column: _cell(told.get(name)) for name, column in BOX_SCORE_COLUMNS.items()},
                }
            )
    return found


def _box_score_row(place: int, cells: Mapping[str, str]) -> BoxScoreRow:
    return BoxScoreRow(
        line=place,
        game_id=cells["GAME_ID"],
        season=season_of_game(cells["GAME_ID"]),
        date=None,
        player_id=player_id(cells["PLAYER_ID"]),
        player=player_name(cells["PLAYER_NAME"]),
        team=team_facts(cells["TEAM"]),
        opponent=team_facts(cells["OPPONENT"]),
        is_home=bool(cells["HOME"]),
        numbers=numbers(cells),
    )

"""Answers of NBA Stats, made up for tests."""

from __future__ import annotations

import json
from typing import Any

from tests.matches.basketball.logs import AWAY_COUNTS, HOME_COUNTS

COUNTS = ["PTS", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF"]
TEAM = ["TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME"]
GAME = ["GAME_ID", "GAME_DATE", "MATCHUP", "WL", "MIN"]
LOG = ["SEASON_ID", "PLAYER_ID", "PLAYER_NAME", *TEAM, *GAME, *COUNTS, "PLUS_MINUS"]
GAMES = ["GAME_DATE_EST", "GAME_ID", "GAME_STATUS_ID", "GAME_STATUS_TEXT", "HOME_TEAM_ID", "VISITOR_TEAM_ID"]
PLAYERS = ["PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "TEAM_ID", "POSITION"]
DENVER, LAKERS = 1610612743, 1610612747


def answer(name: str, headers: list[str], rows: list[list[Any]], **parameters: Any) -> str:
    sets = [{"name": name, "headers": headers, "rowSet": rows}]
    return json.dumps({"resource": name.lower(), "parameters": parameters, "resultSets": sets})


def log(game_id: str = "0022300061", day: str = "2023-10-24", *, header: list[str] = LOG) -> str:
    """A game log in player mode: Denver 105, the Lakers 100."""
    rows = []
    for team, code, pairing, won, counts in (
        (DENVER, "DEN", "DEN vs. LAL", "W", HOME_COUNTS),
        (LAKERS, "LAL", "LAL @ DEN", "L", AWAY_COUNTS),
    ):
        for n in range(5):
            who = [team % 100 * 100 + n, f"{code.title()} Number{'abcde'[n]}", team, code, code]
            rows.append(["22023", *who, game_id, day, pairing, won, 48, *map(int, counts.split(","))])
    return answer("LeagueGameLog", header, rows, PlayerOrTeam="P")


def team_log() -> str:
    return answer(
        "LeagueGameLog", ["SEASON_ID", "TEAM_ID", "GAME_ID"], [["22023", DENVER, "0022300061"]], PlayerOrTeam="T"
    )


def scoreboard(*rows: tuple[str, str, str]) -> str:
    """Games of (day, id, status) at Denver, against the Lakers."""
    return answer(
        "GameHeader", GAMES, [[f"{day}T00:00:00", game, 1, status, DENVER, LAKERS] for day, game, status in rows]
    )

"""CSV game logs in the columns of NBA Stats: a line for each player of each game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from matches.basketball.league import season_of_game
from matches.basketball.rows import BoxScoreRow
from matches.basketball.sources.cells import american_day, matchup, minutes, needed, signed
from matches.errors import RowRefused
from matches.sources.rows import Refusal
from matches.sources.text import table

COUNTS = {
    "PTS": "points",
    "FGM": "field_goals_made",
    "FGA": "field_goals_attempted",
    "FG3M": "threes_made",
    "FG3A": "threes_attempted",
    "FTM": "free_throws_made",
    "FTA": "free_throws_attempted",
    "OREB": "offensive_rebounds",
    "DREB": "defensive_rebounds",
    "REB": "rebounds",
    "AST": "assists",
    "STL": "steals",
    "BLK": "blocks",
    "TOV": "turnovers",
    "PF": "fouls",
}
"""Columns of NBA Stats by the fields of PlayerGame they fill."""

REQUIRED = ("GAME_ID", "GAME_DATE", "PLAYER_ID", "PLAYER_NAME", "MATCHUP", "MIN", *COUNTS)
LONGEST_NAME = 100


def read(path: Path) -> Iterator[BoxScoreRow | Refusal]:
    """Rows of a file, plain or gzipped. Raises UnreadableFile where it is no such file."""
    for line in table(path, required=REQUIRED):
        try:
            line.refuse_if_broken()
            yield row_of(line.number, line.cells)
        except RowRefused as error:
            yield Refusal(line=line.number, code=error.code, reason=str(error), raw=line.cells)


def row_of(number: int, cells: Mapping[str, str], *, is_nameless: bool = False) -> BoxScoreRow:
    """A row of cells named as NBA Stats names them; one of a log without names tells the id only. Raises RowRefused."""
    team, opponent, is_home = matchup(cells["MATCHUP"])
    game_id = cells["GAME_ID"].zfill(10) if cells["GAME_ID"] else ""
    season = season_of_game(game_id)
    if cells.get("SEASON_LABEL") and cells["SEASON_LABEL"] != season:
        raise RowRefused(
            "bad_season", f"Game {game_id} is of {season}, and the line says {cells['SEASON_LABEL'][:20]}."
        )
    if cells.get("TEAM_ID") and cells["TEAM_ID"] != team.external_id:
        raise RowRefused(
            "bad_team", f"TEAM_ID {cells['TEAM_ID'][:20]} is not the {team.name}, the first of the pairing."
        )
    return BoxScoreRow(
        line=number,
        game_id=game_id,
        season=season,
        date=american_day(cells["GAME_DATE"]),
        player_id=player_id(cells["PLAYER_ID"]),
        player="" if is_nameless else player_name(cells["PLAYER_NAME"]),
        team=team,
        opponent=opponent,
        is_home=is_home,
        numbers=numbers(cells),
        won=cells["WL"] == "W" if cells.get("WL") in ("W", "L") else None,
    )


def numbers(cells: Mapping[str, str]) -> dict[str, float | int | None]:
    """The fields of PlayerGame, checked against one another. Raises RowRefused."""
    found: dict[str, float | int | None] = {"minutes": minutes(cells["MIN"])}
    counts = {field: needed(cells[column], column) for column, field in COUNTS.items()}
    _refuse_contradictions(counts)
    return {**found, **counts, "plus_minus": signed(cells.get("PLUS_MINUS", ""), "PLUS_MINUS")}


def _refuse_contradictions(counts: Mapping[str, int]) -> None:
    """What can't be of one box score: more made than attempted, sums that don't add up."""
    for made in ("field_goals", "threes", "free_throws"):
        if counts[f"{made}_made"] > counts[f"{made}_attempted"]:
            raise RowRefused("contradiction", f"More {made.replace('_', ' ')} were made than attempted.")
    if counts["threes_made"] > counts["field_goals_made"]:
        raise RowRefused("contradiction", "More threes were made than field goals, which they are among.")
    scored = 2 * counts["field_goals_made"] + counts["threes_made"] + counts["free_throws_made"]
    if counts["points"] != scored:
        raise RowRefused("contradiction", f"PTS is {counts['points']}, and the shots made add up to {scored}.")
    if counts["rebounds"] != counts["offensive_rebounds"] + counts["defensive_rebounds"]:
        raise RowRefused("contradiction", "REB is not the sum of OREB and DREB.")


def player_id(text: str) -> str:
    if not text.isdigit() or len(text) > 12:
        raise RowRefused("bad_player", f"{text[:40]!r} is not the id of a player: expected digits.")
    return text


def player_name(text: str) -> str:
    name = " ".join(text.split())
    if not any(letter.isalpha() for letter in name) or len(name) > LONGEST_NAME:
        raise RowRefused("bad_player", f"{text[:60]!r} is not the name of a player.")
    return name

"""A small made-up league of box scores: six teams of nine, two seasons, absences, a trade, minutes with decimals."""

from __future__ import annotations

from typing import Any

import numpy as np

from predictions.basketball.box_scores import COLUMNS, COUNTED, BoxScores

TEAMS = {11: "BOS", 12: "DEN", 13: "LAL", 14: "MIA", 15: "UTA", 16: "NYK"}
FIRST_DAY = 738_000
SHARE = {
    "points": 0.5,
    "field_goals_made": 0.18,
    "field_goals_attempted": 0.38,
    "threes_made": 0.05,
    "threes_attempted": 0.14,
    "free_throws_made": 0.08,
    "free_throws_attempted": 0.1,
    "offensive_rebounds": 0.04,
    "defensive_rebounds": 0.14,
    "rebounds": 0.18,
    "assists": 0.1,
    "steals": 0.03,
    "blocks": 0.02,
    "turnovers": 0.05,
    "fouls": 0.08,
}


def league(*, rounds: int = 24, seed: int = 0) -> BoxScores:
    """Three games every other day; a fifth of the players misses each game, and one changes sides half-way."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for turn in range(rounds):
        later = turn >= rounds // 2
        order = rng.permutation(list(TEAMS))
        for game in range(3):
            sides = int(order[2 * game]), int(order[2 * game + 1])
            for side in (0, 1):
                _add_side(columns, rng, turn=turn, later=later, match=turn * 3 + game, sides=sides, side=side)
    table = {name: np.array(column) for name, column in columns.items()}
    sort = np.lexsort((table["player"], table["match"], table["day"]))
    ordered: dict[str, Any] = {name: column[sort] for name, column in table.items()}
    return BoxScores(**ordered, abbreviations=TEAMS)


def _add_side(
    columns: dict[str, list[Any]],
    rng: np.random.Generator,
    *,
    turn: int,
    later: bool,
    match: int,
    sides: tuple[int, int],
    side: int,
) -> None:
    team, opponent = sides[side], sides[1 - side]
    # Player 1100 goes from the first team to the second when the second season begins.
    roster = [team * 100 + i for i in range(9) if not (later and team == 11 and i == 0)]
    roster += [1100] if later and team == 12 else []
    for player in roster:
        if rng.random() < 0.2:
            continue
        minutes = round(float(rng.uniform(5, 40)), 1)
        row: dict[str, Any] = {name: float(rng.poisson(SHARE[name] * minutes)) for name in COUNTED}
        row |= {"match": match, "player": player, "team": team, "opponent": opponent, "minutes": minutes}
        row |= {"day": FIRST_DAY + 2 * turn + (150 if later else 0), "season": "2021-22" if later else "2020-21"}
        row |= {"is_home": side == 0, "is_playoff": False}
        row |= {"spread": -3.5 if side == 0 else 3.5, "total": 221.5 if match % 4 else np.nan}
        for name, column in columns.items():
            column.append(row[name])

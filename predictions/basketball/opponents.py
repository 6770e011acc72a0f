"""The teams: how fast and how well they play, and what the opponent lets players like this one count.

Possessions, pace and ratings as in Kubatko et al. (2007), "A starting point for analyzing basketball statistics".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.asked import LEAGUE_RATES, PRIOR_MINUTES, Asked
from predictions.basketball.history import SLOW, History
from predictions.basketball.sequences import Sequences, at_end, exact

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEEP = 0.93
"""Weight of a team's game against its next one: about fourteen games are in sight."""

GAME_MINUTES = 240.0
HANDLER, WING, BIG = 0, 1, 2
ROLE_MINUTES = 200.0
"""Minutes for which a player is taken for a wing."""

PRIOR_GAMES = 5.0
"""Games for which a defence is taken for the league's."""


def opponents(asked: Asked, statistic: str) -> dict[str, Floats]:
    """Paces, ratings and ranks of both teams, and the opponent's allowance of the statistic."""
    own, other = _strengths(asked, asked.own_games), _strengths(asked, asked.opponents_games)
    found = {f"own_{name}": column for name, column in own.items()}
    found |= {f"opponent_{name}": column for name, column in other.items()}
    found["pace"] = (own["pace"] + other["pace"]) / 2
    found["opponent_rank"] = _rank(asked)
    found["opponent_allows"] = _allowed(asked, statistic)
    role = role_of(asked.history, asked.start, asked.end)
    found["role"] = role.astype(float)
    found["opponent_excess"] = _excess(asked, statistic, None)
    found["opponent_excess_by_role"] = _excess(asked, statistic, role)
    spread, total = asked.box.spread[asked.rows], asked.box.total[asked.rows]
    return found | {"market_spread": spread, "market_total": total, "market_points": (total - spread) / 2}


def _strengths(asked: Asked, places: tuple[Ints, Ints]) -> dict[str, Floats]:
    history = asked.history
    table = history.keep(lambda: _team_table(history), "strengths")
    row = at_end(table, *places)
    return {"pace": row[:, 0], "offence": row[:, 1], "defence": row[:, 2]}


def _team_table(history: History) -> Floats:
    """(g, 3) after each game of a team: possessions in 48 minutes, points for and against in 100 possessions."""
    teams = history.teams
    both = (teams.possessions + teams.possessions[teams.other]) / 2
    points = teams.totals["points"]
    parts = np.column_stack([both, teams.minutes, points, points[teams.other]])
    sums = teams.sequences.decayed(parts, keep=KEEP)
    possessions = np.maximum(sums[:, 0], 1.0)
    return np.column_stack(
        [
            possessions / np.maximum(sums[:, 1], 1.0) * GAME_MINUTES,
            sums[:, 2] / possessions * 100,
            sums[:, 3] / possessions * 100,
        ]
    )


def _rank(asked: Asked) -> Floats:
    """(n,) the opponent's place among all defences on the eve of the game, 1 the best."""
    history = asked.history
    table = history.keep(lambda: _team_table(history), "strengths")
    days, codes = np.unique(asked.day, return_inverse=True)
    teams = history.teams.sequences
    if not len(teams):
        return np.full(len(asked), np.nan)
    grid_day, grid_team = np.repeat(days, len(teams.keys)), np.tile(teams.keys, len(days))
    ratings = at_end(table[:, 2], *teams.before(grid_team, grid_day)).reshape(len(days), -1)
    own = at_end(table[:, 2], *asked.opponents_games)
    return np.where(np.isfinite(own), 1.0 + (ratings[codes] < own[:, None]).sum(1), np.nan)


def _allowed(asked: Asked, statistic: str) -> Floats:
    """(n,) what the opponent's opponents counted in 48 minutes, all together."""
    history = asked.history

    def make() -> Floats:
        teams = history.teams
        parts = np.column_stack([teams.totals[statistic][teams.other], teams.minutes])
        sums = teams.sequences.decayed(parts, keep=KEEP)
        return np.asarray(sums[:, 0] / np.maximum(sums[:, 1], 1.0) * GAME_MINUTES)

    return at_end(history.keep(make, "allowed", statistic), *asked.opponents_games)


def role_of(history: History, start: Ints, end: Ints) -> Ints:
    """(n,) HANDLER, WING or BIG, guessed by rebounds against assists in 36 minutes of the places before `end`."""
    sums = [
        at_end(history.decayed(name, keep=SLOW), start, end, otherwise=0.0)
        for name in ("rebounds", "assists", "threes_attempted", "minutes")
    ]
    rebounds, assists, threes, minutes = sums
    lean = (rebounds - assists - threes / 4) / (minutes + ROLE_MINUTES) * 36
    return np.where(lean < ROLE_LINES[0], HANDLER, np.where(lean > ROLE_LINES[1], BIG, WING)).astype(np.int64)


ROLE_LINES = (0.0, 3.0)


def _excess(asked: Asked, statistic: str, role: Ints | None) -> Floats:
    """(n,) the log of what the opponent's opponents counted to what was usual of them in those minutes.

    Of all players, or of those in the row's role; drawn to 0 as if five ordinary games had gone before.
    """
    history = asked.history
    name = "all" if role is None else "role"
    sequences, table = history.keep(lambda: _defences(history, statistic, by_role=role is not None), name, statistic)
    key = asked.opponent * ROLES + (0 if role is None else role)
    sums = at_end(table, *sequences.before(key, asked.day), otherwise=0.0)
    prior = PRIOR_GAMES * LEAGUE_RATES[statistic] * GAME_MINUTES / (1 if role is None else ROLES)
    return np.asarray(np.log((sums[:, 0] + prior) / (sums[:, 1] + prior)), dtype=float)


ROLES = 3


def _defences(history: History, statistic: str, *, by_role: bool) -> tuple[Sequences, Floats]:
    """By defence (and role) and day: decayed sums (d, 2) of what was counted against it, and what was usual."""
    usual = history.keep(lambda: _usual(history, statistic), "usual", statistic)
    first, places = history.players.first, np.arange(len(history.players))
    role = history.keep(lambda: role_of(history, first, places), "roles") if by_role else np.zeros_like(places)
    keys = np.column_stack([history.day, history.opponent * ROLES + role])
    found, code = np.unique(keys, axis=0, return_inverse=True)
    code = code.reshape(-1)
    parts = (history.values[statistic], usual)
    sums = exact(np.column_stack([np.bincount(code, weights=part, minlength=len(found)) for part in parts]))
    sequences = Sequences.of(found[:, 1], found[:, 0], then_by=found[:, 0])
    return sequences, sequences.decayed(sums[sequences.order], keep=KEEP)


def _usual(history: History, statistic: str) -> Floats:
    """(k,) what each player was used to count in the minutes that he got, by his games before."""
    first, places = history.players.first, np.arange(len(history.players))
    sums = at_end(history.decayed(statistic, keep=SLOW), first, places, otherwise=0.0)
    minutes = at_end(history.decayed("minutes", keep=SLOW), first, places, otherwise=0.0)
    rate = (sums + LEAGUE_RATES[statistic] * PRIOR_MINUTES) / (minutes + PRIOR_MINUTES)
    return exact(rate * history.values["minutes"])

"""When and where: rest, games in a few days, travel, thin air, and games that the player missed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.arenas import distance, placed
from predictions.basketball.asked import Asked
from predictions.basketball.sequences import at_end

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONGEST_REST = 30.0
"""Days; whoever rested longer has rested long."""


def schedule(asked: Asked) -> dict[str, Floats]:
    """The team's calendar and the player's own."""
    teams = asked.history.teams
    start, end = asked.own_games
    other_start, other_end = asked.opponents_games
    rest = _rest(asked.day, teams.day, start, end)
    opponents_rest = _rest(asked.day, teams.day, other_start, other_end)
    return {
        "is_home": asked.is_home.astype(float),
        "is_playoff": np.asarray(asked.box.is_playoff[asked.rows], dtype=float),
        "rest": rest,
        "is_back_to_back": (rest == 1).astype(float),
        "rest_advantage": rest - opponents_rest,
        "games_in_7_days": (end - _since(asked, asked.team, days=7)).astype(float),
        **_travel(asked),
        **_own_calendar(asked),
    }


def _rest(day: Ints, days: Ints, start: Ints, end: Ints) -> Floats:
    return np.minimum(day - at_end(days.astype(float), start, end), LONGEST_REST)


def _since(asked: Asked, team: Ints, *, days: int) -> Ints:
    """(n,) place of the team's first game at most so many days before the row's."""
    return asked.history.teams.sequences.before(team, asked.day - days)[1]


def _travel(asked: Asked) -> dict[str, Floats]:
    """From where the team last played to where it plays now; 0 for its first game."""
    teams, names = asked.history.teams, asked.box.abbreviations
    start, end = asked.own_games
    here = placed(names, np.where(asked.is_home, asked.team, asked.opponent))
    if len(teams.team):
        last = np.maximum(end - 1, 0)
        hosts = np.where(teams.is_home[last], teams.team[last], teams.opponent[last])
    else:
        hosts = asked.team
    before = placed(names, np.where(end > start, hosts, asked.team))
    return {
        "travel": distance(before, here),
        "time_zones": here[:, 3] - before[:, 3],
        "altitude": here[:, 2],
    }


def _own_calendar(asked: Asked) -> dict[str, Floats]:
    """Games that his team played and he did not, a return from absence, a change of team."""
    history = asked.history
    last_day = at_end(history.day.astype(float), asked.start, asked.end)
    last_team = at_end(history.team.astype(float), asked.start, asked.end)
    _, end = asked.own_games
    known = np.where(np.isfinite(last_day), last_day, 0).astype(np.int64)
    _, then = history.teams.sequences.before(asked.team, known + 1)
    with_team = last_team == asked.team
    recent = history.players.before(asked.player, asked.day - 30)[1]
    played = (asked.end - recent).astype(float)
    offered = (end - _since(asked, asked.team, days=30)).astype(float)
    return {
        "own_rest": np.minimum(asked.day - last_day, 2 * LONGEST_REST),
        "missed_in_a_row": np.where(with_team, np.minimum(end - then, 40), np.nan).astype(float),
        "played_share_30_days": np.where(offered > 0, played / np.maximum(offered, 1.0), np.nan),
        "played_in_10_days": (asked.end - history.players.before(asked.player, asked.day - 10)[1]).astype(float),
        "games_with_team": _games_with_team(asked),
    }


def _games_with_team(asked: Asked) -> Floats:
    """(n,) games in a row for the row's team; 0 where his last was for another."""
    history = asked.history
    counts = history.keep(lambda: _tenures(history.player, history.team), "tenures")
    last_team = at_end(history.team.astype(float), asked.start, asked.end)
    served = at_end(counts, asked.start, asked.end, otherwise=0.0)
    return np.where(last_team == asked.team, np.minimum(served, 60.0), 0.0)


def _tenures(player: Ints, team: Ints) -> Floats:
    """(k,) the how-manieth game in a row for the same team each place is."""
    places = np.arange(len(player))
    begins = np.ones(len(player), dtype=bool)
    begins[1:] = (player[1:] != player[:-1]) | (team[1:] != team[:-1])
    return (places - np.maximum.accumulate(np.where(begins, places, 0)) + 1).astype(float)

"""Who of the team was missing, from games already played: minutes and shots that others take while he is out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.asked import Asked
from predictions.basketball.history import MIDDLE, SLOW, History
from predictions.basketball.sequences import DAYS, Sequences, at_end

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GONE_AFTER = 25
"""Team games missed after which nobody waits for a player."""

PARTS = ("minutes", "points", "rebounds", "assists", "field_goals_attempted")
LONG = 3
"""Games missed in a row after which he is likely out for the next as well."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Absences:
    """After each game of a team (g, …): what its absent players usually gave a game, and how many they were.

    vacated: (g, parts) of all who missed it; long: (g, parts) of those who have missed at least three; played: (g,) how
    many played.
    """

    vacated: Floats
    long: Floats
    played: Floats


def team_mates(asked: Asked) -> dict[str, Floats]:
    """Who was missing in the team's last game, against who was missing while the player's form was made."""
    history = asked.history
    absences = history.keep(lambda: _absences(history), "absences")
    now = at_end(absences.vacated, *asked.own_games, otherwise=0.0)
    long = at_end(absences.long, *asked.own_games, otherwise=0.0)
    own = _own_part(asked)
    usual = _usual(asked, absences)
    found = {}
    for i, name in enumerate(PARTS):
        # The player himself, coming back, is no team-mate who is out.
        found[f"vacated_{name}"] = np.maximum(now[:, i] - own[:, i], 0.0)
        found[f"vacated_{name}_more"] = found[f"vacated_{name}"] - usual[:, i]
    found["vacated_long_minutes"] = np.maximum(long[:, 0] - own[:, 0], 0.0)
    found["team_mates_played"] = at_end(absences.played, *asked.own_games)
    shares = _shares(asked)
    return found | shares


def _own_part(asked: Asked) -> Floats:
    """(n, parts) what the player himself gave a game, where he missed his team's last one."""
    history = asked.history
    last_day = at_end(history.day.astype(float), asked.start, asked.end)
    last_team = at_end(history.team.astype(float), asked.start, asked.end)
    team_day = at_end(history.teams.day.astype(float), *asked.own_games)
    _, end = asked.own_games
    known = np.where(np.isfinite(last_day), last_day, 0).astype(np.int64)
    _, then = history.teams.sequences.before(asked.team, known + 1)
    missed = (last_day < team_day) & (last_team == asked.team) & (end - then <= GONE_AFTER)
    usual = np.column_stack([np.nan_to_num(asked.average(name, keep=MIDDLE)) for name in PARTS])
    return np.asarray(usual * missed[:, None], dtype=float)


def _usual(asked: Asked, absences: Absences) -> Floats:
    """(n, parts) what was vacated, on average, in the player's own games that his form comes from."""
    history = asked.history

    def make() -> Floats:
        place = history.team_place
        seen = (
            np.where((place >= 0)[:, None], absences.vacated[place], 0.0) if len(place) else np.zeros((0, len(PARTS)))
        )
        return history.players.decayed(seen, keep=MIDDLE)

    sums = at_end(history.keep(make, "usually vacated"), asked.start, asked.end, otherwise=0.0)
    return sums / np.maximum(asked.decayed("games", keep=MIDDLE), 1.0)[:, None]


def _shares(asked: Asked) -> dict[str, Floats]:
    """The player's part of what his team does while he is on the court."""
    history = asked.history
    used = asked.decayed("field_goals_attempted", keep=SLOW) + 0.44 * asked.decayed("free_throws_attempted", keep=SLOW)
    used += asked.decayed("turnovers", keep=SLOW)
    minutes = np.maximum(asked.decayed("minutes", keep=SLOW), 1.0)

    def team_usage() -> Floats:
        teams = history.teams
        plays = teams.totals["field_goals_attempted"] + 0.44 * teams.totals["free_throws_attempted"]
        sums = teams.sequences.decayed(np.column_stack([plays + teams.totals["turnovers"], teams.minutes]), keep=SLOW)
        return np.asarray(sums[:, 0] / np.maximum(sums[:, 1], 1.0))

    pace = at_end(history.keep(team_usage, "team usage"), *asked.own_games)
    return {"usage": used / minutes / pace}


def _absences(history: History) -> Absences:
    """Of each team game, from a roll of all who have played for the team and have not gone to another."""
    stints = Sequences.of(history.player * STINT + history.team, history.day, then_by=history.match)
    found = _missed(history, stints)
    vacated, long = np.zeros((len(history.teams.team), len(PARTS))), np.zeros((len(history.teams.team), len(PARTS)))
    game, row, count = found
    if len(game):
        usual = np.column_stack(
            [history.decayed(name, keep=MIDDLE) / history.decayed("games", keep=MIDDLE) for name in PARTS]
        )[row]
        for i in range(len(PARTS)):
            vacated[:, i] = np.bincount(game, weights=usual[:, i], minlength=len(vacated))
            long[:, i] = np.bincount(game, weights=usual[:, i] * (count >= LONG), minlength=len(vacated))
    place = history.team_place[history.team_place >= 0]
    return Absences(vacated=vacated, long=long, played=np.bincount(place, minlength=len(vacated)).astype(float))


STINT = np.int64(1 << 31)


def _missed(history: History, stints: Sequences) -> tuple[Ints, Ints, Ints]:
    """(m,) team game, place of the absent player's latest row, and how many games he has missed with it.

    Between two rows of a player with the same team, and after his last, lie the team games that he missed; once he has
    played for another team he is no longer missed.
    """
    teams = history.teams.sequences
    row = stints.order
    _, behind = teams.before(history.team[row], history.day[row] + 1)
    until = np.full(len(row), np.iinfo(np.int32).max, dtype=np.int64)
    # The day of the player's next game, for whichever team: `players` has his games in order of days.
    following = np.full(len(history.players), DAYS - 1, dtype=np.int64)
    same = history.player[1:] == history.player[:-1]
    following[:-1][same] = history.day[1:][same]
    until = following[row]
    _, end = teams.before(history.team[row], until)
    length = np.clip(end - behind, 0, GONE_AFTER)
    game = np.repeat(behind, length) + _ramp(length)
    return game, np.repeat(row, length), _ramp(length) + 1


def _ramp(lengths: Ints) -> Ints:
    """0, 1, … for each length, one after the other."""
    total = int(lengths.sum())
    return np.asarray(np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths), dtype=np.int64)

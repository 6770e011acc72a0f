"""What Dixon-Coles believes before it sees a match: Gaussian priors, and who counts as a newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from mlmodels.estimators.dixon_coles_likelihood import Floats, Ints, Layout
from mlmodels.estimators.match_rows import SEASON_BREAK_DAYS, MatchRows

L = TypeVar("L")

LEVEL, LEVEL_SD, LEVEL_SPREAD = 0.2, 0.5, 0.15
HOME, HOME_SD, HOME_SPREAD = 0.25, 0.2, 0.1
RHO, RHO_SD = -0.05, 0.1
"""Means and standard deviations, on the log scale of goals, of all competitions' goal level and home advantage, how
far competitions spread around them, and of rho: weak, so that they speak only where matches are few."""

RIDGE = 1e-6
"""Picks one of the equivalent parameter vectors of the unpenalised likelihood, far below any digit of its rates."""


@dataclass(frozen=True)
class Encoding:
    """Matches as indices into `teams` (competition, team) and `competitions`."""

    home: Ints
    away: Ints
    competition: Ints
    teams: list[tuple[str, str]]
    competitions: list[str]


def encode(rows: MatchRows) -> Encoding:
    """Teams and competitions are numbered as they first appear, all hosts before guests."""
    n = len(rows)
    sides = list(zip(rows.competition, rows.home, strict=True)) + list(zip(rows.competition, rows.away, strict=True))
    team, teams = _numbered(sides)
    competition, competitions = _numbered(rows.competition)
    return Encoding(team[:n], team[n:], competition, teams, competitions)


def _numbered(labels: list[L]) -> tuple[Ints, list[L]]:
    """(n,) each label's number, and the labels by number."""
    known = list(dict.fromkeys(labels))
    number = dict(zip(known, range(len(known)), strict=True))
    return np.fromiter(map(number.__getitem__, labels), dtype=int, count=len(labels)), known


def freshness(encoding: Encoding, day: Floats, half_life: float) -> Floats:
    """(teams,) 1 for a team that came new into its competition today, fading with the days since; 0 for the others.

    New is who did not play in the competition's season before; those there from the first season on are not.
    """
    season = seasons(encoding.competition, day)
    team = np.concatenate([encoding.home, encoding.away])
    order = np.lexsort((np.tile(day, 2), team))
    team, when, played = team[order], np.tile(day, 2)[order], np.tile(season, 2)[order]
    arrives = np.ones(len(team), dtype=bool)
    arrives[1:] = (team[1:] != team[:-1]) | (played[1:] - played[:-1] > 1)
    entry_day, entry_season = np.zeros(len(encoding.teams)), np.zeros(len(encoding.teams), dtype=int)
    entry_day[team[arrives]], entry_season[team[arrives]] = when[arrives], played[arrives]
    fading = 0.5 ** ((day.max() - entry_day) / half_life)
    return np.asarray(np.where(entry_season > 0, fading, 0.0), dtype=float)


def seasons(competition: Ints, day: Floats) -> Ints:
    """(n,) how many breaks of more than `SEASON_BREAK_DAYS` a match's competition had before it."""
    order = np.lexsort((day, competition))
    same = competition[order][1:] == competition[order][:-1]
    breaks = np.concatenate([[False], same & (np.diff(day[order]) > SEASON_BREAK_DAYS)])
    begins = np.concatenate([[True], ~same])
    count = np.cumsum(breaks)
    found = np.empty(len(day), dtype=int)
    found[order] = count - np.maximum.accumulate(np.where(begins, count, 0))
    return found


def no_prior(encoding: Encoding, layout: Layout) -> tuple[Floats, Floats]:
    """Only what picks one of the equivalent vectors: strengths of a competition sum to 0."""
    precision = RIDGE * np.eye(layout.size)
    of_team = np.zeros(layout.teams, dtype=int)
    of_team[encoding.home], of_team[encoding.away] = encoding.competition, encoding.competition
    same = (of_team[:, None] == of_team[None, :]).astype(float)
    teams = layout.teams
    precision[:teams, :teams] += same
    precision[teams : 2 * teams, teams : 2 * teams] += same
    return precision, np.zeros(layout.size)


def gaussian_prior(
    layout: Layout, fresh: Floats, block: Floats, newcomer_mean: Floats, newcomer_sd: float
) -> tuple[Floats, Floats]:
    """P and q of ½ θᵀPθ - qᵀθ: a team ~ fresh · newcomers' mean, a competition ~ all's mean, the means ~ constants."""
    precision, shift = np.zeros((layout.size, layout.size)), np.zeros(layout.size)
    strengths = np.arange(2 * layout.teams).reshape(2, layout.teams)
    for side in range(2):
        mean = layout.newcomer + side
        for other in range(2):
            precision[strengths[side], strengths[other]] += block[side, other]
            precision[strengths[other], mean] -= fresh * block[side, other]
            precision[mean, strengths[other]] -= fresh * block[side, other]
            precision[mean, layout.newcomer + other] += (fresh**2).sum() * block[side, other]
        _pull(precision, shift, mean, float(newcomer_mean[side]), newcomer_sd)
    _spread(precision, slice(layout.level, layout.home), layout.level_mean, LEVEL_SPREAD)
    _spread(precision, slice(layout.home, layout.rho), layout.home_mean, HOME_SPREAD)
    _pull(precision, shift, layout.level_mean, LEVEL, LEVEL_SD)
    _pull(precision, shift, layout.home_mean, HOME, HOME_SD)
    _pull(precision, shift, layout.rho, RHO, RHO_SD)
    return precision, shift


def _pull(precision: Floats, shift: Floats, index: int, mean: float, sd: float) -> None:
    """One parameter ~ Normal(mean, sd²)."""
    precision[index, index] += sd**-2
    shift[index] += mean * sd**-2


def _spread(precision: Floats, members: slice, mean: int, sd: float) -> None:
    """Each member ~ Normal(the parameter `mean`, sd²)."""
    indices = np.arange(members.start, members.stop)
    precision[indices, indices] += sd**-2
    precision[indices, mean] -= sd**-2
    precision[mean, indices] -= sd**-2
    precision[mean, mean] += len(indices) * sd**-2

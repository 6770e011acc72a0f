"""Sums of box scores: of a player, his team, its opponents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Sums:
    """What box scores add up to, by the names of `PlayerGame`; minutes are player-minutes, 240 a team's game."""

    minutes: float = 0.0
    points: float = 0.0
    field_goals_made: float = 0.0
    field_goals_attempted: float = 0.0
    threes_made: float = 0.0
    threes_attempted: float = 0.0
    free_throws_made: float = 0.0
    free_throws_attempted: float = 0.0
    offensive_rebounds: float = 0.0
    defensive_rebounds: float = 0.0
    assists: float = 0.0
    steals: float = 0.0
    blocks: float = 0.0
    turnovers: float = 0.0
    fouls: float = 0.0

    @property
    def rebounds(self) -> float:
        return self.offensive_rebounds + self.defensive_rebounds

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Of a mapping by field, in which others are passed over and None is 0."""
        return cls(**{name: float(told[name] or 0) for name in FIELDS if name in told})

    @classmethod
    def of_line(cls, line: Any) -> Self:
        """Of one `PlayerGame`."""
        return cls(**{name: float(getattr(line, name)) for name in FIELDS})

    @classmethod
    def total(cls, parts: Iterable[Sums]) -> Self:
        found = list(parts)
        return cls(**{name: sum(getattr(part, name) for part in found) for name in FIELDS})


FIELDS = tuple(field.name for field in fields(Sums))


def over(numerator: float, denominator: float) -> float | None:
    """A ratio; None where there is nothing to divide by."""
    return numerator / denominator if denominator else None


def possessions(team: Sums, opponent: Sums) -> float:
    """Possessions of either side, the mean of both sides' estimates (basketball-reference.com, glossary).

    One side's: FGA + 0.4 FTA − 1.07 ORB / (ORB + OppDRB) (FGA − FGM) + TOV.
    """
    return (_possessions(team, opponent) + _possessions(opponent, team)) / 2


def _possessions(side: Sums, other: Sums) -> float:
    again = over(side.offensive_rebounds, side.offensive_rebounds + other.defensive_rebounds) or 0.0
    missed = side.field_goals_attempted - side.field_goals_made
    return side.field_goals_attempted + 0.4 * side.free_throws_attempted - 1.07 * again * missed + side.turnovers

"""The row that keeps the rules of a simulated league."""

from __future__ import annotations

from typing import Any, Protocol

from matches.errors import InvalidSimulation
from matches.models import Competition, SimulatedLeague


class Rules(Protocol):
    """What a simulated league is drawn by."""

    @property
    def seed(self) -> int: ...
    @property
    def teams(self) -> int: ...
    def to_json(self) -> dict[str, Any]: ...


def league_of(competition: Competition, rules: Rules) -> SimulatedLeague:
    """The league that is simulated there, founded with these rules where none is.

    Raises InvalidSimulation where there is one of another seed or size.
    """
    league, _ = SimulatedLeague.objects.get_or_create(competition=competition, defaults={"rules": rules.to_json()})
    seed, teams = league.rules["seed"], league.rules["teams"]
    if (seed, teams) != (rules.seed, rules.teams):
        raise InvalidSimulation(
            f"{competition.code} is there already, with seed {seed} and {teams} teams: "
            "simulate with those, or delete its matches and the league in the admin first."
        )
    return league

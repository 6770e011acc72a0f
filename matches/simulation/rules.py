"""What a simulated league is made by: with the same rules, the same league is drawn again, match by match."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from matches.errors import InvalidSimulation

MOST_TEAMS = 24
MOST_LEAGUES = 8


@dataclass(frozen=True, kw_only=True)
class LeagueRules:
    """The constants of one league; strengths are on the log scale of goals, higher is better for both.

    A match's goals are Poisson with rates exp(level + home_advantage + attack - defence) and exp(level + attack -
    defence), low scores corrected by `rho` (Dixon & Coles 1997). Strengths walk by `round_sd` each round; between
    seasons they keep a share `season_keeps` and move by `season_sd`. Each summer the last `relegated` teams make room
    for newcomers of strength `newcomer_mean` ± `newcomer_sd`. `number` tells leagues of one seed apart.

    Raises InvalidSimulation for a league that can't be played.
    """

    seed: int = 1
    number: int = 1
    first_year: int = 2018
    teams: int = 16
    level: float = 0.1
    home_advantage: float = 0.28
    rho: float = -0.06
    attack_sd: float = 0.28
    defence_sd: float = 0.24
    season_keeps: float = 0.9
    season_sd: float = 0.1
    round_sd: float = 0.015
    relegated: int = 3
    newcomer_mean: float = -0.15
    newcomer_sd: float = 0.1

    def __post_init__(self) -> None:
        if self.teams % 2 or not 4 <= self.teams <= MOST_TEAMS:
            raise InvalidSimulation(f"A simulated league has an even number of teams from 4 to {MOST_TEAMS}.")
        if not 1 <= self.number <= MOST_LEAGUES:
            raise InvalidSimulation(f"There are names for {MOST_LEAGUES} simulated leagues.")
        if not 0 <= self.relegated <= self.teams // 4:
            raise InvalidSimulation("At most a quarter of a simulated league is relegated.")
        if self.seed < 0:
            raise InvalidSimulation("The seed of a simulation is not negative.")

    @classmethod
    def still(cls, **rules: Any) -> Self:
        """A league whose teams and strengths never change, for asking whether an estimator finds them."""
        return cls(**{"season_keeps": 1.0, "season_sd": 0.0, "round_sd": 0.0, "relegated": 0, **rules})

    @property
    def clubs(self) -> int:
        """Clubs there are: those in the league and those waiting to come up."""
        return self.teams + 2 * self.relegated

    @property
    def rounds(self) -> int:
        return 2 * (self.teams - 1)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises InvalidSimulation where a rule is unknown."""
        if unknown := set(data) - {field.name for field in fields(cls)}:
            raise InvalidSimulation(f"Simulated leagues have no rule {', '.join(sorted(unknown))}.")
        return cls(**data)

"""What a simulated basketball league is made by: the same rules draw the same league again, box score by box score."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from matches.errors import InvalidSimulation

LEAST_TEAMS, MOST_TEAMS = 4, 24
ROUND_DAYS = 2
"""Each team plays once in so many days."""

PAUSE_DAYS = 5
"""At least so many days lie between two seasons."""


@dataclass(frozen=True, kw_only=True)
class BasketballRules:
    """The constants of the league; strengths and rates are relative, 0.01 being one per cent.

    `first_day` is the ISO day on which the first season begins; the next begins when one and a short pause are over, so
    that there are games near any day. Each season is `laps` double round-robins. `home_advantage` is added to what the
    home side makes of its shots and taken from the other. `defence_sd` is the spread of how far a team's defence
    lowers the other's shooting, `pace_sd` that of teams' paces. `form_sd` and `role_sd` are the spreads of a player's
    drift in shots taken and in minutes, `injury_rate` the chance of an injury a game.

    Raises InvalidSimulation for a league that can't be played.
    """

    seed: int = 1
    first_day: str = "2025-10-20"
    teams: int = 16
    laps: int = 2
    home_advantage: float = 0.011
    defence_sd: float = 0.03
    pace_sd: float = 0.02
    form_sd: float = 0.15
    role_sd: float = 0.26
    injury_rate: float = 0.022

    def __post_init__(self) -> None:
        if self.teams % 2 or not LEAST_TEAMS <= self.teams <= MOST_TEAMS:
            raise InvalidSimulation(
                f"A simulated basketball league has an even number of teams from {LEAST_TEAMS} to {MOST_TEAMS}."
            )
        if not 1 <= self.laps <= 3:
            raise InvalidSimulation("A simulated basketball season has one to three double round-robins.")
        if self.seed < 0:
            raise InvalidSimulation("The seed of a simulation is not negative.")

    @property
    def rounds(self) -> int:
        return self.laps * 2 * (self.teams - 1)

    @property
    def season_days(self) -> int:
        """Days from the first day of a season to the first of the next, in whole weeks."""
        return 7 * -(-(self.rounds * ROUND_DAYS + PAUSE_DAYS) // 7)

    def season_start(self, index: int) -> date:
        """The first day of a season counted from 0."""
        return date.fromisoformat(self.first_day) + timedelta(days=index * self.season_days)

    def season_index(self, on: date) -> int:
        """The season that a day falls into, negative before the first."""
        return (on - date.fromisoformat(self.first_day)).days // self.season_days

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises InvalidSimulation where a rule is unknown."""
        if unknown := set(data) - {field.name for field in fields(cls)}:
            raise InvalidSimulation(f"Simulated basketball leagues have no rule {', '.join(sorted(unknown))}.")
        return cls(**data)

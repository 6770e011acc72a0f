"""A drawn season as rows, the way every source tells its matches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from matches.models import Match, Odds
from matches.simulation.bookmakers import Prices, prices
from matches.simulation.league import SimulatedSeason
from matches.simulation.names import COUNTRY, club_names, league_code
from matches.simulation.rules import LeagueRules
from matches.sources.rows import Price, Row

GOAL_LINE = Decimal("2.5")
_RESULT = (Odds.Market.MATCH_RESULT.value, ("H", "D", "A"), Decimal(0))
_TOTALS = (Odds.Market.TOTAL_GOALS.value, ("O", "U"), GOAL_LINE)


def season_code(year: int) -> str:
    """The code of the season that begins in July of a year: `2324`."""
    return f"{year % 100:02d}{(year + 1) % 100:02d}"


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawn season: its truth, its prices, the names of its clubs."""

    code: str
    season: SimulatedSeason
    quoted: Prices
    names: list[str]

    @classmethod
    def of(cls, rules: LeagueRules, season: SimulatedSeason) -> Drawing:
        names = club_names(rules)
        return cls(code=league_code(rules.number), season=season, quoted=prices(rules, season), names=names)

    @property
    def season_code(self) -> str:
        return season_code(self.season.year)

    def __len__(self) -> int:
        return len(self.season.round)

    def kickoff(self, index: int) -> datetime:
        """When the calendar has a match, UTC."""
        moment: datetime = self.season.kickoff[index].item()
        return moment.replace(tzinfo=UTC)

    def slugs(self, index: int) -> tuple[str, str]:
        """The keys of home and away team, by which a match of this season is found."""
        home, away = self._pair(index)
        return slugify(f"{COUNTRY}-{home}"), slugify(f"{COUNTRY}-{away}")

    def row(self, index: int, *, kickoff: datetime, priced: bool = True, played: bool = False) -> Row:
        """A match as a source would tell it before it (with opening prices, where priced) or after it (with all)."""
        home, away = self._pair(index)
        phases = ("open", "close") if played else ("open",) if priced else ()
        return Row(
            line=index + 1,
            competition=self.code,
            season=self.season_code,
            date=kickoff.date(),
            kickoff=kickoff,
            home=home,
            away=away,
            prices=tuple(self._prices(index, phases)),
            **(self._result(index) if played else {}),
        )

    def _pair(self, index: int) -> tuple[str, str]:
        return self.names[int(self.season.home[index])], self.names[int(self.season.away[index])]

    def _result(self, index: int) -> dict[str, Any]:
        season = self.season
        counts = {
            "goals_half_time": season.half_time,
            "shots": season.shots,
            "shots_on_target": season.shots_on_target,
            "corners": season.corners,
        }
        sides = ("home", "away")
        return {
            "home_goals": int(season.goals[index, 0]),
            "away_goals": int(season.goals[index, 1]),
            "status": Match.Status.FINISHED,
            "stats": {f"{side}_{name}": int(n[index, k]) for name, n in counts.items() for k, side in enumerate(sides)},
        }

    def _prices(self, index: int, phases: tuple[str, ...]) -> Iterator[Price]:
        for (market, outcomes, line), tables in ((_RESULT, self.quoted.result), (_TOTALS, self.quoted.totals)):
            for (phase, book), table in tables.items():
                if phase in phases:
                    for outcome, price in zip(outcomes, table[index].tolist(), strict=True):
                        yield Price(book, market, outcome, phase, line, Decimal(f"{price:.2f}"))

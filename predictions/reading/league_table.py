"""A league's table, from the results of one season."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from matches.models import Match, Season, Team

FORM = 5


@dataclass(kw_only=True)
class Standing:
    """One team's line in the table."""

    team: Team
    won: int = 0
    drawn: int = 0
    lost: int = 0
    scored: int = 0
    conceded: int = 0
    letters: list[str] = field(default_factory=list)
    """W, D or L of each match, oldest first."""

    def add(self, scored: int, conceded: int) -> None:
        self.scored += scored
        self.conceded += conceded
        self.won += scored > conceded
        self.drawn += scored == conceded
        self.lost += scored < conceded
        self.letters.append("W" if scored > conceded else "D" if scored == conceded else "L")

    @property
    def played(self) -> int:
        return self.won + self.drawn + self.lost

    @property
    def points(self) -> int:
        return 3 * self.won + self.drawn

    @property
    def difference(self) -> int:
        return self.scored - self.conceded

    @property
    def form(self) -> list[str]:
        """The last five results, oldest first."""
        return self.letters[-FORM:]


def league_table(season: Season) -> list[Standing]:
    """Best first: points, then goal difference, then goals, then name.

    Results only: points taken off by a league, play-offs and head-to-head rules are not in our sources.
    """
    matches = Match.objects.filter(season=season).finished().select_related("home", "away")
    return sorted(_standings(matches).values(), key=lambda s: (-s.points, -s.difference, -s.scored, s.team.name))


def _standings(matches: Iterable[Match]) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    for match in matches:
        home, away = match.home_goals or 0, match.away_goals or 0
        found.setdefault(match.home_id, Standing(team=match.home)).add(home, away)
        found.setdefault(match.away_id, Standing(team=match.away)).add(away, home)
    return found

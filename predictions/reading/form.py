"""How teams have done lately: their last matches as each of them lived it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matches.models import Match, Team
from predictions.football.loading import football

RECENT = 10


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One finished match as one team lived it; `letter` is W, D or L."""

    match: Match
    opponent: Team
    at_home: bool
    scored: int
    conceded: int

    @property
    def letter(self) -> str:
        return "W" if self.scored > self.conceded else "D" if self.scored == self.conceded else "L"

    @property
    def word(self) -> str:
        return {"W": "Won", "D": "Drew", "L": "Lost"}[self.letter]

    @property
    def score(self) -> str:
        """Own goals first."""
        return f"{self.scored}–{self.conceded}"


@dataclass(frozen=True, kw_only=True)
class TeamForm:
    """A team's last matches, newest first, and what they came to."""

    team: Team
    outings: list[Outing]

    @property
    def oldest_first(self) -> list[Outing]:
        return self.outings[::-1]

    @property
    def points(self) -> int:
        return sum({"W": 3, "D": 1, "L": 0}[outing.letter] for outing in self.outings)

    @property
    def goals(self) -> str:
        return f"{sum(o.scored for o in self.outings)}–{sum(o.conceded for o in self.outings)}"


def recent_form(team: Team, *, before: datetime | None = None, limit: int = RECENT) -> TeamForm:
    """The last finished matches of a team in any competition, of those before a time where one is given."""
    matches = football().finished().of_team(team).with_names()
    if before is not None:
        matches = matches.before(before)
    return TeamForm(team=team, outings=outings(team, matches.order_by("-kickoff", "-pk")[:limit]))


def outings(team: Team, matches: Iterable[Match]) -> list[Outing]:
    """Finished matches of a team from its own side."""
    return [_outing(team, match) for match in matches]


def head_to_head(one: Team, other: Team, *, before: datetime, limit: int = RECENT) -> Sequence[Match]:
    """The last finished meetings of two teams before a time, newest first."""
    meetings = football().finished().before(before).of_team(one).of_team(other)
    return list(meetings.with_names().order_by("-kickoff", "-pk")[:limit])


def _outing(team: Team, match: Match) -> Outing:
    home, away = match.home_goals or 0, match.away_goals or 0
    if match.home_id == team.pk:
        return Outing(match=match, opponent=match.away, at_home=True, scored=home, conceded=away)
    return Outing(match=match, opponent=match.home, at_home=False, scored=away, conceded=home)

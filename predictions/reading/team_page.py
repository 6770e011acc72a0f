"""One team: its form, its strength over the seasons, its results and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from matches.models import Competition, Match, Team
from mlmodels.drawing.lines import LineChart, Series, line_chart
from predictions.experimenting.seats import Seat
from predictions.football.loading import football
from predictions.reading.fixtures import Fixture, Results, with_statements
from predictions.reading.form import RECENT, TeamForm, outings
from predictions.reading.strengths import History, elo_history, month_labels

LAST, NEXT = 30, 8
SUMMER = 45
"""Days without a match after which the line is interrupted."""


@dataclass(frozen=True, kw_only=True)
class TeamPage:
    """`competition` is where the team last played or will play."""

    form: TeamForm
    results: Results
    fixtures: list[Fixture]
    competition: Competition | None
    rating: float | None
    strength: LineChart | None


def team_page(team: Team, *, seats: Sequence[Seat] = ()) -> TeamPage:
    played = list(football().finished().of_team(team).with_names().order_by("-kickoff", "-pk")[:LAST])
    coming = list(football().upcoming(timezone.now()).of_team(team).with_names()[:NEXT])
    competition = _competition(played, coming)
    points = _ratings(elo_history(competition), team) if competition else []
    listed = with_statements([*coming, *played], seats=seats)
    return TeamPage(
        form=TeamForm(team=team, outings=outings(team, played[:RECENT])),
        results=Results(listed[len(coming) :]),
        fixtures=listed[: len(coming)],
        competition=competition,
        rating=points[-1][1] if points else None,
        strength=_chart(team, points),
    )


def _competition(played: Sequence[Match], coming: Sequence[Match]) -> Competition | None:
    known = [*played[:1], *coming[:1]]
    return known[0].season.competition if known else None


def _ratings(history: History, team: Team) -> list[tuple[int, float]]:
    """The team's ratings in all seasons, oldest first."""
    return sorted(point for season in history.values() for point in season.get(team.pk, []))


def _chart(team: Team, points: Sequence[tuple[int, float]]) -> LineChart | None:
    interrupted: list[tuple[float, float | None]] = []
    for i, (day, rating) in enumerate(points):
        if i and day - points[i - 1][0] > SUMMER:
            interrupted.append((day, None))
        interrupted.append((day, rating))
    labels = month_labels([day for day, _ in points])
    return line_chart([Series(name=team.name, points=interrupted)], x_labels=labels)

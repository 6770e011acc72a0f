"""One league in one season: table, strengths, home advantage and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Max, Q, QuerySet
from django.utils import timezone

from matches.models import Competition, Match, Season, Sport
from mlmodels.drawing.lines import LineChart, Series, line_chart
from predictions.experimenting.seats import Seat
from predictions.football.loading import football
from predictions.reading.fixtures import LATEST, Fixture, Results, with_statements
from predictions.reading.league_table import Standing, league_table
from predictions.reading.strengths import elo_history, month_labels

STYLES = ("s1", "s2", "s3", "s4", "s5", "s6")
NEXT = 10


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A team's Elo points at the season's last match, and what they gained since its first."""

    standing: Standing
    now: float
    gained: float
    style: str
    """Its colour in the chart; empty for teams drawn in the background."""


@dataclass(frozen=True, kw_only=True)
class HomeAdvantage:
    """One season's share of home wins, draws and away wins (0..1), and mean goals."""

    season: str
    matches: int
    home: float
    draw: float
    away: float
    home_goals: float
    away_goals: float


@dataclass(frozen=True, kw_only=True)
class LeaguePage:
    season: Season
    table: list[Standing]
    ratings: list[Rating]
    strengths: LineChart | None
    home_advantage: list[HomeAdvantage]
    home_chart: LineChart | None
    fixtures: list[Fixture]
    results: Results

    @property
    def strongest(self) -> Rating | None:
        return self.ratings[0] if self.ratings else None

    @property
    def most_improved(self) -> Rating | None:
        """Who gained most points this season; None where nobody gained any."""
        best = max(self.ratings, key=lambda rating: rating.gained, default=None)
        return best if best is not None and best.gained > 0 else None

    @property
    def home_this_season(self) -> HomeAdvantage | None:
        return next((one for one in self.home_advantage if one.season == self.season.name), None)

    @property
    def home_over_all(self) -> float | None:
        """Share of home wins over all seasons, 0..1; None where only one has results."""
        if len(self.home_advantage) < 2:
            return None
        matches = sum(one.matches for one in self.home_advantage)
        return sum(one.home * one.matches for one in self.home_advantage) / matches


def leagues() -> QuerySet[Competition]:
    """Football competitions with what is known of each: seasons, matches, fixtures to come; real ones first."""
    finished = Q(seasons__matches__status=Match.Status.FINISHED)
    coming = Q(seasons__matches__status=Match.Status.SCHEDULED, seasons__matches__kickoff__gte=timezone.now())
    known = Competition.objects.filter(sport=Sport.FOOTBALL).annotate(
        season_count=Count("seasons", distinct=True),
        finished_count=Count("seasons__matches", filter=finished, distinct=True),
        coming_count=Count("seasons__matches", filter=coming, distinct=True),
        last_played_on=Max("seasons__matches__date", filter=finished),
    )
    return known.order_by("is_simulated", "country", "name")


def league_page(season: Season, *, seats: Sequence[Seat] = ()) -> LeaguePage:
    """Gather a season's page; its competition is loaded already."""
    table = league_table(season)
    history = elo_history(season.competition).get(season.code, {})
    advantage = home_advantage(season.competition)
    coming, played = _next_and_last(season, seats)
    return LeaguePage(
        season=season,
        table=table,
        ratings=_ratings(table, history),
        strengths=_strengths(table, history),
        home_advantage=advantage,
        home_chart=_home_chart(advantage),
        fixtures=coming,
        results=Results(played),
    )


def _next_and_last(season: Season, seats: Sequence[Seat]) -> tuple[list[Fixture], list[Fixture]]:
    """Fixtures to come and results, with what we said of all of them in one query."""
    matches = football().filter(season=season).with_names()
    coming = list(matches.upcoming(timezone.now())[:NEXT])
    played = list(matches.finished().order_by("-kickoff", "-pk")[:LATEST])
    listed = with_statements([*coming, *played], seats=seats)
    return listed[: len(coming)], listed[len(coming) :]


def home_advantage(competition: Competition) -> list[HomeAdvantage]:
    """Every season with results, oldest first."""
    rows = (
        football()
        .finished()
        .filter(season__competition=competition)
        .order_by("season__starts_on")
        .values("season__name")
        .annotate(
            matches=Count("pk"),
            home=Count("pk", filter=Q(home_goals__gt=F("away_goals"))),
            draw=Count("pk", filter=Q(home_goals=F("away_goals"))),
            home_mean=Avg("home_goals"),
            away_mean=Avg("away_goals"),
        )
    )
    return [
        HomeAdvantage(
            season=row["season__name"],
            matches=row["matches"],
            home=row["home"] / row["matches"],
            draw=row["draw"] / row["matches"],
            away=1 - (row["home"] + row["draw"]) / row["matches"],
            home_goals=row["home_mean"],
            away_goals=row["away_mean"],
        )
        for row in rows
    ]


def _ratings(table: Sequence[Standing], history: dict[int, list[tuple[int, float]]]) -> list[Rating]:
    """Strongest first; the first six of the table have their colours."""
    coloured = {standing.team.pk: style for standing, style in zip(table, STYLES, strict=False)}
    found = [
        Rating(
            standing=standing,
            now=history[standing.team.pk][-1][1],
            gained=history[standing.team.pk][-1][1] - history[standing.team.pk][0][1],
            style=coloured.get(standing.team.pk, ""),
        )
        for standing in table
        if standing.team.pk in history
    ]
    return sorted(found, key=lambda rating: -rating.now)


def _strengths(table: Sequence[Standing], history: dict[int, list[tuple[int, float]]]) -> LineChart | None:
    series = [
        Series(name=standing.team.name, points=[(day, rating) for day, rating in history.get(standing.team.pk, [])])
        for standing in table
    ]
    shown = [Series(name=one.name, points=one.points, style=style) for one, style in zip(series, STYLES, strict=False)]
    days = [day for points in history.values() for day, _ in points]
    return line_chart(shown, context=series[len(STYLES) :], x_labels=month_labels(days))


def _home_chart(seasons: Sequence[HomeAdvantage]) -> LineChart | None:
    if len(seasons) < 2:
        return None
    numbered = list(enumerate(seasons))
    series = [
        Series(name=name, style=style, points=[(i, 100 * getattr(season, field)) for i, season in numbered])
        for name, field, style in (("Home wins", "home", "s1"), ("Draws", "draw", "s6"), ("Away wins", "away", "s3"))
    ]
    return line_chart(series, x_labels=[(i, season.season) for i, season in numbered])

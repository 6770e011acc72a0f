"""Everything known of one player and one statistic: his games, what we say of the next one, and how it went before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from matches.models import Availability, Match, Player, PlayerGame, Team
from mlmodels.models import ModelVersion
from predictions.basketball.forecasting import NOTE_CODES
from predictions.basketball.recommending import Recommendation
from predictions.basketball.table import basketball
from predictions.charts.distribution import DistributionChart, distribution_chart
from predictions.charts.rolling import RollingChart, rolling_chart
from predictions.experimenting.seats import Seat
from predictions.reading.driver_rows import DriverRows
from predictions.reading.props.absences import is_doubted, is_missing, reports_of
from predictions.reading.props.drivers import prop_drivers
from predictions.reading.props.games import Allowed, GameRow, Means, allowed_by, games_of, means_of, outings
from predictions.reading.props.market import MarketWord, advice_on, market_words
from predictions.reading.props.statements import PropStatement, prop_predictions, prop_statements, slug_of
from predictions.reading.props.words import over_in_words, unit_of
from predictions.upcoming import HORIZON

SETTLED = 15
"""Settled predictions that a page lists."""


@dataclass(frozen=True, kw_only=True)
class NextGame:
    """The next game of a player's team, from its side, and who of the team is missing from it."""

    match: Match
    team: Team
    opponent: Team
    is_home: bool
    allowed: Allowed | None
    report: Availability | None
    missing: Sequence[Availability]

    @property
    def is_out(self) -> bool:
        return is_missing(self.report)

    @property
    def is_doubted(self) -> bool:
        return is_doubted(self.report)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the standing prediction of the next game says."""

    statement: PropStatement
    market: MarketWord | None
    chart: DistributionChart | None
    drivers: DriverRows | None
    notes: Sequence[str]
    times: int
    """Of a hundred such games, those that end over the line."""

    over_words: str
    advice: Recommendation | None
    """For adults: what to do at the best prices."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A prediction that was settled; `count` is None where the box score is gone."""

    statement: PropStatement
    match: Match
    count: int | None


@dataclass(frozen=True, kw_only=True)
class PlayerPage:
    player: Player
    statistic: str
    unit: str
    next_game: NextGame | None
    told: Told | None
    silence: str
    """Why nothing is said; empty where something is."""
    line: float | None
    rows: Sequence[GameRow]
    means: Means
    chart: RollingChart | None
    settled: Sequence[Settled]


def player_page(player: Player, statistic: str, *, games: int, seats: Sequence[Seat] = ()) -> PlayerPage:
    """Gather a player's page; his team is loaded already."""
    upcoming = _next_game(player, statistic)
    told = _told(player, statistic, upcoming, seats)
    rows = games_of(player, statistic, limit=games)
    line = told.statement.line if told else None
    return PlayerPage(
        player=player,
        statistic=statistic,
        unit=unit_of(statistic),
        next_game=upcoming,
        told=told,
        silence="" if told else _why_silent(player, statistic, upcoming),
        line=line,
        rows=rows,
        means=means_of(player, statistic, rows),
        chart=rolling_chart(outings(rows), line=line),
        settled=_settled(player, statistic, seats),
    )


def _next_game(player: Player, statistic: str) -> NextGame | None:
    if player.team is None:
        return None
    coming = basketball().upcoming(timezone.now()).of_team(player.team).with_names()
    match = coming.order_by("kickoff", "pk").first()
    if match is None:
        return None
    is_home = match.home_id == player.team_id
    opponent = match.away if is_home else match.home
    reports = reports_of([player.team.pk], [match.date])
    others = [report for report in reports.values() if is_missing(report) and report.player_id != player.pk]
    return NextGame(
        match=match,
        team=player.team,
        opponent=opponent,
        is_home=is_home,
        allowed=allowed_by(opponent, statistic, match.season),
        report=reports.get((player.pk, match.date)),
        missing=sorted(others, key=lambda report: report.player.name),
    )


def _told(player: Player, statistic: str, upcoming: NextGame | None, seats: Sequence[Seat]) -> Told | None:
    """What we said of the next game; nothing where he is out, for then the prop is not offered."""
    if upcoming is None or upcoming.is_out:
        return None
    of_game = prop_predictions(*seats, statistic=statistic).filter(match=upcoming.match, subject__player=player.pk)
    found = prop_statements(of_game)
    if not found:
        return None
    statement = found[0]
    market = market_words([statement]).get((upcoming.match.pk, player.pk))
    return Told(
        statement=statement,
        market=market,
        chart=distribution_chart(statement.pmf, line=statement.line, mean=statement.mean),
        drivers=prop_drivers(statement.prediction),
        notes=[note for note in statement.prediction.notes if note not in NOTE_CODES],
        times=round(100 * statement.over),
        over_words=over_in_words(statistic, statement.line),
        advice=advice_on(statement, market, upcoming.report),
    )


def _why_silent(player: Player, statistic: str, upcoming: NextGame | None) -> str:
    if player.team is None:
        return "No team of this player is known, so there is no game to predict."
    if upcoming is None:
        return f"No game of {player.team.name} is on the schedule."
    if upcoming.is_out:
        return "He is not expected to play, so no prop of him is offered."
    if not ModelVersion.objects.for_problem(slug_of(statistic)).champions().exists():
        return "No model of this statistic is in service yet. As soon as one is trained and promoted, it is predicted."
    if upcoming.match.kickoff > timezone.now() + HORIZON:
        return f"We predict {HORIZON.days} days ahead. Come back nearer to tip-off."
    return (
        "Nothing is predicted for his next game: either he has not played lately, or it waits for the next round "
        "of predictions."
    )


def _settled(player: Player, statistic: str, seats: Sequence[Seat]) -> list[Settled]:
    """The standing predictions of his last games that are settled, newest first."""
    lines = PlayerGame.objects.filter(player=player).order_by("-match__date", "-match_id")
    played = {line.match_id: line for line in lines.select_related("match__home", "match__away")[: 4 * SETTLED]}
    said = prop_predictions(*seats, statistic=statistic).filter(match__in=list(played), subject__player=player.pk)
    found = [
        Settled(
            statement=statement,
            match=played[statement.match_id].match,
            count=played[statement.match_id].count(statistic),
        )
        for statement in prop_statements(said.settled())
        if statement.match_id is not None
    ]
    return sorted(found, key=lambda one: one.match.kickoff, reverse=True)[:SETTLED]

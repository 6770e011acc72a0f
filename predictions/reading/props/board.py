"""The board of props: games of the next days, each with its offered props, beside the market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from matches.models import Availability, Match, Player, Team
from mlmodels.models import ModelVersion
from predictions.basketball.recommending import Recommendation
from predictions.basketball.table import basketball
from predictions.experimenting.seats import Seat
from predictions.reading.props.absences import is_doubted, is_missing, reports_of
from predictions.reading.props.market import MarketWord, advice_on, market_words
from predictions.reading.props.statements import PropStatement, prop_predictions, prop_statements, slug_of
from predictions.reading.props.words import named


@dataclass(frozen=True, kw_only=True)
class OfferedProp:
    """One line of the board; `market` is None where no bookmaker's price is known at our line."""

    player: Player
    team: Team
    statement: PropStatement
    market: MarketWord | None
    report: Availability | None

    @cached_property
    def advice(self) -> Recommendation | None:
        """For adults: what to do at the best prices."""
        return advice_on(self.statement, self.market, self.report)


@dataclass(frozen=True, kw_only=True)
class BoardGame:
    """A game with its props, the hosts' first, and who is out of it."""

    match: Match
    props: Sequence[OfferedProp]
    missing: Sequence[Availability]


@dataclass(frozen=True, kw_only=True)
class BoardDay:
    date: date
    games: Sequence[BoardGame]


@dataclass(frozen=True, kw_only=True)
class Board:
    """`next_day` is the first later day with games; `is_served` whether any model speaks of the statistic."""

    statistic: str
    first: date
    last: date
    days: Sequence[BoardDay]
    next_day: date | None
    is_served: bool
    has_games: bool

    @property
    def title(self) -> str:
        return named(self.statistic)

    @property
    def count(self) -> int:
        return sum(len(game.props) for day in self.days for game in day.games)

    @property
    def in_words(self) -> str:
        """What is listed, for whoever hears it read out."""
        props = "1 prop" if self.count == 1 else f"{self.count or 'No'} props"
        return f"{named(self.statistic)}: {props} from {self.first:%-d %B} to {self.last:%-d %B %Y}."


def props_board(
    *,
    statistic: str,
    first: date,
    days: int,
    team: Team | None = None,
    game: Match | None = None,
    seats: Sequence[Seat] = (),
) -> Board:
    """Props of one statistic on `days` days from `first`, in the current time zone; the number of queries is fixed."""
    until = first + timedelta(days=days)
    games = basketball().upcoming(max(timezone.now(), midnight(first))).with_names()
    if team is not None:
        games = games.of_team(team)
    shown = games.filter(pk=game.pk) if game is not None else games.filter(kickoff__lt=midnight(until))
    matches = list(shown.order_by("kickoff", "pk"))
    later = games.filter(kickoff__gte=midnight(until)).order_by("kickoff").first()
    return Board(
        statistic=statistic,
        first=first,
        last=until - timedelta(days=1),
        days=_by_day(_games(matches, statistic, seats)),
        next_day=timezone.localdate(later.kickoff) if later else None,
        is_served=ModelVersion.objects.for_problem(slug_of(statistic)).champions().exists(),
        has_games=bool(matches) or later is not None or basketball().exists(),
    )


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()).astimezone(UTC)


def _games(matches: Sequence[Match], statistic: str, seats: Sequence[Seat]) -> list[BoardGame]:
    said = prop_statements(prop_predictions(*seats, statistic=statistic).filter(match__in=[m.pk for m in matches]))
    players = Player.objects.select_related("team").in_bulk({statement.player_id for statement in said})
    teams = {team.pk: team for match in matches for team in (match.home, match.away)}
    reports = reports_of(teams, {match.date for match in matches})
    market = market_words(said)
    of_match: dict[int, list[PropStatement]] = defaultdict(list)
    for statement in said:
        of_match[statement.match_id or 0].append(statement)
    return [
        BoardGame(
            match=match,
            props=_offered(match, of_match[match.pk], players, reports, market),
            missing=_missing(match, reports),
        )
        for match in matches
    ]


def _offered(
    match: Match,
    said: Sequence[PropStatement],
    players: Mapping[int, Player],
    reports: Mapping[tuple[int, date], Availability],
    market: Mapping[tuple[int, int], MarketWord],
) -> list[OfferedProp]:
    """Of who still plays for either team and is not out: the hosts first, and who is thought to count most first."""
    sides = {match.home_id: match.home, match.away_id: match.away}
    found = []
    for statement in said:
        player = players.get(statement.player_id)
        report = reports.get((statement.player_id, match.date))
        if player is None or player.team_id not in sides or is_missing(report):
            continue
        offered = OfferedProp(
            player=player,
            team=sides[player.team_id],
            statement=statement,
            market=market.get((match.pk, player.pk)),
            report=report if is_doubted(report) else None,
        )
        found.append(offered)
    return sorted(found, key=lambda prop: (prop.team.pk != match.home_id, -prop.statement.mean, prop.player.name))


def _missing(match: Match, reports: Mapping[tuple[int, date], Availability]) -> list[Availability]:
    sides = (match.home_id, match.away_id)
    found = [r for (_, day), r in reports.items() if day == match.date and r.player.team_id in sides and is_missing(r)]
    return sorted(found, key=lambda report: (report.player.team_id != match.home_id, report.player.name))


def _by_day(games: Sequence[BoardGame]) -> list[BoardDay]:
    days: dict[date, list[BoardGame]] = defaultdict(list)
    for game in games:
        days[timezone.localdate(game.match.kickoff)].append(game)
    return [BoardDay(date=day, games=of_day) for day, of_day in sorted(days.items())]

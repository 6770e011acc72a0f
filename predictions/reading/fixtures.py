"""Fixtures to come by day and league, and the latest results, each with what we said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from matches.models import Competition, Match, Sport
from matches.models.play import MatchQuerySet
from predictions.experimenting.seats import Seat
from predictions.football.loading import football
from predictions.reading.prices import MatchPrices, prices_of
from predictions.reading.statements import Statement, statements

LATEST = 12
"""How many results the front page shows."""


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """One line of a fixture list; `statement` is None where nothing was predicted."""

    match: Match
    statement: Statement | None = None
    prices: MatchPrices | None = None

    @property
    def awaits_result(self) -> bool:
        """Kicked off by now, and no score is known yet."""
        return not self.match.is_finished and self.match.kickoff <= timezone.now()


@dataclass(frozen=True)
class Results:
    """Finished matches, newest first, with what we said of those we said something of."""

    listed: Sequence[Fixture]

    def __len__(self) -> int:
        return len(self.listed)

    def __iter__(self) -> Iterator[Fixture]:
        return iter(self.listed)

    @property
    def has_statements(self) -> bool:
        return any(result.statement for result in self.listed)

    @property
    def latest(self) -> Match | None:
        return self.listed[0].match if self.listed else None


@dataclass(frozen=True, kw_only=True)
class LeagueDay:
    competition: Competition
    fixtures: list[Fixture]


@dataclass(frozen=True, kw_only=True)
class Day:
    date: date
    leagues: list[LeagueDay]


@dataclass(frozen=True, kw_only=True)
class FixtureList:
    """The fixtures of some days; `next_day` is the first later day with fixtures, `earlier_day` one window before."""

    first: date
    last: date
    days: list[Day]
    next_day: date | None
    earlier_day: date | None

    @property
    def in_words(self) -> str:
        """What is listed, for whoever hears it read out."""
        count = sum(len(league.fixtures) for day in self.days for league in day.leagues)
        fixtures = "1 fixture" if count == 1 else f"{count or 'No'} fixtures"
        return f"{fixtures} from {self.first:%-d %B} to {self.last:%-d %B %Y}."


def upcoming_fixtures(
    *,
    first: date,
    days: int,
    competition: Competition | None = None,
    with_prices: bool = False,
    seats: Sequence[Seat] = (),
) -> FixtureList:
    """Fixtures on `days` days from `first`, in the current time zone; prices are left out unless asked for."""
    until = first + timedelta(days=days)
    scheduled = _scheduled(competition, since=first)
    found = list(scheduled.filter(kickoff__lt=_midnight(until)).with_names())
    later = scheduled.filter(kickoff__gte=_midnight(until)).first()
    today = timezone.localdate()
    return FixtureList(
        first=first,
        last=until - timedelta(days=1),
        days=_by_day(with_statements(found, with_prices=with_prices, seats=seats)),
        next_day=_day(later) if later else None,
        earlier_day=max(today, first - timedelta(days=days)) if first > today else None,
    )


def latest_results(
    *, competition: Competition | None = None, limit: int = LATEST, seats: Sequence[Seat] = ()
) -> Results:
    """The last finished matches."""
    matches = football().finished()
    if competition is not None:
        matches = matches.filter(season__competition=competition)
    return Results(with_statements(matches.with_names().order_by("-kickoff", "-pk")[:limit], seats=seats))


def with_statements(
    matches: Iterable[Match], *, with_prices: bool = False, seats: Sequence[Seat] = ()
) -> list[Fixture]:
    """Matches with what we said of each, in two queries at most."""
    rows = list(matches)
    said = statements((match.pk for match in rows), seats)
    prices = prices_of(match.pk for match in rows) if with_prices else {}
    return [Fixture(match=match, statement=said.get(match.pk), prices=prices.get(match.pk)) for match in rows]


def football_competitions() -> QuerySet[Competition]:
    """Competitions that may be chosen, by country."""
    return Competition.objects.filter(sport=Sport.FOOTBALL)


def _scheduled(competition: Competition | None, *, since: date) -> MatchQuerySet:
    matches = football().upcoming(_midnight(since))
    return matches if competition is None else matches.filter(season__competition=competition)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()).astimezone(UTC)


def _day(match: Match) -> date:
    """The day a match is listed under: the visitor's where the time is known, else the source's."""
    return timezone.localdate(match.kickoff) if match.kickoff_is_exact else match.date


def _by_day(fixtures: Sequence[Fixture]) -> list[Day]:
    def place(fixture: Fixture) -> tuple[date, str, str]:
        competition = fixture.match.season.competition
        return _day(fixture.match), competition.country, competition.code

    ordered = sorted(fixtures, key=lambda fixture: (place(fixture), fixture.match.kickoff, fixture.match.pk))
    return [
        Day(date=day, leagues=[_league(list(group)) for _, group in groupby(of_day, key=place)])
        for day, of_day in groupby(ordered, key=lambda fixture: place(fixture)[0])
    ]


def _league(fixtures: list[Fixture]) -> LeagueDay:
    return LeagueDay(competition=fixtures[0].match.season.competition, fixtures=fixtures)

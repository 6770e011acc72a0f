"""Simulated leagues: founded, carried on season after season, and played when their matches are due.

Their matches land by the same door as real ones, and carry `is_simulated` on competition and teams. What is drawn
depends on the rules of a league alone, so a match has the same result whenever it is played.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from matches.errors import InvalidSimulation
from matches.importing import Progress, record
from matches.landing import land
from matches.models import Competition, ImportBatch, Match, SimulatedLeague, Sport
from matches.simulation.fixtures import Drawing, season_code
from matches.simulation.founding import league_of
from matches.simulation.league import seasons
from matches.simulation.names import COUNTRY, league_code, league_name
from matches.simulation.rules import LeagueRules
from matches.sources.rows import Row

SOURCE = "simulator"
FIRST_MONTH = 7
MOST_RELEGATED = 3
ANNOUNCED = timedelta(days=30)
"""How long before its first day a season's fixtures are known."""

PRICED = timedelta(days=14)
"""How long before kick-off bookmakers open."""


def simulate_leagues(
    *, leagues: int = 2, history: int = 8, teams: int = 16, seed: int = 1, progress: Progress | None = None
) -> list[ImportBatch]:
    """Found leagues that have `history` seasons, the present one being the last, and land all that happened until now.

    A league that is there already is carried on, and gives a batch only where something was missing. Raises
    InvalidSimulation for a league that can't be played, or one of the same code but another seed or size.
    """
    now = timezone.now()
    if leagues < 1 or history < 1:
        raise InvalidSimulation("Simulate at least one league and one season.")
    first_year = _season_year(now) - history + 1
    relegated = min(MOST_RELEGATED, teams // 4)
    wished = [
        LeagueRules(seed=seed, number=n + 1, first_year=first_year, teams=teams, relegated=relegated)
        for n in range(leagues)
    ]
    batches = []
    for done, rules in enumerate(wished):
        if progress:
            progress(done, leagues, league_name(rules.number))
        batches += _announce_seasons(_found(rules), now)
    if progress:
        progress(leagues, leagues, "")
    return batches


def play_due(now: datetime | None = None) -> int:
    """Give every simulated match whose kick-off has come its result; returns how many were played.

    Keeps the leagues going too: new seasons are announced and prices opened as their time comes.
    """
    moment = now or timezone.now()
    return sum(_carry_on(league, moment) for league in _leagues())


def bring_forward(kickoff: datetime) -> int:
    """Move a whole round of each simulated league to a kick-off; returns how many matches were moved.

    It is the season's last round that nothing was played of: the season ends sooner, and the next week-ends stay.
    """
    moved = 0
    for league in _leagues():
        found = _last_round(league)
        rows = [drawing.row(index, kickoff=kickoff) for drawing, index in found]
        if rows:
            _land(league, rows)
        moved += len(rows)
    return moved


def _leagues() -> QuerySet[SimulatedLeague]:
    leagues = SimulatedLeague.objects.filter(competition__sport=Sport.FOOTBALL)
    return leagues.select_related("competition").order_by("pk")


@transaction.atomic
def _found(rules: LeagueRules) -> SimulatedLeague:
    code = league_code(rules.number)
    competition, _ = Competition.objects.get_or_create(
        code=code, defaults={"name": league_name(rules.number), "country": COUNTRY, "is_simulated": True}
    )
    if not competition.is_simulated:
        raise InvalidSimulation(f"{code} is a real competition here: a simulation can't be written into it.")
    return league_of(competition, rules)


def _announce_seasons(league: SimulatedLeague, now: datetime) -> list[ImportBatch]:
    """Land the seasons that are not there yet, with the results of what was played until now."""
    rules = LeagueRules.from_json(league.rules)
    known = set(league.competition.seasons.values_list("code", flat=True))
    years = range(rules.first_year, _season_year(now + ANNOUNCED) + 1)
    missing = [year for year in years if season_code(year) not in known]
    if not missing:
        return []
    rows = [row for drawing in _drawings(rules, missing) for row in _as_of(drawing, now)]
    return [_land(league, rows)]


def _as_of(drawing: Drawing, now: datetime) -> list[Row]:
    kickoffs = [drawing.kickoff(index) for index in range(len(drawing))]
    return [
        drawing.row(index, kickoff=kickoff, priced=kickoff < now + PRICED, played=kickoff <= now)
        for index, kickoff in enumerate(kickoffs)
    ]


def _carry_on(league: SimulatedLeague, now: datetime) -> int:
    _announce_seasons(league, now)
    scheduled = Match.objects.filter(season__competition=league.competition, status=Match.Status.SCHEDULED)
    due = list(scheduled.filter(kickoff__lte=now).with_names())
    soon = list(scheduled.filter(kickoff__gt=now, kickoff__lte=now + PRICED, odds__isnull=True).with_names())
    if due or soon:
        drawn = _drawn(league, due + soon)
        _land(
            league, [drawing.row(i, kickoff=match.kickoff, played=match.kickoff <= now) for match, drawing, i in drawn]
        )
    return len(due)


def _last_round(league: SimulatedLeague) -> list[tuple[Drawing, int]]:
    """The last whole round, of the season that has the next match."""
    matches = Match.objects.filter(season__competition=league.competition, status=Match.Status.SCHEDULED).with_names()
    rounds: dict[tuple[int, int], list[tuple[Drawing, int]]] = {}
    for _, drawing, index in _drawn(league, list(matches)):
        rounds.setdefault((drawing.season.year, int(drawing.season.round[index])), []).append((drawing, index))
    matches_each = LeagueRules.from_json(league.rules).teams // 2
    whole = [key for key, waiting in rounds.items() if len(waiting) == matches_each]
    if not whole:
        return []
    season = min(whole)[0]
    return rounds[max(key for key in whole if key[0] == season)]


def _drawn(league: SimulatedLeague, matches: Collection[Match]) -> list[tuple[Match, Drawing, int]]:
    """Where each of the league's matches is drawn; those that staff added by hand are left out."""
    years = {match.season.starts_on.year for match in matches}
    places: dict[tuple[str, str, str], tuple[Drawing, int]] = {}
    for drawing in _drawings(LeagueRules.from_json(league.rules), years):
        places |= {(drawing.season_code, *drawing.slugs(i)): (drawing, i) for i in range(len(drawing))}
    keys = [(match.season.code, match.home.slug, match.away.slug) for match in matches]
    return [(match, *places[key]) for match, key in zip(matches, keys, strict=True) if key in places]


def _drawings(rules: LeagueRules, years: Collection[int]) -> list[Drawing]:
    if not years:
        return []
    drawn = seasons(rules, max(years) - rules.first_year + 1)
    return [Drawing.of(rules, season) for season in drawn if season.year in years]


@transaction.atomic
def _land(league: SimulatedLeague, rows: Sequence[Row]) -> ImportBatch:
    digest = hashlib.sha256(json.dumps(league.rules, sort_keys=True).encode()).hexdigest()
    batch = ImportBatch.objects.create(source=SOURCE, filename=league.competition.code, sha256=digest)
    record(batch, list(rows), [], land(rows, batch=batch, is_simulated=True))
    batch.finished_at = timezone.now()
    batch.save()
    return batch


def _season_year(now: datetime) -> int:
    """The year in which the season of a moment began."""
    return now.year if now.month >= FIRST_MONTH else now.year - 1

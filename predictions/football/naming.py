"""From how a person or the ledger names a match to a fixture, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from matches.models import Competition, Match, Season, Sport, Team
from predictions.days import day as day_of
from predictions.errors import UnknownSubject
from predictions.football.loading import football, season_at
from predictions.football.rows import Fixture


def fixture(reference: Mapping[str, Any]) -> Fixture:
    """The match with an id, or a supposed pairing of two teams on a day.

    Teams are found by slug, name or alias. One that nobody knows is taken as a newcomer, if the competition is given:
    its forecast rests on the prior and says so. Raises UnknownSubject, saying what is missing or can't be read.
    """
    if reference.get("match") not in (None, ""):
        return _listed(reference["match"])
    missing = [name for name in ("home", "away", "date") if not reference.get(name)]
    if missing:
        raise UnknownSubject(f"A pairing needs a match, or home, away and date: {', '.join(missing)} is missing.")
    on = day_of(reference["date"])
    home, away = (_team(str(reference[side])) for side in ("home", "away"))
    code = _competition(reference.get("competition"), home, away)
    slugs = [team.slug if isinstance(team, Team) else slugify(team) for team in (home, away)]
    if slugs[0] == slugs[1]:
        raise UnknownSubject(f"{reference['home']} can't play against itself.")
    listed = football().with_names().filter(home__slug=slugs[0], away__slug=slugs[1], date=on).first()
    if listed is not None:
        return of_match(listed)
    return Fixture.supposed(competition=code, season=season_at(code, on), home=slugs[0], away=slugs[1], on=on)


def of_match(match: Match) -> Fixture:
    """The fixture of a match whose teams and competition are loaded."""
    return Fixture(
        match_id=match.pk,
        competition=match.season.competition.code,
        season=match.season.code,
        home=match.home.slug,
        away=match.away.slug,
        date=match.date,
        kickoff=match.kickoff,
    )


def reference(subject: Fixture) -> dict[str, Any]:
    """JSON that finds the fixture again."""
    if subject.match_id is not None:
        return {"match": subject.match_id}
    return {
        "home": subject.home,
        "away": subject.away,
        "competition": subject.competition,
        "date": subject.date.isoformat(),
    }


def upcoming(since: datetime, until: datetime) -> Sequence[Fixture]:
    """Scheduled matches that kick off between two times, soonest first."""
    matches = football().upcoming(since).filter(kickoff__lt=until).with_names().order_by("kickoff", "pk")
    return [of_match(match) for match in matches]


def _listed(pk: Any) -> Fixture:
    if not str(pk).isdecimal():
        raise UnknownSubject(f"{pk!r} is not the number of a match.")
    match = football().with_names().filter(pk=int(pk)).first()
    if match is None:
        raise UnknownSubject(f"There is no football match {pk}.")
    return of_match(match)


def _team(name: str) -> Team | str:
    """The team, or its name where nobody knows it. Raises UnknownSubject for a name that several teams have."""
    teams = Team.objects.filter(sport=Sport.FOOTBALL)
    by_slug = teams.filter(slug=name).first()
    if by_slug is not None:
        return by_slug
    found = list(teams.filter(Q(name__iexact=name) | Q(aliases__alias__iexact=name)).distinct()[:3])
    if len(found) > 1:
        raise UnknownSubject(f"Several teams are called {name}: say which, as {found[0].slug} or {found[1].slug}.")
    if not slugify(name):
        raise UnknownSubject(f"{name!r} is not a team's name.")
    return found[0] if found else name


def _competition(code: Any, home: Team | str, away: Team | str) -> str:
    """The code given, or the competition where the teams last played."""
    if code:
        if not Competition.objects.filter(code=code, sport=Sport.FOOTBALL).exists():
            raise UnknownSubject(f"There is no football competition {code}.")
        return str(code)
    known = [team for team in (home, away) if isinstance(team, Team)]
    if len(known) < 2:
        unknown = " and ".join(str(team) for team in (home, away) if not isinstance(team, Team))
        raise UnknownSubject(f"No team is called {unknown}. Name the competition to have it taken as a newcomer.")
    season = (
        Season.objects.filter(Q(matches__home__in=known) | Q(matches__away__in=known)).order_by("-starts_on").first()
    )
    if season is None:
        raise UnknownSubject("Neither team has played yet: name the competition.")
    return season.competition.code

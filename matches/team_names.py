"""Which team a source means: by alias, by name, by what other sources are known to call it, and else a new team."""

from __future__ import annotations

from django.utils.text import slugify

from matches.errors import RowRefused
from matches.known_aliases import names_by_alias
from matches.models import Sport, Team, TeamAlias

LONGEST_NAME = 80


class TeamNames:
    """Resolves names of one country, remembering what it found; new names become teams."""

    def __init__(self, country: str, *, sport: str = Sport.FOOTBALL, is_simulated: bool = False) -> None:
        self.country = country
        self.sport = sport
        self.is_simulated = is_simulated
        aliases = TeamAlias.objects.filter(sport=sport, country=country).select_related("team")
        teams = Team.objects.filter(sport=sport, country=country)
        self._known = {team.name.casefold(): team for team in teams}
        # An alias is somebody's word on what a name means, even where a team of that name was made by mistake.
        self._known |= {alias.alias.casefold(): alias.team for alias in aliases}

    def team(self, name: str) -> Team:
        """Raises RowRefused for a name that is none."""
        key = name.casefold()
        if key not in self._known:
            self._known[key] = self._by_known_alias(name) or self._create(name)
        return self._known[key]

    def _by_known_alias(self, alias: str) -> Team | None:
        """The team that other sources are known to call so; written down, so that staff see and can change it."""
        name = names_by_alias(self.country).get(alias.casefold()) if self.sport == Sport.FOOTBALL else None
        if name is None:
            return None
        team = self.team(name)
        TeamAlias.objects.create(team=team, sport=self.sport, country=self.country, alias=alias)
        return team

    def _create(self, name: str) -> Team:
        slug = slugify(f"{self.country}-{name}")[:120]
        if not slugify(name) or len(name) > LONGEST_NAME:
            raise RowRefused("bad_team", f"{name[:100]!r} is not the name of a team.")
        twin = Team.objects.filter(slug=slug).first()
        if twin is not None:
            return twin
        return Team.objects.create(
            name=name, slug=slug, country=self.country, sport=self.sport, is_simulated=self.is_simulated
        )

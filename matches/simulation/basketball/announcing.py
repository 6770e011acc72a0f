"""A league's seasons, teams and players in the database, before anything is played."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils.text import slugify

from matches.basketball.player_keys import fold
from matches.models import Match, Player, PlayerAlias, Season, SimulatedLeague, Sport, Team
from matches.simulation.basketball import rows
from matches.simulation.basketball.names import CODE, COUNTRY, abbreviation, player_names, team_name
from matches.simulation.basketball.people import POSITIONS
from matches.simulation.basketball.rules import BasketballRules
from matches.simulation.basketball.season import SimulatedGames, seasons

BATCH = 2000
ANNOUNCED = timedelta(days=4)
"""How long before its first day a season's games are known: the season before is over by then."""


def announce_seasons(league: SimulatedLeague, rules: BasketballRules, now: datetime) -> int:
    """Land the games of seasons that are not there yet, as to be played; how many games."""
    known = set(league.competition.seasons.values_list("code", flat=True))
    last = rules.season_index((now + ANNOUNCED).date())
    missing = [index for index in range(last + 1) if rows.season_code(rules, index) not in known]
    if not missing:
        return 0
    drawn = seasons(rules, last + 1)
    teams = _teams(rules)
    _players(rules, drawn[-1], teams)
    matches = [match for index in missing for match in _fixtures(league, rules, drawn[index], teams)]
    Match.objects.bulk_create(matches, batch_size=BATCH)
    return len(matches)


def _fixtures(
    league: SimulatedLeague, rules: BasketballRules, games: SimulatedGames, teams: dict[int, Team]
) -> Iterable[Match]:
    first = rules.season_start(games.index)
    code = rows.season_code(rules, games.index)
    season = Season.objects.create(
        competition=league.competition,
        code=code,
        name=f"{code[:4]}, season {code[5:]}",
        starts_on=first,
        ends_on=first + timedelta(days=rules.season_days - 1),
    )
    calendar = games.calendar
    for number, moment in enumerate(calendar.tip_off.tolist()):
        yield Match(
            season=season,
            home=teams[int(calendar.home[number])],
            away=teams[int(calendar.away[number])],
            date=moment.date(),
            kickoff=moment.replace(tzinfo=UTC),
            kickoff_is_exact=True,
            external_id=rows.game_id(games.index, number),
        )


def _teams(rules: BasketballRules) -> dict[int, Team]:
    """The league's teams by number, founded where they are missing."""
    slugs = {number: slugify(f"{COUNTRY}-{team_name(number)}") for number in range(rules.teams)}
    wished = [
        Team(
            name=team_name(number),
            slug=slug,
            country=COUNTRY,
            sport=Sport.BASKETBALL,
            abbreviation=abbreviation(number),
            is_simulated=True,
        )
        for number, slug in slugs.items()
    ]
    Team.objects.bulk_create(wished, ignore_conflicts=True)
    found = {team.slug: team for team in Team.objects.filter(slug__in=slugs.values())}
    return {number: found[slug] for number, slug in slugs.items()}


def _players(rules: BasketballRules, games: SimulatedGames, teams: dict[int, Team]) -> None:
    """Everyone there ever was, each in the team of the latest season announced, or in none."""
    people = games.people
    team_of = {int(player): teams[team] for team, roster in enumerate(people.roster) for player in roster}
    wished = [
        Player(
            name=name,
            slug=f"{slugify(name)}-{CODE.lower()}",
            sport=Sport.BASKETBALL,
            external_id=rows.player_id(number),
            position=POSITIONS[people.position[number]],
            team=team_of.get(number),
            is_simulated=True,
        )
        for number, name in enumerate(player_names(len(people), seed=rules.seed))
    ]
    known = set(_league_players().values_list("external_id", flat=True))
    new = Player.objects.bulk_create([player for player in wished if player.external_id not in known])
    PlayerAlias.objects.bulk_create(
        PlayerAlias(player=player, alias=player.name, key=fold(player.name)) for player in new
    )
    _move_players({player.external_id: player.team for player in wished if player.external_id in known})


def _move_players(teams: dict[str, Team | None]) -> None:
    players = list(_league_players().filter(external_id__in=teams))
    moved = [player for player in players if player.team != teams[player.external_id]]
    for player in moved:
        player.team = teams[player.external_id]
    Player.objects.bulk_update(moved, ["team"], batch_size=200)


def _league_players() -> QuerySet[Player]:
    return Player.objects.filter(sport=Sport.BASKETBALL, external_id__startswith=f"{CODE}-", is_simulated=True)


def cast_of(rules: BasketballRules) -> rows.Cast:
    """The keys of the league's teams and players by their numbers."""
    numbers = {rows.player_id(number): number for number in range(_league_players().count())}
    players = dict(_league_players().values_list("external_id", "pk"))
    return rows.Cast(
        players={numbers[external]: key for external, key in players.items() if external in numbers},
        teams={number: team.pk for number, team in _teams(rules).items()},
    )

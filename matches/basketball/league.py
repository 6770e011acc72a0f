"""The NBA: its thirty teams under every code sources write, its seasons, and what an id of a game tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from matches.errors import RowRefused
from matches.models import Competition, Season, Sport, Team

CODE, NAME, COUNTRY = "NBA", "NBA", "USA"
EASTERN = ZoneInfo("America/New_York")
USUAL_TIP_OFF = time(19)
"""Where a source gives only the day."""

REGULAR, PLAYOFFS, PLAY_IN, CUP_FINAL = "002", "004", "005", "006"
"""How ids of games begin. Pre-season (001) and the All-Star game (003) are no games of the league."""

_UNUSUAL_SEASONS = {
    2011: (date(2011, 7, 1), date(2012, 6, 30)),
    2019: (date(2019, 7, 1), date(2020, 10, 31)),
    2020: (date(2020, 11, 1), date(2021, 7, 31)),
}


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """`tricode` and `external_id` are NBA Stats'; `others` are codes of other sources and former names."""

    tricode: str
    external_id: str
    city: str
    nickname: str
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.city} {self.nickname}"


TEAMS = (
    TeamFacts("ATL", "1610612737", "Atlanta", "Hawks"),
    TeamFacts("BOS", "1610612738", "Boston", "Celtics"),
    TeamFacts("CLE", "1610612739", "Cleveland", "Cavaliers"),
    TeamFacts("NOP", "1610612740", "New Orleans", "Pelicans", ("NO", "NOR", "NOH", "NOK", "New Orleans Hornets")),
    TeamFacts("CHI", "1610612741", "Chicago", "Bulls"),
    TeamFacts("DAL", "1610612742", "Dallas", "Mavericks"),
    TeamFacts("DEN", "1610612743", "Denver", "Nuggets"),
    TeamFacts("GSW", "1610612744", "Golden State", "Warriors", ("GS", "GOS")),
    TeamFacts("HOU", "1610612745", "Houston", "Rockets"),
    TeamFacts("LAC", "1610612746", "LA", "Clippers", ("Los Angeles Clippers", "L.A. Clippers", "SDC")),
    TeamFacts("LAL", "1610612747", "Los Angeles", "Lakers", ("L.A. Lakers", "LA Lakers")),
    TeamFacts("MIA", "1610612748", "Miami", "Heat"),
    TeamFacts("MIL", "1610612749", "Milwaukee", "Bucks"),
    TeamFacts("MIN", "1610612750", "Minnesota", "Timberwolves"),
    TeamFacts("BKN", "1610612751", "Brooklyn", "Nets", ("BRK", "BK", "NJN", "New Jersey Nets")),
    TeamFacts("NYK", "1610612752", "New York", "Knicks", ("NY",)),
    TeamFacts("ORL", "1610612753", "Orlando", "Magic"),
    TeamFacts("IND", "1610612754", "Indiana", "Pacers"),
    TeamFacts("PHI", "1610612755", "Philadelphia", "76ers", ("PHL", "Philadelphia Sixers")),
    TeamFacts("PHX", "1610612756", "Phoenix", "Suns", ("PHO",)),
    TeamFacts("POR", "1610612757", "Portland", "Trail Blazers", ("Portland Blazers",)),
    TeamFacts("SAC", "1610612758", "Sacramento", "Kings", ("KCK",)),
    TeamFacts("SAS", "1610612759", "San Antonio", "Spurs", ("SA", "SAN")),
    TeamFacts("OKC", "1610612760", "Oklahoma City", "Thunder", ("SEA", "Seattle SuperSonics")),
    TeamFacts("TOR", "1610612761", "Toronto", "Raptors"),
    TeamFacts("UTA", "1610612762", "Utah", "Jazz", ("UTAH", "UTH")),
    TeamFacts("MEM", "1610612763", "Memphis", "Grizzlies", ("VAN", "Vancouver Grizzlies")),
    TeamFacts("WAS", "1610612764", "Washington", "Wizards", ("WSH", "Washington Bullets")),
    TeamFacts("DET", "1610612765", "Detroit", "Pistons"),
    TeamFacts("CHA", "1610612766", "Charlotte", "Hornets", ("CHO", "CHH", "Charlotte Bobcats")),
)


def _codes(team: TeamFacts) -> tuple[str, ...]:
    return team.tricode, team.external_id, team.name, *team.others


_BY_CODE = {code.casefold(): team for team in TEAMS for code in _codes(team)}


def team_facts(told: str) -> TeamFacts:
    """The team that a source means by a code, an id or a full name. Raises RowRefused for one that is none."""
    found = _BY_CODE.get(told.strip().casefold())
    if found is None:
        raise RowRefused("unknown_team", f"{told[:60]!r} is no team of the {NAME}: expected BKN or Brooklyn Nets.")
    return found


def season_of_game(game_id: str) -> str:
    """The season an NBA Stats id names: `0022300061` is of `2023-24`. Raises RowRefused."""
    if len(game_id) != 10 or not game_id.isdigit():
        raise RowRefused("bad_game_id", f"{game_id[:40]!r} is not the id of a game: expected ten digits, 0022300061.")
    if game_id[:3] not in (REGULAR, PLAYOFFS, PLAY_IN, CUP_FINAL):
        raise RowRefused("other_game", f"{game_id} is a pre-season or All-Star game, which is not taken in.")
    year = int(game_id[3:5])
    first = 1900 + year if year >= 46 else 2000 + year
    return season_name(first)


def season_name(first_year: int) -> str:
    """`2023-24` of 2023."""
    return f"{first_year}-{(first_year + 1) % 100:02d}"


def season_on(day: date) -> str:
    """The season a day falls into."""
    for first, (begin, end) in _UNUSUAL_SEASONS.items():
        if begin <= day <= end:
            return season_name(first)
    return season_name(day.year if day.month >= 7 else day.year - 1)


def is_playoff(game_id: str) -> bool:
    """Whether an id is of the play-offs; the play-in before them is not."""
    return game_id.startswith(PLAYOFFS)


def tip_off(day: date, at: time | None = None) -> datetime:
    """The moment, in UTC, of a time of day in US Eastern time; 19:00 where none is told."""
    return datetime.combine(day, at or USUAL_TIP_OFF, EASTERN).astimezone(UTC)


def nba() -> Competition:
    """The league, founded with the first file."""
    league, _ = Competition.objects.get_or_create(
        code=CODE, defaults={"name": NAME, "country": COUNTRY, "sport": Sport.BASKETBALL}
    )
    return league


def season(league: Competition, code: str) -> Season:
    """A season by its code, founded where it is not there."""
    first = int(code[:4])
    begin, end = _UNUSUAL_SEASONS.get(first, (date(first, 7, 1), date(first + 1, 6, 30)))
    found, _ = Season.objects.get_or_create(
        competition=league, code=code, defaults={"name": code, "starts_on": begin, "ends_on": end}
    )
    return found


def teams() -> dict[str, Team]:
    """The thirty teams by tricode; those not there yet are founded."""
    held = Team.objects.filter(sport=Sport.BASKETBALL, country=COUNTRY, is_simulated=False)
    known = {team.external_id: team for team in held.exclude(external_id="")}
    return {facts.tricode: known.get(facts.external_id) or _found(facts) for facts in TEAMS}


def _found(facts: TeamFacts) -> Team:
    told = {"abbreviation": facts.tricode, "external_id": facts.external_id}
    team, _ = Team.objects.update_or_create(
        sport=Sport.BASKETBALL,
        country=COUNTRY,
        name=facts.name,
        defaults=told,
        create_defaults={**told, "slug": slugify(f"{COUNTRY}-{facts.name}")},
    )
    return team

"""A small league with known results, in the database and as rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from matches.models import Match, Odds, Season, Team
from tests.factories import CompetitionFactory, SeasonFactory, TeamFactory

TEAMS = 6
SEASONS = ("2122", "2223", "2324")


@pytest.fixture
def league(db: None) -> list[Match]:
    """Three seasons of six teams, twice a week apart, with shots and Pinnacle's prices; the last round is to come."""
    random = Random(7)
    competition = CompetitionFactory.create()
    teams = [TeamFactory.create(name=f"Team {n}", slug=f"england-{n}") for n in range(TEAMS)]
    matches = [
        match
        for index, code in enumerate(SEASONS)
        for match in _season(random, SeasonFactory.create(competition=competition, code=code, **_dates(index)), teams)
    ]
    for match in matches[-TEAMS // 2 :]:
        match.status, match.home_goals, match.away_goals = Match.Status.SCHEDULED, None, None
    Match.objects.bulk_create(matches)
    Odds.objects.bulk_create(price for match in matches for price in _prices(random, match))
    return list(Match.objects.with_names().order_by("kickoff", "pk"))


def _dates(index: int) -> dict[str, date]:
    return {"starts_on": date(2021 + index, 8, 1), "ends_on": date(2022 + index, 6, 30)}


def _season(random: Random, season: Season, teams: list[Team]) -> list[Match]:
    rounds = [_round(turn, teams) for turn in range(TEAMS - 1)]
    rounds += [[(away, home) for home, away in pairs] for pairs in rounds]
    return [
        _match(random, season, home, away, season.starts_on + timedelta(days=7 * week))
        for week, pairs in enumerate(rounds * 2)
        for home, away in pairs
    ]


def _round(turn: int, teams: list[Team]) -> list[tuple[Team, Team]]:
    """The circle method: one team stays, the others turn."""
    turned = [teams[0], *teams[1 + turn :], *teams[1 : 1 + turn]]
    return [(turned[i], turned[-1 - i]) for i in range(len(turned) // 2)]


def _match(random: Random, season: Season, home: Team, away: Team, on: date) -> Match:
    strength = int(home.slug[-1]) - int(away.slug[-1])
    shots = [max(0, round(random.gauss(5 - strength / 2, 2))), max(0, round(random.gauss(4 + strength / 2, 2)))]
    goals = [sum(random.random() < 0.3 for _ in range(n)) for n in shots]
    return Match(
        season=season,
        home=home,
        away=away,
        date=on,
        kickoff=datetime(on.year, on.month, on.day, 15, tzinfo=UTC),
        status=Match.Status.FINISHED,
        home_goals=goals[0],
        away_goals=goals[1],
        home_shots_on_target=shots[0],
        away_shots_on_target=shots[1],
        home_shots=shots[0] * 2,
        away_shots=shots[1] * 2,
        home_corners=5,
        away_corners=4,
    )


def _prices(random: Random, match: Match) -> list[Odds]:
    return [
        Odds(
            match=match,
            bookmaker="PS",
            market=Odds.Market.MATCH_RESULT,
            outcome=outcome,
            phase=phase,
            price=Decimal(str(round(price + random.uniform(-0.1, 0.1), 2))),
        )
        for phase in Odds.Phase
        for outcome, price in (("H", 2.2), ("D", 3.4), ("A", 3.3))
    ]

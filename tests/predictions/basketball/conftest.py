"""The made-up league of box scores, written into the database."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management.color import no_style
from django.db import connection

from matches.models import Competition, Match, Player, PlayerGame, Season, Sport, Team
from matches.models.box_scores import BOX_SCORE
from predictions.basketball.box_scores import BoxScores
from tests.predictions.basketball.leagues import TEAMS, league

TIP_OFF = time(0, 0, tzinfo=UTC)


def day_of(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))


def write(box: BoxScores) -> None:
    """Rows keep the ids of the table."""
    competition = Competition.objects.create(code="HOOP", name="Hoop League", country="USA", sport=Sport.BASKETBALL)
    Team.objects.bulk_create(
        Team(pk=pk, name=f"Team {name}", slug=f"team-{name}", abbreviation=name, country="USA", sport=Sport.BASKETBALL)
        for pk, name in TEAMS.items()
    )
    seasons = {}
    for code in sorted(set(box.season.tolist())):
        days = box.day[box.season == code]
        first, last = day_of(days.min()), day_of(days.max()) + timedelta(days=30)
        span = {"starts_on": first, "ends_on": last}
        seasons[code] = Season.objects.create(competition=competition, code=code, name=code, **span)
    latest = {int(player): int(team) for player, team in zip(box.player, box.team, strict=True)}
    Player.objects.bulk_create(
        Player(pk=pk, name=f"Player {pk}", slug=f"player-{pk}", external_id=str(pk), team_id=team)
        for pk, team in latest.items()
    )
    Match.objects.bulk_create(_matches(box, seasons))
    PlayerGame.objects.bulk_create(_lines(box))
    _count_on_from_here()


def _count_on_from_here() -> None:
    """PostgreSQL numbers new rows by sequences, which do not see ids that were given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Team, Player, Match]):
            cursor.execute(statement)


def _matches(box: BoxScores, seasons: dict[str, Season]) -> list[Match]:
    found = {}
    for row in range(len(box)):
        pk, day = int(box.match[row]) + 1, day_of(box.day[row])
        sides = (int(box.team[row]), int(box.opponent[row]))
        home, away = sides if box.is_home[row] else sides[::-1]
        found[pk] = Match(
            pk=pk,
            season=seasons[str(box.season[row])],
            home_id=home,
            away_id=away,
            date=day,
            kickoff=datetime.combine(day, TIP_OFF),
            status=Match.Status.FINISHED,
            home_goals=100,
            away_goals=90,
        )
    return list(found.values())


def _lines(box: BoxScores) -> list[PlayerGame]:
    columns = [name for name in BOX_SCORE if name != "plus_minus"]
    return [
        PlayerGame(
            match_id=int(box.match[row]) + 1,
            player_id=int(box.player[row]),
            team_id=int(box.team[row]),
            is_home=bool(box.is_home[row]),
            minutes=float(box.minutes[row]),
            **{name: _made(box, name, row) for name in columns if name != "minutes"},
        )
        for row in range(len(box))
    ]


def _made(box: BoxScores, name: str, row: int) -> int:
    """What was made is no more than what was attempted, which the made-up table does not mind."""
    value = float(getattr(box, name)[row])
    tried = getattr(box, name.replace("_made", "_attempted"))[row] if name.endswith("_made") else value
    return int(min(value, float(tried)))


@pytest.fixture
def hoop_league(db: None, storage: Path) -> BoxScores:
    box = league()
    write(box)
    return box

"""A small league of basketball with what was said of its players: enough for every page to have all its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.consents import grant
from accounts.models import Consent, User
from matches.basketball.player_keys import fold
from matches.models import Availability, Match, Player, PlayerAlias, PlayerGame, PropLine, Season, Sport, Team
from matches.models.box_scores import BOX_SCORE
from mlmodels.models import ModelVersion
from predictions.basketball.forecasting import at_line, mean
from predictions.models import Prediction, Settlement
from tests.factories import (
    CompetitionFactory,
    MatchFactory,
    ModelVersionFactory,
    PredictionFactory,
    SeasonFactory,
    TeamFactory,
)

NAMES = ("Nikola Jokić", "Jamal Murray", "LeBron James", "Austin Reaves")
PMF = (0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05)
"""Of counts 0 to 6, with a mean of 3."""

LINE = 2.5
OVER = 0.65


@dataclass(frozen=True, kw_only=True)
class Hoops:
    """Two teams of two that have met twelve times, once a day at noon, and meet again tomorrow and the day after."""

    season: Season
    home: Team
    away: Team
    players: Sequence[Player]
    played: Sequence[Match]
    coming: Sequence[Match]
    version: ModelVersion
    said: list[Prediction] = field(default_factory=list)


def a_player(name: str, team: Team, slug: str = "") -> Player:
    found = Player.objects.create(name=name, slug=slug or fold(name).replace(" ", "-"), team=team, position="C")
    PlayerAlias.objects.create(player=found, alias=name, key=fold(name))
    return found


def a_game(hoops_season: Season, home: Team, away: Team, tip_off: datetime) -> Match:
    over = tip_off < timezone.now()
    return MatchFactory.create(
        season=hoops_season,
        home=home,
        away=away,
        date=tip_off.date(),
        kickoff=tip_off,
        kickoff_is_exact=True,
        status=Match.Status.FINISHED if over else Match.Status.SCHEDULED,
        home_goals=110 if over else None,
        away_goals=104 if over else None,
    )


def a_line(match: Match, player: Player, count: int) -> PlayerGame:
    counts: dict[str, int] = dict.fromkeys(BOX_SCORE, 0)
    counts |= {"points": count, "rebounds": count, "assists": count, "minutes": 30}
    assert player.team is not None
    return PlayerGame.objects.create(
        match=match, player=player, team=player.team, is_home=match.home_id == player.team_id, **counts
    )


def said_of(match: Match, player: Player, version: ModelVersion, *, line: float = LINE, **fields: object) -> Prediction:
    features = {"line_is_market": 1.0 if line == LINE else 0.0, "last_10": 3.0, "line": line}
    given: dict[str, object] = {
        "problem": "player-props-points",
        "model_version": version,
        "subject": {"match": match.pk, "player": player.pk, "line": line},
        "probabilities": at_line(PMF, line),
        "distribution": {"mean": mean(PMF), "pmf": list(PMF)},
        "confidence": OVER,
        "features": features,
        "drivers": [
            ["An average player at this line", 0.1, "baseline", {}, {}],
            [
                "What he counted lately: for over",
                0.5,
                "form",
                {"ema": 0.3, "last_10": 0.2},
                {"over": 0.5, "push": 0.0, "under": 0.5},
            ],
        ],
        "notes": ["no line", "No bookmaker's line is known."] if line != LINE else [],
    }
    return PredictionFactory.create(match=match, **(given | fields))


def settle(prediction: Prediction, outcome: str, **fields: object) -> Settlement:
    figures: dict[str, object] = {"log_loss": 0.43, "brier": 0.245, "rps": 0.1225, "market_log_loss": 0.7}
    figures |= {"baseline_log_loss": 0.6931}
    return Settlement.objects.create(
        prediction=prediction, outcome=outcome, correct=outcome == "over", **(figures | fields)
    )


def priced(match: Match, player: Player, *, line: float = LINE) -> None:
    PropLine.objects.create(
        match=match,
        player=player,
        statistic="points",
        bookmaker="Mirage Sports",
        line=Decimal(str(line)),
        over_price=Decimal("1.870"),
        under_price=Decimal("1.970"),
        quoted_at=match.kickoff - timedelta(hours=3),
    )


def reported(player: Player, match: Match, status: str, reason: str = "ankle") -> Availability:
    earlier = Availability.objects.filter(player=player).count()
    at = timezone.now() + timedelta(minutes=earlier)
    return Availability.objects.create(
        player=player, date=match.date, status=status, reason=reason, source="test", reported_at=at
    )


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def hoops(db: None) -> Hoops:
    return hoops_league()


def hoops_league() -> Hoops:
    """All but the first game predicted and settled; both games to come predicted, the first of them priced."""
    competition = CompetitionFactory.create(code="NBA", name="NBA", country="USA", sport=Sport.BASKETBALL)
    season = SeasonFactory.create(competition=competition, code="2025-26", name="2025-26")
    home, away = (
        TeamFactory.create(name=name, slug=f"usa-{short.lower()}", abbreviation=short, sport=Sport.BASKETBALL)
        for name, short in (("Denver Nuggets", "DEN"), ("Los Angeles Lakers", "LAL"))
    )
    players = [a_player(name, team) for name, team in zip(NAMES, (home, home, away, away), strict=True)]
    now = timezone.now()
    played = [a_game(season, home, away, now - timedelta(days=12 - i)) for i in range(12)]
    coming = [a_game(season, home, away, now + timedelta(days=1 + i, hours=6)) for i in range(2)]
    version = ModelVersionFactory.create(
        problem="player-props-points", algorithm="global", version="global-1", role=ModelVersion.Role.CHAMPION
    )
    found = Hoops(season=season, home=home, away=away, players=players, played=played, coming=coming, version=version)
    for place, match in enumerate(played):
        for player in players:
            count = (place + player.pk) % 6
            a_line(match, player, count)
            if place:
                settle(said_of(match, player, version), "over" if count > LINE else "under")
    for match in coming:
        found.said.extend(said_of(match, player, version) for player in players)
    for player in players[:3]:
        priced(coming[0], player)
    return found


@pytest.fixture
def adult(charlie: User, client: Client) -> Client:
    """A signed-in stranger who is 18 or older."""
    grant(charlie, Consent.Kind.ADULT)
    client.force_login(charlie)
    return client

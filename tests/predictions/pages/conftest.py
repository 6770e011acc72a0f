"""A small league with what was said of it: enough for every page to have something in every part."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.consents import grant
from accounts.models import Consent, User
from matches.models import Competition, Match, Odds, Season, Team
from mlmodels.models import ModelVersion
from predictions.models import LedgerHead, Prediction, Settlement
from tests.factories import (
    CompetitionFactory,
    MatchFactory,
    ModelVersionFactory,
    OddsFactory,
    PredictionFactory,
    SeasonFactory,
    TeamFactory,
)

SCORES = ((2, 1), (0, 0), (1, 3), (4, 0), (1, 1), (0, 2))


@dataclass(frozen=True, kw_only=True)
class League:
    """A league of six teams: every pair has met once, and three fixtures are to come."""

    competition: Competition
    season: Season
    teams: list[Team]
    played: list[Match]
    coming: list[Match]
    version: ModelVersion


def a_league(code: str, name: str, *, version: ModelVersion, is_simulated: bool = False) -> League:
    competition = CompetitionFactory.create(code=code, name=name, is_simulated=is_simulated)
    now = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0)
    season = SeasonFactory.create(
        competition=competition,
        code="now",
        name="This season",
        starts_on=(now - timedelta(days=150)).date(),
        ends_on=(now + timedelta(days=150)).date(),
    )
    teams = [
        TeamFactory.create(name=f"{name} {letter}", slug=f"{code.lower()}-{letter.lower()}") for letter in "ABCDEF"
    ]
    pairs = [(home, away) for i, home in enumerate(teams) for away in teams[i + 1 :]]
    played = []
    for i, (home, away) in enumerate(pairs):
        goals = SCORES[i % len(SCORES)]
        kickoff = now - timedelta(days=7 * (len(pairs) - i))
        played.append(a_match(season, home, away, kickoff, goals))
    coming = [a_match(season, teams[2 * i + 1], teams[2 * i], now + timedelta(days=1 + i), None) for i in range(3)]
    return League(competition=competition, season=season, teams=teams, played=played, coming=coming, version=version)


def a_match(season: Season, home: Team, away: Team, kickoff: datetime, goals: tuple[int, int] | None) -> Match:
    return MatchFactory.create(
        season=season,
        home=home,
        away=away,
        date=kickoff.date(),
        kickoff=kickoff,
        kickoff_is_exact=True,
        status=Match.Status.FINISHED if goals else Match.Status.SCHEDULED,
        home_goals=goals[0] if goals else None,
        away_goals=goals[1] if goals else None,
    )


def predicted(match: Match, version: ModelVersion, **fields: object) -> Prediction:
    return PredictionFactory.create(
        match=match,
        model_version=version,
        drivers=[["Home advantage", 0.3], ["Attack of the away side", -0.2]],
        **fields,
    )


def settled(prediction: Prediction, outcome: str = "home", **fields: object) -> Settlement:
    figures: dict[str, object] = {
        "log_loss": 0.7 if outcome == "home" else 1.3,
        "brier": 0.5,
        "rps": 0.2,
        "market_log_loss": 0.8,
        "baseline_log_loss": 1.0,
        "closing_line_value": 0.02,
        "flat_profit": Decimal("1.200"),
    }
    return Settlement.objects.create(
        prediction=prediction, outcome=outcome, correct=outcome == "home", **(figures | fields)
    )


def priced(match: Match, phase: str = "open") -> None:
    for outcome, price in (("H", "2.13"), ("D", "3.47"), ("A", "3.81")):
        for bookmaker in ("PS", "MAX"):
            OddsFactory.create(match=match, bookmaker=bookmaker, outcome=outcome, phase=phase, price=Decimal(price))


def outcome_of(match: Match) -> str:
    margin = (match.home_goals or 0) - (match.away_goals or 0)
    return "home" if margin > 0 else "away" if margin < 0 else "draw"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """A Wednesday at noon, so that today has kick-offs before and after."""
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def league(db: None) -> League:
    """Every fixture predicted and priced; all but the first result predicted, priced and settled."""
    version = ModelVersionFactory.create(role=ModelVersion.Role.CHAMPION)
    found = a_league("E0", "Premier", version=version)
    for match in [*found.played[1:], *found.coming]:
        prediction = predicted(match, version)
        priced(match)
        if match.is_finished:
            priced(match, Odds.Phase.CLOSING)
            settled(prediction, outcome_of(match))
    LedgerHead.objects.create(pk=1, sequence=Prediction.objects.count(), hash="c0ffee" + "0" * 58)
    return found


@pytest.fixture
def simulated(league: League) -> League:
    """A second, simulated league beside the first."""
    found = a_league("SIM", "Cloud", version=league.version, is_simulated=True)
    for match in found.coming:
        predicted(match, league.version)
    return found


@pytest.fixture
def adult(charlie: User, client: Client) -> Client:
    """A signed-in stranger who is 18 or older."""
    grant(charlie, Consent.Kind.ADULT)
    client.force_login(charlie)
    return client

"""A made-up league with a champion of points, and a game to come."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts import consents
from accounts.models import Consent, User
from matches.basketball.player_keys import fold
from matches.models import Match, Player, PlayerAlias
from mlmodels import registry
from predictions.basketball.box_scores import BoxScores
from tests.predictions.basketball.conftest import hoop_league  # noqa: F401 - a fixture
from tests.predictions.basketball.test_player_props import next_game, trained

NAMES = {1100: "Nikola Jokić", 1301: "Jaren Jackson Jr.", 1302: "Jalen Williams", 1401: "Jalen Williams"}


def api(user: User | None = None) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture(autouse=True)
def nothing_kept(db: None) -> None:
    """Rate limits and answers are kept in the cache."""
    cache.clear()


@pytest.fixture
def adult(alice: User) -> User:
    consents.grant(alice, Consent.Kind.ADULT)
    return alice


@pytest.fixture
def named_league(hoop_league: BoxScores) -> BoxScores:  # noqa: F811 - the fixture
    """The made-up league, some of whose players have the names of real ones."""
    for pk, name in NAMES.items():
        Player.objects.filter(pk=pk).update(name=name)
    PlayerAlias.objects.bulk_create(
        PlayerAlias(player=player, alias=player.name, key=fold(player.name)) for player in Player.objects.all()
    )
    return hoop_league


@pytest.fixture
def game(named_league: BoxScores, storage: Path) -> Iterator[Match]:
    """A game to come, five hours before its tip-off, and a champion of points."""
    trained()
    registry.forget_champion("player-props-points")
    match = next_game()
    with time_machine.travel(match.kickoff - timedelta(hours=5), tick=False):
        yield match


def somebody(match: Match) -> Player:
    """A player of the home team."""
    return Player.objects.filter(team=match.home).exclude(pk__in=NAMES).earliest("pk")


def question(match: Match, **told: Any) -> dict[str, Any]:
    return {"player": somebody(match).name, "stat": "points", "line": 12.5, **told}

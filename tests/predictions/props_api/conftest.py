"""A made-up league with a champion of points, and a game to come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from accounts import consents
from accounts.models import Consent, User
from matches.basketball.player_keys import fold
from matches.models import Match, Player, PlayerAlias
from mlmodels import registry
from tests.predictions.basketball.conftest import write
from tests.predictions.basketball.leagues import league
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


def name_players() -> None:
    """Some of the made-up players get the names of real ones."""
    for pk, name in NAMES.items():
        Player.objects.filter(pk=pk).update(name=name)
    PlayerAlias.objects.bulk_create(
        PlayerAlias(player=player, alias=player.name, key=fold(player.name)) for player in Player.objects.all()
    )


@contextmanager
def put_back() -> Iterator[None]:
    """What is written inside is not there any more afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def trained_league(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A made-up league with a champion of points, made once for a module's tests; gives the artifacts' folder."""
    folder = tmp_path_factory.mktemp("props")
    world = put_back()
    with django_db_blocker.unblock():
        world.__enter__()
        write(league())
        name_players()
        with override_settings(ARTIFACT_DIR=folder, DATASET_DIR=folder):
            trained()
    yield folder
    with django_db_blocker.unblock():
        world.__exit__(None, None, None)


@pytest.fixture
def game(trained_league: Path, db: None, settings: Settings) -> Iterator[Match]:
    """A game to come, five hours before its tip-off."""
    settings.ARTIFACT_DIR = trained_league
    registry.forget_champion("player-props-points")
    match = next_game()
    with time_machine.travel(match.kickoff - timedelta(hours=5), tick=False):
        yield match


def somebody(match: Match) -> Player:
    """A player of the home team."""
    return Player.objects.filter(team=match.home).exclude(pk__in=NAMES).earliest("pk")


def question(match: Match, **told: Any) -> dict[str, Any]:
    return {"player": somebody(match).name, "stat": "points", "line": 12.5, **told}

"""The cast of every test: alice owns things, bob coaches her, charlie sees nothing of hers, staff runs the place."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from pytest_django import Settings

from accounts.models import User
from config.celery import app
from mlmodels import problem as problems
from mlmodels import registry
from predictions.basketball import table
from predictions.experimenting import fallback, running
from tests.factories import UserFactory
from tests.mlmodels.coin_toss import CoinToss
from training import caching
from training.recommending import catalogue, tastes
from training.rocket_league import benchmarks

REDIS_DATABASES = 16
"""As many as a Redis server has, if not told otherwise."""


def pytest_configure() -> None:
    """Hash passwords quickly (a slow hash is right for people and wasted on tests); send no task to a real worker.

    Nor draw simulated matches, unless a test asks for it.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIMULATED_SCENES = 0
    if app.conf.broker_url.startswith("filesystem:"):
        app.conf.update(broker_url="memory://", broker_transport_options={})
    have_a_cache_of_our_own(settings.CACHES["default"])


def have_a_cache_of_our_own(used: dict[str, Any]) -> None:
    """Tests clear the cache: of processes side by side each has a Redis database, so that none clears another's."""
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    location = re.fullmatch(r"(rediss?://.*/)(\d+)", str(used.get("LOCATION", "")))
    if worker and location:
        first = int(location[2])
        used["LOCATION"] = f"{location[1]}{first + int(worker[1]) % (REDIS_DATABASES - first)}"


@receiver(connection_created)
def let_tests_empty_the_ledger(connection: BaseDatabaseWrapper, **_: object) -> None:
    """After a test that commits, Django empties all tables, which the ledger on PostgreSQL else refuses."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET touchline.ledger_may_be_emptied = 'on'")


@pytest.fixture(autouse=True)
def no_experiment_of_another_test() -> None:
    """What a process holds in memory of experiments outlives a test's rows."""
    running.forget()
    fallback.forget()


@pytest.fixture(autouse=True)
def no_box_scores_of_another_test() -> None:
    """Two tests at one frozen time may have as many games, but not the same ones."""
    table.forget()


@pytest.fixture(autouse=True)
def no_benchmark_of_another_test() -> None:
    """Two tests may have as many ranked games, but not the same ones."""
    benchmarks.forget()


@pytest.fixture(autouse=True)
def no_count_of_another_test() -> None:
    """A process tells how many answers it gave a second late."""
    caching.forget_counts()


@pytest.fixture(autouse=True)
def no_catalogue_of_another_test() -> None:
    """Packs and drills, and what was learned of them, are kept in the process longer than a test lasts."""
    catalogue.forget()
    tastes.forget()


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory.create(email="bob@example.org")


@pytest.fixture
def charlie(db: None) -> User:
    return UserFactory.create(email="charlie@example.org")


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory.create(email="staff@example.org", is_staff=True, is_superuser=True)


@pytest.fixture(scope="session")
def real_football() -> Path:
    """The folder of real football data beside the project; the test is skipped where it is missing."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "football"
    if not folder.is_dir():
        pytest.skip(f"no real football data at {folder}")
    return folder


@pytest.fixture(scope="session")
def real_basketball() -> Path:
    """The folder of real basketball data beside the project; the test is skipped where it is missing."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "basketball"
    if not folder.is_dir():
        pytest.skip(f"no real basketball data at {folder}")
    return folder


@pytest.fixture(scope="session")
def real_ranked_games() -> Path:
    """The table of real ranked player-matches beside the project; the test is skipped where it is missing."""
    name = "ballchasing_ranked_standard_rows_by_rank.csv"
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / "rocket-league" / "stats" / name
    if not path.is_file():
        pytest.skip(f"no real ranked games at {path}")
    return path


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> Path:
    """Data sets and artifacts of this test only, and no version loaded from another."""
    settings.DATASET_DIR = tmp_path / "datasets"
    settings.ARTIFACT_DIR = tmp_path / "artifacts"
    settings.BACKTEST_DIR = tmp_path / "backtests"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EVALUATION_LOG_DIR = tmp_path / "evaluation-log"
    registry._loaded.clear()
    registry._champions.clear()
    return tmp_path


@pytest.fixture
def coin_toss(monkeypatch: pytest.MonkeyPatch, storage: Path) -> CoinToss:
    """A problem that knows no sport, registered for one test."""
    problem = CoinToss()
    monkeypatch.setitem(problems._problems, problem.slug, problem)
    return problem

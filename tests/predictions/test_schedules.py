import importlib
from types import ModuleType

import pytest
from django.apps import apps
from django_celery_beat.models import PeriodicTask

from config.celery import app

SEEDS = [
    importlib.import_module(name)
    for name in (
        "predictions.migrations.0003_seed_schedules",
        "predictions.migrations.0004_seed_simulated_play",
        "predictions.migrations.0011_seed_watching",
        "matches.migrations.0004_news",
        "matches.migrations.0005_seed_nba_ingest",
        "matches.migrations.0007_seed_replay_schedules",
        "matches.migrations.0008_ballchasing",
        "training.migrations.0002_seed_practice",
    )
]
pytestmark = pytest.mark.django_db


def test_every_schedule_names_a_task_that_exists_and_expires() -> None:
    app.loader.import_default_modules()
    scheduled = PeriodicTask.objects.exclude(task__startswith="celery.")
    assert scheduled.count() == sum(len(seed.SCHEDULES) for seed in SEEDS)
    for task in scheduled:
        assert task.task in app.tasks, task.task
        assert task.expire_seconds


@pytest.mark.parametrize("migration", SEEDS)
def test_seeding_again_keeps_what_staff_edited(migration: ModuleType) -> None:
    edited = PeriodicTask.objects.filter(name=migration.SCHEDULES[-1][0])
    edited.update(enabled=False, expire_seconds=7)
    migration.seed(apps, None)
    kept = edited.get()
    assert (kept.enabled, kept.expire_seconds) == (False, 7)
    assert PeriodicTask.objects.count() == PeriodicTask.objects.values("name").distinct().count()


def test_simulated_matches_are_played_before_the_next_prediction_is_due() -> None:
    play = PeriodicTask.objects.get(task="matches.tasks.play_simulated")
    assert (play.crontab.minute, play.crontab.hour) == ("*/5", "*")
    assert play.expire_seconds < 5 * 60

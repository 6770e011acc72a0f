import importlib

import pytest
from django.apps import apps
from django_celery_beat.models import PeriodicTask

from config.celery import app

seed_migration = importlib.import_module("predictions.migrations.0003_seed_schedules")
pytestmark = pytest.mark.django_db


def test_every_schedule_names_a_task_that_exists_and_expires() -> None:
    app.loader.import_default_modules()
    scheduled = PeriodicTask.objects.exclude(task__startswith="celery.")
    assert scheduled.count() == len(seed_migration.SCHEDULES)
    for task in scheduled:
        assert task.task in app.tasks, task.task
        assert task.expire_seconds


def test_seeding_again_keeps_what_staff_edited() -> None:
    PeriodicTask.objects.filter(name="Settle what was decided").update(enabled=False, expire_seconds=7)
    seed_migration.seed(apps, None)
    kept = PeriodicTask.objects.get(name="Settle what was decided")
    assert (kept.enabled, kept.expire_seconds) == (False, 7)
    assert PeriodicTask.objects.count() == PeriodicTask.objects.values("name").distinct().count()

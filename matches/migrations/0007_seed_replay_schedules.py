"""The schedules that keep replays going. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations

SCHEDULES = [
    # name, task, crontab, seconds after which an unstarted task is stale
    ("Queue replays of lost workers again", "matches.tasks.reap_replays", {"minute": "*", "hour": "*"}, 55),
    ("Remove replays that nobody has", "matches.tasks.sweep_replays", {"minute": "35", "hour": "4"}, 6 * 3600),
]


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, when, expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", **when)
        tasks.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": expires})


class Migration(migrations.Migration):
    dependencies = [
        ("matches", "0006_arena"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

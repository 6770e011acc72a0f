"""The schedule by which simulated leagues go on. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations

SCHEDULES = [
    # name, task, crontab, seconds after which an unstarted task is stale
    ("Play simulated matches", "matches.tasks.play_simulated", {"minute": "*/5", "hour": "*"}, 280),
]


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, when, expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", **when)
        tasks.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": expires})


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0003_seed_schedules"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

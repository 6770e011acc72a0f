"""The schedule of the NBA's daily round. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations

SIX_HOURS = 6 * 3600
SCHEDULES = [("Ingest yesterday's NBA games", "matches.tasks.ingest_nba", ("0", "6"), SIX_HOURS)]
"""Name, task, minute and hour in New York, and seconds after which a message of it means nothing."""


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, (minute, hour), expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="America/New_York", minute=minute, hour=hour)
        told = {
            "task": task,
            "crontab": crontab,
            "expire_seconds": expires,
            "description": "Does nothing unless NBA_STATS_ENABLED is on.",
        }
        tasks.get_or_create(name=name, defaults=told)


class Migration(migrations.Migration):
    dependencies = [
        ("matches", "0004_news"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

"""The schedule of the NBA's daily round. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations

NAME = "Ingest yesterday's NBA games"
SIX_HOURS = 6 * 3600


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    crontab, _ = crontabs.get_or_create(timezone="America/New_York", minute="0", hour="6")
    told = {
        "task": "matches.tasks.ingest_nba",
        "crontab": crontab,
        "expire_seconds": SIX_HOURS,
        "description": "Does nothing unless NBA_STATS_ENABLED is on.",
    }
    tasks.get_or_create(name=NAME, defaults=told)


class Migration(migrations.Migration):
    dependencies = [
        ("matches", "0004_news"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

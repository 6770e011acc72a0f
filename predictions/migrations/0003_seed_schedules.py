"""The schedules as first installed. They are created once: what staff edit afterwards stays as edited."""

from django.db import migrations

MINUTELY = {"minute": "*", "hour": "*"}
SCHEDULES = [
    # name, task, crontab, seconds after which an unstarted task is stale
    ("Ingest results and fixtures", "matches.tasks.ingest", {"minute": "0", "hour": "6"}, 6 * 3600),
    ("Predict upcoming fixtures", "predictions.tasks.predict_upcoming", {"minute": "20", "hour": "*"}, 3000),
    ("Settle what was decided", "predictions.tasks.settle_due", {"minute": "40", "hour": "*"}, 3000),
    ("Retrain champions", "mlmodels.tasks.retrain_champions", {"minute": "30", "hour": "4", "day_of_week": "2"}, 6 * 3600),
    ("Reap dead training runs", "mlmodels.tasks.reap_runs", MINUTELY, 50),
]


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, when, expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", **when)
        tasks.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": expires})


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0002_protect_ledger"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

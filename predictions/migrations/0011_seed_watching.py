"""The schedules of watching. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations

MINUTELY = {"minute": "*", "hour": "*"}
SCHEDULES = [
    # name, task, crontab, seconds after which an unstarted task is stale
    ("Send messages about alerts", "predictions.tasks.send_due_deliveries", MINUTELY, 50),
    ("Reap dead backtests", "predictions.tasks.reap_backtests", MINUTELY, 50),
    ("Stop experiments that are over", "predictions.tasks.stop_experiments", {"minute": "*/10", "hour": "*"}, 550),
    ("Write the evaluation log", "predictions.tasks.write_log", {"minute": "50", "hour": "*"}, 3000),
    ("Compare the evaluation log with the ledger", "predictions.tasks.check_log", {"minute": "10", "hour": "5"}, 6 * 3600),
    ("Verify the ledger", "predictions.tasks.verify_ledger", {"minute": "20", "hour": "3"}, 6 * 3600),
    ("Watch champions", "predictions.tasks.monitor", {"minute": "0", "hour": "7"}, 6 * 3600),
    ("Decide about challengers", "predictions.tasks.decide_challengers", {"minute": "30", "hour": "7"}, 6 * 3600),
    ("Reinforce champions", "predictions.tasks.reinforce_champions", {"minute": "45", "hour": "7"}, 6 * 3600),
]


def seed(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, when, expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", **when)
        tasks.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": expires})


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0010_challengers"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

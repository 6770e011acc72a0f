"""Packs and drills to begin with, and the schedule on which tastes are learned.

Created once: what staff edit afterwards stays as edited.
"""

from django.db import migrations

from training.seeds import reading

SCHEDULES = [
    ("Learn what players like to practise", "training.tasks.learn_tastes", ("20", "*"), 3600),
    ("Measure what practice brings", "training.tasks.measure_effects", ("40", "4"), 24 * 3600),
]
"""Name, task, minute and hour, and seconds after which a message of it means nothing."""


def seed(apps, schema_editor):
    packs = apps.get_model("training", "TrainingPack").objects
    drills = apps.get_model("training", "Drill").objects
    for pack in reading.packs():
        packs.get_or_create(code=pack["code"], defaults=pack)
    for drill in reading.drills():
        drills.get_or_create(slug=drill["slug"], defaults=drill)


def schedule(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, (minute, hour), expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", minute=minute, hour=hour)
        told = {
            "task": task,
            "crontab": crontab,
            "expire_seconds": expires,
            "description": "Recommendations work without it, from what each player alone did and said.",
        }
        tasks.get_or_create(name=name, defaults=told)


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(schedule, migrations.RunPython.noop),
    ]

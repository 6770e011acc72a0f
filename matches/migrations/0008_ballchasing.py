"""What is under way with ballchasing.com, its allowance of calls, and the schedule of its daily round."""

import django.db.models.deletion
from django.db import migrations, models

SCHEDULES = [
    # name, task, minute and hour (UTC), seconds after which an unstarted task is stale
    ("Fetch replays from ballchasing.com", "matches.tasks.sync_all_ballchasing", ("20", "3"), 6 * 3600),
]


def seed(apps, schema_editor):
    """Created once: what staff edit afterwards stays as edited."""
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, task, (minute, hour), expires in SCHEDULES:
        crontab, _ = crontabs.get_or_create(timezone="UTC", minute=minute, hour=hour)
        tasks.get_or_create(name=name, defaults={"task": task, "crontab": crontab, "expire_seconds": expires})


class Migration(migrations.Migration):

    dependencies = [
        ('matches', '0007_seed_replay_schedules'),
        ('django_celery_beat', '0019_alter_periodictasks_options'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallAllowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caller', models.CharField(help_text='A hash of the key that calls are made with.', max_length=64, unique=True)),
                ('levels', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='BallchasingSync',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'Waiting to begin'), ('running', 'Fetching'), ('paused', 'Waiting to go on'), ('done', 'Done'), ('failed', 'Stopped')], default='queued', max_length=8)),
                ('attempt', models.PositiveIntegerField(default=0, help_text='Fences the writes of a worker that was replaced.')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('resume_at', models.DateTimeField(blank=True, help_text='When it goes on by itself.', null=True)),
                ('found', models.PositiveIntegerField(default=0, help_text='Replays in the lists so far.')),
                ('taken', models.PositiveIntegerField(default=0, help_text='New here.')),
                ('refused', models.PositiveIntegerField(default=0, help_text='Gone there, or no replay.')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sync', to='matches.ballchasingaccount')),
            ],
            options={
                'verbose_name': 'ballchasing sync',
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]

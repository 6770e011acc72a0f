"""Backtests."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('predictions', '0007_experiments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Backtest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('completed', 'Completed'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0, help_text='Per cent.')),
                ('phase', models.CharField(blank=True, max_length=40)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('error_message', models.TextField(blank=True)),
                ('logs', models.JSONField(blank=True, default=list, help_text='Lines of {at, level, message}.')),
                ('cancel_requested', models.BooleanField(default=False)),
                ('attempt', models.PositiveSmallIntegerField(default=0, help_text='Fences the writes of a worker that was replaced.')),
                ('worker', models.CharField(blank=True, max_length=100)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.SlugField(max_length=40)),
                ('algorithm', models.SlugField(max_length=40)),
                ('version', models.CharField(blank=True, help_text='Of the version whose recipe it is.', max_length=80)),
                ('hyper_parameters', models.JSONField(blank=True, default=dict)),
                ('feature_selection', models.JSONField(blank=True, db_default={}, default=dict, help_text='{method, keep} of the step before the algorithm, if any.')),
                ('selection', models.JSONField()),
                ('refit_days', models.PositiveSmallIntegerField(help_text='Days between two fits.')),
                ('strategies', models.JSONField(help_text='By name, with their parameters.')),
                ('bankroll', models.DecimalField(decimal_places=2, help_text='At the start, in units of any currency.', max_digits=12)),
                ('book', models.CharField(blank=True, help_text='Whose prices; empty: the best of all.', max_length=10)),
                ('seed', models.PositiveIntegerField(default=0)),
                ('request_hash', models.CharField(help_text='Of all that decides the result, but the data.', max_length=64)),
                ('fingerprint', models.CharField(blank=True, help_text='Of the data: equal means nothing changed.', max_length=128)),
                ('code_version', models.CharField(blank=True, max_length=60)),
                ('match_count', models.PositiveIntegerField(default=0, help_text='Rows chosen.')),
                ('figures', models.JSONField(blank=True, default=dict)),
                ('bets_path', models.CharField(blank=True, help_text='File, relative to BACKTEST_DIR.', max_length=120)),
                ('bets_sha256', models.CharField(blank=True, max_length=64)),
                ('bets_count', models.PositiveIntegerField(default=0)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created_at',),
                'indexes': [models.Index(fields=['status', 'heartbeat_at'], name='backtest_status_heartbeat'), models.Index(fields=['request_hash', 'status'], name='backtest_request'), models.Index(fields=['-created_at'], name='backtest_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('queued', 'running'))), fields=('request_hash',), name='backtest_one_in_flight'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='backtest_progress_at_most_100'), models.CheckConstraint(condition=models.Q(('refit_days__gte', 1)), name='backtest_refits'), models.CheckConstraint(condition=models.Q(('bankroll__gt', 0)), name='backtest_begins_with_money')],
            },
        ),
    ]

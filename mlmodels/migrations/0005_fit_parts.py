"""Parts of a fit that workers share, and what a run measured subject by subject."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mlmodels', '0004_reinforcement'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lines', models.JSONField(help_text='Figures by subject; {failure} where it could not be fitted.')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subject_report', to='mlmodels.trainingrun')),
            ],
        ),
        migrations.CreateModel(
            name='FitPart',
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
                ('rows', models.PositiveIntegerField(help_text="So many of the data set's first rows are learned from.")),
                ('number', models.PositiveIntegerField(help_text='Its place among the parts of the fit, from 0.')),
                ('key', models.CharField(help_text='SHA-256 of all that the result depends on.', max_length=64)),
                ('subjects', models.JSONField(help_text='What is fitted, by name.')),
                ('hyper_parameters', models.JSONField(blank=True, default=dict, help_text="Found by tuning, beside the run's own.")),
                ('result_path', models.CharField(blank=True, help_text='Relative to ARTIFACT_DIR.', max_length=200)),
                ('result_seal', models.CharField(blank=True, help_text="HMAC-SHA256 of the result's bytes.", max_length=64)),
                ('report', models.JSONField(blank=True, default=dict, help_text='{fitted, failures, seconds}.')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='mlmodels.dataset')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='mlmodels.trainingrun')),
            ],
            options={
                'ordering': ('run', 'rows', 'number'),
                'indexes': [models.Index(fields=['status', 'heartbeat_at'], name='part_status_heartbeat')],
                'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='part_once_a_run'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='part_progress_at_most_100')],
            },
        ),
    ]

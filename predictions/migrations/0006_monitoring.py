"""Monitor reports, drift, data quality and the policy of retraining."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("predictions", "0005_alerts"), ('mlmodels', '0001_initial')]
    operations = [
        migrations.CreateModel(
            name='QualityReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40)),
                ('day', models.DateField()),
                ('is_stale', models.BooleanField(default=False)),
                ('last_news_at', models.DateTimeField(blank=True, null=True)),
                ('overdue', models.PositiveIntegerField(default=0, help_text='Events that are over and have no result yet.')),
                ('batches', models.PositiveIntegerField(default=0, help_text='Imports of the last seven days.')),
                ('failed_batches', models.PositiveIntegerField(default=0)),
                ('missing', models.JSONField(blank=True, default=dict, help_text='Features missing too often: shares.')),
                ('outliers', models.JSONField(blank=True, default=dict, help_text='Features out of 3σ too often: shares.')),
                ('warnings', models.JSONField(blank=True, default=list, help_text='What is wrong, in sentences.')),
                ('rows', models.PositiveIntegerField(default=0, help_text='Predictions whose features were looked at.')),
                ('computed_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('-day', 'problem'),
                'constraints': [models.UniqueConstraint(fields=('problem', 'day'), name='quality_report_once_a_day'), models.CheckConstraint(condition=models.Q(('failed_batches__lte', models.F('batches'))), name='quality_failed_are_among_batches')],
            },
        ),
        migrations.CreateModel(
            name='DriftEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40)),
                ('day', models.DateField()),
                ('window_from', models.DateTimeField()),
                ('window_to', models.DateTimeField()),
                ('rows', models.PositiveIntegerField(help_text='Events in the window.')),
                ('trained_rows', models.PositiveIntegerField()),
                ('features', models.JSONField(help_text='Each feature that drifted: statistic, p, q, psi, shift, means.')),
                ('sentence', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('run', models.ForeignKey(blank=True, help_text='What was asked for.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mlmodels.trainingrun')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drift_events', to='mlmodels.modelversion')),
            ],
            options={
                'ordering': ('-day', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('version', 'day'), name='drift_event_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='MonitorReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40)),
                ('day', models.DateField(help_text='Of the events, UTC.')),
                ('window_from', models.DateField(help_text='First day of the rolling window, which ends with the day.')),
                ('predicted', models.PositiveIntegerField(default=0, help_text='Predictions shown that were made on the day.')),
                ('settled', models.PositiveIntegerField(default=0, help_text='Events of the day with a result.')),
                ('accuracy', models.FloatField(blank=True, null=True)),
                ('log_loss', models.FloatField(blank=True, help_text='Nats.', null=True)),
                ('brier', models.FloatField(blank=True, null=True)),
                ('rps', models.FloatField(blank=True, null=True)),
                ('ece', models.FloatField(blank=True, help_text='Expected calibration error, ten bins.', null=True)),
                ('bets', models.PositiveIntegerField(default=0)),
                ('roi', models.FloatField(blank=True, help_text='Profit of flat stakes over what was staked.', null=True)),
                ('window_settled', models.PositiveIntegerField(default=0)),
                ('window_accuracy', models.FloatField(blank=True, null=True)),
                ('window_log_loss', models.FloatField(blank=True, null=True)),
                ('window_brier', models.FloatField(blank=True, null=True)),
                ('window_rps', models.FloatField(blank=True, null=True)),
                ('window_ece', models.FloatField(blank=True, null=True)),
                ('window_bets', models.PositiveIntegerField(default=0)),
                ('window_roi', models.FloatField(blank=True, null=True)),
                ('test', models.JSONField(blank=True, default=dict, help_text="The version's figures on its test rows.")),
                ('expected', models.JSONField(blank=True, default=dict, help_text='Of events whose results are not in yet.')),
                ('evidence', models.JSONField(blank=True, default=dict, help_text='Intervals, decay, drift, calibration.')),
                ('computed_at', models.DateTimeField(auto_now=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='monitor_reports', to='mlmodels.modelversion')),
            ],
            options={
                'ordering': ('-day', 'problem', 'version'),
                'indexes': [models.Index(fields=['problem', '-day'], name='monitor_problem_day')],
                'constraints': [models.UniqueConstraint(fields=('version', 'day'), name='monitor_report_once_a_day'), models.CheckConstraint(condition=models.Q(('window_from__lte', models.F('day'))), name='monitor_window_ends_with_day')],
            },
        ),
        migrations.CreateModel(
            name='RetrainingPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40, unique=True)),
                ('enabled', models.BooleanField(default=True, verbose_name='retrain automatically')),
                ('on_schedule', models.BooleanField(default=True, verbose_name='by the weekly schedule')),
                ('on_decay', models.BooleanField(default=True, verbose_name='when the champion has become worse')),
                ('on_drift', models.BooleanField(default=False, help_text='Drift is a diagnosis: often nothing has become worse.', verbose_name='when its inputs have drifted')),
                ('cool_down_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='days between two retrainings for decay or drift')),
                ('yields', models.CharField(choices=[('experimental', 'An experimental version, for staff to look at'), ('challenger', 'A challenger, which predicts beside the champion')], default='challenger', help_text='Never a champion.', max_length=12, verbose_name='what a retraining for decay or drift gives')),
                ('last_asked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('last_cause', models.CharField(blank=True, choices=[('decay', 'Decay'), ('drift', 'Drift')], editable=False, max_length=10)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('last_run', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mlmodels.trainingrun')),
            ],
            options={
                'verbose_name_plural': 'retraining policies',
                'ordering': ('problem',),
                'constraints': [models.CheckConstraint(condition=models.Q(('cool_down_days__gte', 1), ('cool_down_days__lte', 365)), name='retraining_cool_down_is_1_to_365_days'), models.CheckConstraint(condition=models.Q(('yields__in', ('experimental', 'challenger'))), name='retraining_never_yields_a_champion')],
            },
        ),
    ]

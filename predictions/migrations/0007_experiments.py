"""A/B experiments, and when confident mistakes make a model be trained again."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import predictions.models.experiments


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0006_monitoring"),
        ("mlmodels", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='Experiment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('unit', models.CharField(choices=[('user', 'Each person has an arm'), ('event', 'Each event has an arm')], max_length=5)),
                ('salt', models.CharField(default=predictions.models.experiments.new_salt, editable=False, max_length=32)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('running', 'Running'), ('stopped', 'Stopped')], default='draft', max_length=7)),
                ('starts_at', models.DateTimeField(blank=True, help_text='Empty: as soon as it is started.', null=True)),
                ('ends_at', models.DateTimeField(blank=True, help_text='Empty: when it is stopped.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('stop_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ExperimentArm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='Arms are laid along 0..1 in this order.')),
                ('name', models.SlugField(max_length=30)),
                ('share', models.DecimalField(decimal_places=4, help_text='Of the units, in (0, 1].', max_digits=5)),
                ('is_control', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('experiment', 'position'),
            },
        ),
        migrations.CreateModel(
            name='ReinforcementPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40, unique=True)),
                ('is_enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('confidence', models.FloatField(default=0.7, help_text='A wrong prediction counts from this probability, 0 to 1.')),
                ('days', models.PositiveSmallIntegerField(default=7, help_text='How far back events are looked at.')),
                ('minimum', models.PositiveSmallIntegerField(default=10, help_text='Fewest such mistakes that make a run.')),
                ('method', models.CharField(choices=[('weights', 'Train again with the mistakes weighing more'), ('boosting', 'Add slower boosting rounds in which the mistakes weigh more')], default='weights', max_length=8)),
                ('weight', models.FloatField(default=3.0, help_text='What each mistake weighs, where other examples weigh 1.')),
                ('cool_down_days', models.PositiveSmallIntegerField(default=7, help_text='At most one run in so many days.')),
                ('last_run_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name_plural': 'reinforcement policies',
                'ordering': ('problem',),
            },
        ),
        migrations.AddIndex(
            model_name='prediction',
            index=models.Index(condition=models.Q(('experiment_arm', ''), _negated=True), fields=['experiment_arm', 'event_at'], name='prediction_experiment_arm'),
        ),
        migrations.AddField(
            model_name='experiment',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='experimentarm',
            name='experiment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arms', to='predictions.experiment'),
        ),
        migrations.AddField(
            model_name='experimentarm',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='experiment_arms', to='mlmodels.modelversion'),
        ),
        migrations.AddConstraint(
            model_name='reinforcementpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__gt', 0), ('confidence__lt', 1)), name='reinforcement_confidence_in_0_1', violation_error_message="Confidence is a probability between 0 and 1, such as 0.7."),
        ),
        migrations.AddConstraint(
            model_name='reinforcementpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 365)), name='reinforcement_days_1_365', violation_error_message="Look back 1 to 365 days."),
        ),
        migrations.AddConstraint(
            model_name='reinforcementpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('minimum__gte', 1)), name='reinforcement_minimum_from_1', violation_error_message="A run takes at least one mistake."),
        ),
        migrations.AddConstraint(
            model_name='reinforcementpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 1), ('weight__lte', 100)), name='reinforcement_weight_1_100', violation_error_message="A mistake weighs more than 1 and at most 100."),
        ),
        migrations.AddConstraint(
            model_name='reinforcementpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('cool_down_days__gte', 1), ('cool_down_days__lte', 365)), name='reinforcement_cool_down_1_365', violation_error_message="The cool-down is 1 to 365 days."),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('problem',), name='experiment_one_running_per_problem'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.UniqueConstraint(fields=('salt',), name='experiment_salt_of_its_own'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('starts_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='experiment_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'draft'), ('starts_at__isnull', False), _connector='OR'), name='experiment_begun_has_a_start'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'stopped'), ('stopped_at__isnull', False)), models.Q(models.Q(('status', 'stopped'), _negated=True), ('stopped_at__isnull', True)), _connector='OR'), name='experiment_stopped_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ('user', 'event'))), name='experiment_unit_known'),
        ),
        migrations.AddConstraint(
            model_name='experimentarm',
            constraint=models.CheckConstraint(condition=models.Q(('share__gt', Decimal('0')), ('share__lte', Decimal('1'))), name='arm_share_in_0_1'),
        ),
        migrations.AddConstraint(
            model_name='experimentarm',
            constraint=models.UniqueConstraint(fields=('experiment', 'position'), name='arm_unique_position'),
        ),
        migrations.AddConstraint(
            model_name='experimentarm',
            constraint=models.UniqueConstraint(fields=('experiment', 'name'), name='arm_unique_name'),
        ),
        migrations.AddConstraint(
            model_name='experimentarm',
            constraint=models.UniqueConstraint(fields=('experiment', 'version'), name='arm_unique_version'),
        ),
        migrations.AddConstraint(
            model_name='experimentarm',
            constraint=models.UniqueConstraint(condition=models.Q(('is_control', True)), fields=('experiment',), name='arm_one_control_per_experiment'),
        ),
    ]

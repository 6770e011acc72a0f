"""Tuning studies, and what runs and versions know of tuning and of the choice of features."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0002_promotion_policy")]
    operations = [
        migrations.AddField(
            model_name='modelversion',
            name='chosen_features',
            field=models.JSONField(blank=True, db_default=[], default=list, help_text='Columns that the step before the algorithm kept.'),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='feature_selection',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='{method, keep} of the step before the algorithm, if any.'),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='tuning',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='The search that found the hyper-parameters, if there was one.'),
        ),
        migrations.AddField(
            model_name='trainingrun',
            name='feature_selection',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='{method, keep}: the step before the algorithm; empty: none.'),
        ),
        migrations.AddField(
            model_name='trainingrun',
            name='tuning',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='{trials, seconds}: how long to search; empty: no search.'),
        ),
        migrations.CreateModel(
            name='TuningStudy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(help_text='SHA-256 of all that the answer depends on.', max_length=64, unique=True)),
                ('problem', models.SlugField(max_length=40)),
                ('algorithm', models.SlugField(max_length=40)),
                ('metric', models.SlugField(help_text='What is optimised, on the validation rows.', max_length=40)),
                ('lower_is_better', models.BooleanField()),
                ('space', models.JSONField(help_text='What may be varied.')),
                ('fixed', models.JSONField(blank=True, default=dict, help_text='Hyper-parameters that were given.')),
                ('feature_selection', models.JSONField(blank=True, default=dict)),
                ('split', models.JSONField(help_text='First days of the validation rows and of the test rows, which are not looked at.')),
                ('seed', models.PositiveIntegerField(default=0)),
                ('code_version', models.CharField(blank=True, max_length=60)),
                ('best_value', models.FloatField(blank=True, null=True)),
                ('best_parameters', models.JSONField(blank=True, default=dict)),
                ('importances', models.JSONField(blank=True, default=dict, help_text='Share of each hyper-parameter in how good trials were (PED-ANOVA).')),
                ('length', models.PositiveIntegerField(default=0, help_text='Entries of the journal.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('dataset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='studies', to='mlmodels.dataset')),
            ],
            options={
                'verbose_name_plural': 'tuning studies',
                'ordering': ('-created_at',),
            },
        ),
        migrations.AddField(
            model_name='trainingrun',
            name='study',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='mlmodels.tuningstudy'),
        ),
        migrations.CreateModel(
            name='TuningLogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('entry', models.JSONField()),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='mlmodels.tuningstudy')),
            ],
            options={
                'verbose_name_plural': 'tuning log entries',
                'ordering': ('study', 'number'),
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='tuning_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='TuningTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('running', 'Running'), ('complete', 'Complete'), ('pruned', 'Broken off'), ('failed', 'Failed')], default='running', max_length=8)),
                ('parameters', models.JSONField(default=dict)),
                ('value', models.FloatField(blank=True, help_text='The metric on the validation rows; on those it came to, where broken off.', null=True)),
                ('blocks', models.PositiveIntegerField(default=0, help_text='Stretches of the validation rows it predicted.')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='mlmodels.tuningstudy')),
            ],
            options={
                'ordering': ('study', 'number'),
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='tuning_trial_once')],
            },
        ),
    ]

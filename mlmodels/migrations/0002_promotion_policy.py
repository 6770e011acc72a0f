"""By which rule a challenger becomes champion."""

import django.core.validators
import django.db.models.deletion
import mlmodels.models.policies
from django.conf import settings
from django.db import migrations, models


def challenges(apps, schema_editor):
    """To make a version challenger was called a proposal; proposals are now what staff approve."""
    promotions = apps.get_model("mlmodels", "Promotion").objects
    promotions.filter(decision="propose").exclude(from_role=models.F("to_role")).update(decision="challenge")


def proposals(apps, schema_editor):
    promotions = apps.get_model("mlmodels", "Promotion").objects
    promotions.filter(decision="challenge").update(decision="propose")


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AlterField(
            model_name='promotion',
            name='decision',
            field=models.CharField(choices=[('challenge', 'Made challenger'), ('keep-waiting', 'Keep waiting'), ('reject', 'Rejected'), ('propose', 'Proposed'), ('promote', 'Promoted'), ('roll-back', 'Rolled back'), ('archive', 'Archived')], max_length=12),
        ),
        migrations.CreateModel(
            name='PromotionPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.SlugField(max_length=40)),
                ('scope', models.CharField(default='global', max_length=60)),
                ('enabled', models.BooleanField(default=True, help_text='Whether challengers are decided about daily.')),
                ('minimum_pairs', models.PositiveIntegerField(default=100, help_text='Settled events that both have forecast, at least.', validators=[django.core.validators.MinValueValidator(1, 'At least one pair is needed to compare anything.'), django.core.validators.MaxValueValidator(1000000, 'At most 1,000,000 pairs.')])),
                ('minimum_days', models.PositiveIntegerField(default=7, help_text='Days between the first and the last of these events, at least.', validators=[django.core.validators.MinValueValidator(0, "Days can't be fewer than none."), django.core.validators.MaxValueValidator(3650, 'At most 3,650 days.')])),
                ('minimum_improvement', models.FloatField(default=0.03, help_text="By which share of the champion's loss the challenger's must be lower: 0.03 is 3 %.", validators=[mlmodels.models.policies.finite, django.core.validators.MinValueValidator(0.0, "An improvement can't be negative: 0.03 is 3 %%."), django.core.validators.MaxValueValidator(0.9, 'No challenger improves by more than 90 %%: 0.03 is 3 %%.')])),
                ('alpha', models.FloatField(default=0.05, help_text='How probable it may be that a challenger no better is ever promoted, all of them together.', validators=[mlmodels.models.policies.finite, mlmodels.models.policies.inside_zero_and_one])),
                ('require_approval', models.BooleanField(default=True, help_text='Propose to staff what has proved itself, instead of promoting it.')),
                ('loss', models.CharField(blank=True, choices=[('', "The problem's primary metric"), ('log_loss', 'Log loss'), ('brier', 'Brier score'), ('rps', 'Ranked probability score')], default='', help_text='What is compared, event by event.', max_length=10)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'promotion policies',
                'ordering': ('problem', 'scope'),
                'constraints': [models.UniqueConstraint(fields=('problem', 'scope'), name='policy_one_per_scope'), models.CheckConstraint(condition=models.Q(('minimum_pairs__gte', 1), ('minimum_pairs__lte', 1000000)), name='policy_pairs_possible'), models.CheckConstraint(condition=models.Q(('minimum_days__lte', 3650)), name='policy_days_possible'), models.CheckConstraint(condition=models.Q(('minimum_improvement__gte', 0), ('minimum_improvement__lte', 0.9)), name='policy_improvement_possible'), models.CheckConstraint(condition=models.Q(('alpha__gt', 0), ('alpha__lt', 1)), name='policy_alpha_possible'), models.CheckConstraint(condition=models.Q(('loss__in', ('', 'log_loss', 'brier', 'rps'))), name='policy_loss_known')],
            },
        ),
        migrations.RunPython(challenges, proposals, elidable=True),
    ]

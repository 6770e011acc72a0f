"""Alert rules, alerts, and how they are sent. The rules are created once: what staff edit stays as edited."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import predictions.models.alerts
import uuid
from django.conf import settings
from django.db import migrations, models


RULES = [
    {
        "name": "Accuracy below 60 %",
        "description": "Out of reach where an event has three outcomes: the best football forecasts call some 50 to 55 % "
        "right. Switch it on for problems with two.",
        "metric": "accuracy",
        "comparison": "below",
        "threshold": 0.60,
        "days": 1,
        "minimum_events": 100,
        "severity": "warning",
        "enabled": False,
    },
    {
        "name": "Calibration error above 0.20",
        "description": "Probabilities are far from how often things happen. Asked only of 100 events and more: with fewer, "
        "chance alone makes the calibration error large.",
        "metric": "ece",
        "comparison": "above",
        "threshold": 0.20,
        "days": 1,
        "minimum_events": 100,
        "severity": "warning",
        "enabled": True,
    },
    {
        "name": "Flat stakes lose on 7 days running",
        "description": "The value bets of the flat-stake rule returned less than they cost, day after day.",
        "metric": "roi",
        "comparison": "below",
        "threshold": 0.0,
        "days": 7,
        "minimum_events": 1,
        "severity": "warning",
        "enabled": True,
    },
]


def seed(apps, schema_editor):
    rules = apps.get_model("predictions", "AlertRule").objects
    for rule in RULES:
        defaults = {field: value for field, value in rule.items() if field != "name"}
        rules.get_or_create(name=rule["name"], defaults=defaults)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("predictions", "0004_seed_simulated_play"),
    ]
    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('decay', 'Decay'), ('drift', 'Drift'), ('rule', 'Rule'), ('staleness', 'Stale data'), ('missing', 'Missing values'), ('source-failure', 'Failing source'), ('outliers', 'Outliers'), ('artifact', 'Model file'), ('challenger', 'Challenger'), ('experiment', 'Experiment'), ('retraining', 'Retraining'), ('ledger', 'Ledger'), ('log', 'Log'), ('delivery', 'Delivery')], max_length=20)),
                ('key', models.CharField(help_text='What it is about: a version, a source, a rule.', max_length=200)),
                ('title', models.CharField(max_length=200)),
                ('message', models.TextField(blank=True)),
                ('severity', models.CharField(choices=[('info', 'Info'), ('warning', 'Warning'), ('critical', 'Critical')], max_length=8)),
                ('problem', models.SlugField(blank=True, max_length=40)),
                ('evidence', models.JSONField(blank=True, default=dict)),
                ('status', models.CharField(choices=[('open', 'Open'), ('acknowledged', 'Acknowledged'), ('resolved', 'Resolved')], default='open', max_length=12)),
                ('count', models.PositiveIntegerField(default=1, help_text='How often it was raised since it opened.')),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.CharField(blank=True, max_length=500)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-last_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AlertChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('webhook', 'Webhook'), ('email', 'E-mail')], max_length=7)),
                ('url', models.CharField(blank=True, help_text='Of a webhook: https://…', max_length=500, verbose_name='URL')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('secret', models.CharField(blank=True, editable=False, help_text='Encrypted.', max_length=500)),
                ('previous_secret', models.CharField(blank=True, editable=False, help_text='Encrypted.', max_length=500)),
                ('previous_secret_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('minimum_severity', models.CharField(choices=[('info', 'Info'), ('warning', 'Warning'), ('critical', 'Critical')], default='warning', max_length=8)),
                ('kinds', models.JSONField(blank=True, default=list, help_text='Kinds of alerts that are sent; empty: all.')),
                ('enabled', models.BooleanField(default=True)),
                ('note', models.CharField(blank=True, editable=False, help_text='Why it was switched off.', max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('kind', 'webhook'), models.Q(('url', ''), _negated=True), models.Q(('secret', ''), _negated=True)), models.Q(('kind', 'email'), ('secret', ''), ('url', ''), models.Q(('email', ''), _negated=True)), _connector='OR'), name='alert_channel_has_where_to')],
            },
        ),
        migrations.CreateModel(
            name='AlertDelivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('alert_kind', models.CharField(blank=True, choices=[('decay', 'Decay'), ('drift', 'Drift'), ('rule', 'Rule'), ('staleness', 'Stale data'), ('missing', 'Missing values'), ('source-failure', 'Failing source'), ('outliers', 'Outliers'), ('artifact', 'Model file'), ('challenger', 'Challenger'), ('experiment', 'Experiment'), ('retraining', 'Retraining'), ('ledger', 'Ledger'), ('log', 'Log'), ('delivery', 'Delivery')], help_text='Empty: a test.', max_length=20)),
                ('severity', models.CharField(choices=[('info', 'Info'), ('warning', 'Warning'), ('critical', 'Critical')], default='info', max_length=8)),
                ('gathering_since', models.DateTimeField(blank=True, help_text='Of a digest.', null=True)),
                ('gathered', models.PositiveIntegerField(default=1, help_text='How many times alerts were raised for this message.')),
                ('quiet_until', models.DateTimeField(blank=True, help_text='Until then, what else is raised gathers for a digest.', null=True)),
                ('subject', models.CharField(blank=True, max_length=255)),
                ('body', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('gathering', 'Gathering'), ('queued', 'Queued'), ('failed', 'Failed, will be tried again'), ('sent', 'Sent'), ('dead', 'Given up')], default='queued', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claim', models.UUIDField(blank=True, editable=False, help_text='Fences a worker that was replaced.', null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('response_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('response_start', models.CharField(blank=True, help_text='The first of what was answered.', max_length=500)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('alert', models.ForeignKey(blank=True, help_text='Empty: a digest.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='predictions.alert')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='predictions.alertchannel')),
            ],
            options={
                'verbose_name_plural': 'alert deliveries',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('problem', models.SlugField(blank=True, help_text='Left empty: every problem.', max_length=40, validators=[predictions.models.alerts.validate_problem])),
                ('metric', models.CharField(choices=[('accuracy', 'Accuracy (share of right calls, 0 to 1)'), ('log_loss', 'Log loss (nats)'), ('brier', 'Brier score (0 to 2)'), ('rps', 'Ranked probability score (0 to 1)'), ('ece', 'Calibration error (ECE of 10 bins, 0 to 1)'), ('roi', 'Return on flat stakes (profit over stakes)')], max_length=10)),
                ('comparison', models.CharField(choices=[('below', 'Below'), ('above', 'Above')], max_length=5)),
                ('threshold', models.FloatField(validators=[predictions.models.alerts.validate_finite])),
                ('days', models.PositiveSmallIntegerField(default=1, help_text='On how many days running, 1 to 90.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)])),
                ('minimum_events', models.PositiveIntegerField(default=1, help_text='With fewer settled predictions, a figure says nothing and the rule is silent.', validators=[django.core.validators.MinValueValidator(1)])),
                ('severity', models.CharField(choices=[('info', 'Info'), ('warning', 'Warning'), ('critical', 'Critical')], default='warning', max_length=8)),
                ('enabled', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 90)), name='alert_rule_days_1_to_90'), models.CheckConstraint(condition=models.Q(('minimum_events__gte', 1)), name='alert_rule_some_events')],
            },
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['status', '-last_at'], name='alert_status_last'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['kind', 'severity', 'last_at'], name='alert_kind_severity_last'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'resolved'), _negated=True), fields=('kind', 'key'), name='alert_one_unresolved_per_key'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='alert_counted_at_least_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('first_at'))), name='alert_last_after_first'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('status', 'open')), models.Q(('acknowledged_at__isnull', False), ('status', 'acknowledged')), ('status', 'resolved'), _connector='OR'), name='alert_acknowledged_with_time'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('status', 'resolved')), models.Q(models.Q(('status', 'resolved'), _negated=True), ('resolved_at', None)), _connector='OR'), name='alert_resolved_with_time'),
        ),
        migrations.AddIndex(
            model_name='alertdelivery',
            index=models.Index(fields=['status', 'next_attempt_at'], name='alert_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='alertdelivery',
            index=models.Index(fields=['channel', 'alert_kind', 'severity', 'quiet_until'], name='alert_delivery_quiet'),
        ),
        migrations.AddConstraint(
            model_name='alertdelivery',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'gathering')), fields=('channel', 'alert_kind', 'severity'), name='alert_delivery_one_gathering'),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]

"""Alerts may say that a backtest is too good to be true."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("predictions", "0012_refuse_truncate")]

    operations = [
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('decay', 'Decay'), ('drift', 'Drift'), ('rule', 'Rule'), ('staleness', 'Stale data'), ('missing', 'Missing values'), ('source-failure', 'Failing source'), ('outliers', 'Outliers'), ('artifact', 'Model file'), ('challenger', 'Challenger'), ('experiment', 'Experiment'), ('retraining', 'Retraining'), ('ledger', 'Ledger'), ('log', 'Log'), ('delivery', 'Delivery'), ('leakage', 'Leakage')], max_length=20),
        ),
        migrations.AlterField(
            model_name='alertdelivery',
            name='alert_kind',
            field=models.CharField(blank=True, choices=[('decay', 'Decay'), ('drift', 'Drift'), ('rule', 'Rule'), ('staleness', 'Stale data'), ('missing', 'Missing values'), ('source-failure', 'Failing source'), ('outliers', 'Outliers'), ('artifact', 'Model file'), ('challenger', 'Challenger'), ('experiment', 'Experiment'), ('retraining', 'Retraining'), ('ledger', 'Ledger'), ('log', 'Log'), ('delivery', 'Delivery'), ('leakage', 'Leakage')], help_text='Empty: a test.', max_length=20),
        ),
    ]

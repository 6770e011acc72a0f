"""What deciding between champion and challengers needs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0009_evaluation_log"), ("mlmodels", "0002_promotion_policy")]
    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("mlmodels.promotion",),
        ),
    ]

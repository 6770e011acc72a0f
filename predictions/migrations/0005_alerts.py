"""Alert rules, alerts, and how they are sent."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0004_seed_simulated_play")]
    operations = []

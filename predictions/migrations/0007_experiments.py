"""A/B experiments."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0006_monitoring")]
    operations = []

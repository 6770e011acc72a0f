"""Monitor reports and drift."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0005_alerts")]
    operations = []

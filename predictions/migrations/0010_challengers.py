"""What deciding between champion and challengers needs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0009_evaluation_log")]
    operations = []

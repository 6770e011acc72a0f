"""Backtests."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0007_experiments")]
    operations = []

"""Tuning studies."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0002_promotion_policy")]
    operations = []

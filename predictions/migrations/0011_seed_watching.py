"""The schedules of watching. Created once: what staff edit afterwards stays as edited."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("predictions", "0010_challengers")]
    operations = []

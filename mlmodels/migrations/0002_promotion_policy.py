"""By which rule a challenger becomes champion."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mlmodels", "0001_initial")]
    operations = []
